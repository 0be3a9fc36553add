import { LvaError } from '../../kernel/index.ts'

export const notStarted = (server: string, cause?: unknown) =>
  new LvaError('mcp-not-started', `The server "${server}" does not answer as an MCP server.`, {
    advice: 'Check its command or address in Settings, and test it there.',
    params: { server },
    ...(cause === undefined ? {} : { cause }),
  })

export const ended = (server: string) =>
  new LvaError('mcp-server-ended', `The server "${server}" ended while it was being asked.`, {
    advice: 'It is started again at the next question; test it in Settings if this happens again.',
    params: { server },
  })

/** @param seconds until it may be started again */
export const resting = (server: string, seconds: number) =>
  new LvaError('mcp-server-resting', `The server "${server}" failed and is not started again for ${seconds} s.`, {
    advice: 'Wait, or test it in Settings, which starts it at once.',
    params: { server, seconds },
  })

export const tooLarge = (server: string, kb: number) =>
  new LvaError('mcp-answer-too-large', `The server "${server}" answered with more than ${kb} KB.`, {
    advice: 'Ask for less at once.',
    params: { server, kb },
  })

export const notText = (server: string) =>
  new LvaError('mcp-answer-not-text', `The server "${server}" answered with pictures, sound or files, and no text.`, {
    advice: 'Only text of such servers is used; ask for it in words.',
    params: { server },
  })

export const keyRefused = (server: string) =>
  new LvaError('mcp-key-refused', `The server "${server}" refused the key that it was given.`, {
    advice: 'Check the headers of the server in Settings.',
    params: { server },
  })

export const tooSlow = (server: string) =>
  new LvaError('timeout', `The server "${server}" did not answer in time.`, {
    advice: 'Try again later, or test it in Settings.',
    params: { server },
  })

export const toolChanged = (server: string) =>
  new LvaError('mcp-tool-changed', `The server "${server}" describes this tool otherwise than it was accepted.`, {
    advice: 'Look at the tools of the server in Settings and accept them anew.',
    params: { server },
  })

export const badServer = (message: string, fields: string, advice = '') =>
  new LvaError('bad-input', message, { advice, params: { fields } })
