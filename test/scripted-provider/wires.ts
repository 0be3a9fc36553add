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

export type Ending = 'end' | 'length' | 'refusal'

export interface Usage {
  inputTokens: number
  outputTokens: number
}

/** One provider's spelling of requests, events and errors. Frames are complete server-sent events. */
export interface Wire {
  readonly name: 'anthropic' | 'openai-chat' | 'openai-responses'
  readPrompt(body: unknown): Prompt
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
  const last = messages.findLastIndex((message) => message.role === 'user')
  return { text: [system, ...texts].join('\n'), question: texts[last] ?? '' }
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}

export function list(value: unknown): { role?: string; content?: unknown }[] {
  return Array.isArray(value) ? value : []
}
