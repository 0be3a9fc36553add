import { readRetryAfter } from './retry-after.ts'
import { hideSecrets } from './secrets.ts'

/** What went wrong with a call, free of anything that the provider or the SDK wrote in prose: that may quote a key or the learner. */
export type Fault =
  | {
      kind: 'status'
      status: number
      /** The provider's own name for it, such as `rate_limit_error`, or ''. */
      reason: string
      requestId: string
      /** Milliseconds that the provider asks to wait. */
      retryAfterMs: number | undefined
      /** False where the provider says that trying again is useless. */
      mayRetry: boolean
      /** Whether the body was an error object of a model API, and not a page of some other server. */
      spokeApi: boolean
    }
  /** An error inside a stream that began well. */
  | { kind: 'stream-error'; reason: string }
  /** No connection, or one that broke; `system` is the code of the operating system or of the HTTP client, such as ECONNREFUSED. */
  | { kind: 'connection'; system: string }
  /** The HTTP client gave up waiting. */
  | { kind: 'timeout' }
  /** The stream ended before the provider said that the answer was complete. */
  | { kind: 'cut' }
  /** An answer came, but not in the form of this API. */
  | { kind: 'unreadable'; detail: string }
  | { kind: 'unknown'; detail: string }

/** Thrown by the wires for what the SDKs do not report themselves. */
export class FaultError extends Error {
  readonly fault: Fault

  constructor(fault: Fault) {
    super(describeFault(fault))
    this.name = 'ProviderFault'
    this.fault = fault
  }
}

/** One line for logs. */
export function describeFault(fault: Fault): string {
  switch (fault.kind) {
    case 'status':
      return `HTTP ${fault.status} ${fault.reason} ${fault.requestId}`.trimEnd()
    case 'stream-error':
      return `error inside the stream ${fault.reason}`.trimEnd()
    case 'connection':
      return `connection ${fault.system}`.trimEnd()
    case 'timeout':
      return 'HTTP client timeout'
    case 'cut':
      return 'stream ended early'
    default:
      return `${fault.kind} ${fault.detail}`.trimEnd()
  }
}

/**
 * Sorts what either SDK threw. Both build their errors alike: `status`, `headers` and `error` (the parsed body) for an HTTP error, no
 * `status` but a body for an error event, and a chain of causes down to the socket for a broken connection.
 * @param secrets values to take out of everything that is kept
 * @param nowMs milliseconds since 1970, for a `retry-after` date
 */
export function readFault(error: unknown, secrets: readonly string[], nowMs: number): Fault {
  if (error instanceof FaultError) return error.fault
  if (!(error instanceof Error)) return { kind: 'unknown', detail: typeof error }
  const fields = error as Error & Record<string, unknown>
  const safe = (value: unknown) => token(value, secrets)
  if (typeof fields.status === 'number') {
    const header = (name: string) => (fields.headers instanceof Headers ? fields.headers.get(name) : null)
    return {
      kind: 'status',
      status: fields.status,
      reason: reasonOf(fields, safe),
      requestId: safe(fields.requestID),
      retryAfterMs: readRetryAfter(header, nowMs),
      mayRetry: header('x-should-retry') !== 'false',
      spokeApi: isRecord(fields.error),
    }
  }
  if (isRecord(fields.error)) return { kind: 'stream-error', reason: reasonOf(fields, safe) }
  const system = systemCode(error)
  if (system === 'UND_ERR_HEADERS_TIMEOUT' || system === 'UND_ERR_BODY_TIMEOUT') return { kind: 'timeout' }
  if (error.constructor.name === 'APIConnectionTimeoutError' && system === '') return { kind: 'timeout' }
  if (system !== '' || error.constructor.name === 'APIConnectionError' || error.message === 'terminated')
    return { kind: 'connection', system }
  if (error instanceof SyntaxError) return { kind: 'unreadable', detail: 'not JSON' }
  // JSON of another shape: a wire reached for a member that is not there.
  if (error instanceof TypeError) return { kind: 'unreadable', detail: 'unexpected shape' }
  return { kind: 'unknown', detail: hideSecrets(`${error.name} ${framesOf(error)}`, secrets) }
}

/** Where an unexpected error came from. Its message is left out: an HTTP client's message can quote a header. */
function framesOf(error: Error): string {
  const lines = error.stack?.split('\n').map((line) => line.trim()) ?? []
  return lines
    .filter((line) => line.startsWith('at '))
    .slice(0, 3)
    .join(' ')
}

/** The most telling name that the provider gave: a context that is too long and an empty account are only told apart by their wording. */
function reasonOf(fields: Record<string, unknown>, safe: (value: unknown) => string): string {
  const body = isRecord(fields.error) ? fields.error : {}
  const inner = isRecord(body.error) ? body.error : body
  const message = String(inner.message ?? '')
  if (/prompt is too long|context length|context window|context size|maximum context|too many tokens/i.test(message))
    return 'context_length_exceeded'
  if (/credit balance/i.test(message)) return 'insufficient_quota'
  return safe(fields.errorCode) || safe(inner.code) || safe(inner.type) || safe(fields.type)
}

function systemCode(error: unknown): string {
  for (let current: unknown = error, depth = 0; current instanceof Error && depth < 8; depth += 1) {
    const { code } = current as { code?: unknown }
    if (typeof code === 'string' && /^[A-Z0-9_]{3,48}$/.test(code)) return code
    current = current.cause
  }
  return ''
}

/** Only a machine-readable word passes; anything longer or with blanks may be prose. */
function token(value: unknown, secrets: readonly string[]): string {
  return typeof value === 'string' && /^[A-Za-z0-9_.:-]{1,64}$/.test(value) && hideSecrets(value, secrets) === value
    ? value
    : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
