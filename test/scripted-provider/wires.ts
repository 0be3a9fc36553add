import type { Prompt } from './answer.ts'

/** Why a scripted call fails, in the words of both providers. */
export type Failure =
  | 'unauthorized'
  | 'forbidden'
  | 'unknown-model'
  | 'bad-request'
  | 'too-long'
  | 'no-credit'
  | 'rate-limited'
  | 'error'
  | 'overloaded'

export type Ending = 'end' | 'length' | 'refusal' | 'tools'

/** A call of a tool, as the script wants it. `json` goes out as it is, also when it is none. */
export interface ScriptedCall {
  name: string
  json: string
  /** '' leaves it out, as some local servers do. */
  id?: string
  /** The number of the call in chat completions, where it is not its place. */
  index?: number
}

/** What a request says of tools. */
export interface ToolsInPrompt {
  /** Names of those that it offers. */
  offered: string[]
  /** Results since the learner last spoke, as text. */
  results: string[]
  /** Whether the thoughts that came with the calls came back as they were. */
  carried: boolean
}

export interface Usage {
  inputTokens: number
  outputTokens: number
}

/** One provider's spelling of requests, events and errors. Frames are complete server-sent events. */
export interface Wire {
  readonly name: 'anthropic' | 'openai-chat' | 'openai-responses'
  readPrompt(body: unknown): Prompt
  readTools(body: unknown): ToolsInPrompt
  /** Types and lengths in bytes of the pictures of the last message that has any. */
  readPictures(body: unknown): { mediaType: string; bytes: number }[]
  /** The frames of calls, with a thought before them. They come after the text. */
  calls(calls: readonly ScriptedCall[]): string[]
  /** What comes before the first text. */
  opening(model: string, usage: Usage): string[]
  text(piece: string): string
  closing(model: string, ending: Ending, usage: Usage, options: { withUsage: boolean }): string[]
  /** An error that is sent inside a stream that began well. */
  streamError(failure: Failure): string
  errorBody(failure: Failure, message: string): { status: number; body: unknown }
}

export const STATUS: Record<Failure, number> = {
  unauthorized: 401,
  forbidden: 403,
  'unknown-model': 404,
  'bad-request': 400,
  'too-long': 400,
  'no-credit': 400,
  'rate-limited': 429,
  error: 500,
  overloaded: 529,
}

export function sse(data: unknown, event?: string): string {
  return `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
}

/** Text of a message's content, whether it is a string or a list of parts. */
export function contentText(content: unknown): string {
  if (typeof content === 'string') return content
  if (!Array.isArray(content)) return ''
  return content.map((part: { text?: unknown }) => (typeof part?.text === 'string' ? part.text : '')).join('')
}

export function promptOf(system: string, messages: { role?: string; content?: unknown }[]): Prompt {
  const texts = messages.map((message) => contentText(message.content))
  const last = messages.findLastIndex((message, at) => message.role === 'user' && texts[at] !== '')
  return { text: [system, ...texts].join('\n'), question: texts[last] ?? '' }
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

export function list(value: unknown): { role?: string; content?: unknown }[] {
  return Array.isArray(value) ? value : []
}

/** The scripted models' thought, signed or sealed. It must come back unchanged with the results. */
export const THOUGHT = { text: 'Which tool fits?', seal: 'c2NyaXB0ZWQgdGhvdWdodA==' }

export function names(tools: unknown, nameOf: (tool: Record<string, unknown>) => unknown): string[] {
  return Array.isArray(tools) ? tools.map((tool) => String(nameOf(record(tool)))) : []
}

/** Type and length of a `data:` address. */
export function pictureOf(address: unknown): { mediaType: string; bytes: number }[] {
  const [, mediaType, data] = /^data:([^;]+);base64,(.*)$/s.exec(String(address)) ?? []
  return mediaType && data !== undefined ? [{ mediaType, bytes: Buffer.from(data, 'base64').length }] : []
}

export function parts(content: unknown): Record<string, unknown>[] {
  return Array.isArray(content) ? content.map(record) : []
}

/** A call's arguments in two pieces, so that a reader must put them together. */
export function halves(json: string): string[] {
  const middle = Math.ceil(json.length / 2)
  return [json.slice(0, middle), json.slice(middle)].filter((half) => half !== '')
}
