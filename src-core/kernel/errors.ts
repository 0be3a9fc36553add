/**
 * Every error that a learner may meet. The English sentence and the advice are for logs and the command line; screens translate by
 * `code` and `params` (src-renderer/i18n).
 */
export const ERROR_CODES = [
  'bad-input',
  'not-found',
  'cancelled',
  'timeout',
  'internal',
  'config-invalid',
  'vault-locked',
  'vault-newer',
  'vault-damaged',
  'migration-failed',
  'folder-not-writable',
  'disk-full',
  'text-empty',
  'text-too-long',
  'audio-empty',
  'audio-not-audio',
  'audio-too-long',
  'audio-silent',
  'speech-not-understood',
  'document-too-large',
  'document-too-many-pages',
  'document-not-supported',
  'document-damaged',
  'document-locked',
  'document-password-wrong',
  'document-empty',
  'document-no-speech',
  'sound-decoder-missing',
  'document-no-text',
  'document-too-complex',
  'document-took-too-long',
  'document-unsafe',
  'document-reader-down',
  'picture-empty',
  'picture-not-supported',
  'picture-damaged',
  'picture-too-large',
  'picture-too-many-pixels',
  'too-many-pictures',
  'timeline-busy',
  'link-invalid',
  'address-refused',
  'address-unreachable',
  'answer-too-large',
  'answer-not-text',
  'source-key-missing',
  'source-key-refused',
  'source-rate-limited',
  'source-unavailable',
  'source-refused',
  'source-not-understood',
  'source-address-invalid',
  'folder-unreadable',
  'file-unreadable',
  'file-changing',
  'model-process-down',
  'model-files-damaged',
  'model-download-failed',
  'model-download-damaged',
  'model-no-room',
  'model-not-there',
  'provider-key-missing',
  'provider-key-refused',
  'provider-rate-limited',
  'provider-unavailable',
  'provider-refused',
  'provider-stream-cut',
  'provider-circuit-open',
  'provider-model-unknown',
  'provider-not-understood',
  'budget-reached',
  'turn-budget-reached',
  'nothing-to-sum-up',
  'network-down',
  'mcp-not-started',
  'mcp-server-ended',
  'mcp-server-resting',
  'mcp-answer-too-large',
  'mcp-answer-not-text',
  'mcp-key-refused',
  'mcp-tool-changed',
  'secrets-unreadable',
  'database-unreachable',
  'statement-timeout',
  'import-not-understood',
  'archive-damaged',
  'archive-unsafe',
  'unauthorized',
  'disconnected',
  'port-taken',
  'core-failed',
  'device-revoked',
  'over-quota',
  'too-many-tries',
  'sign-in-refused',
  'signed-out',
  'relay-address-invalid',
  'relay-unreachable',
  'relay-not-understood',
  'relay-unavailable',
  'vault-exists',
  'vault-not-there',
  'vault-phrase-wrong',
  'pairing-unknown',
  'pairing-over',
  'pairing-refused',
  'pairing-mismatch',
  'sync-key-missing',
  'sync-not-opened',
  'attachment-missing',
  'attachment-elsewhere',
  'attachment-kept',
  'sync-relay-behind',
  'sync-too-long',
  'phrase-invalid',
  'phrase-wrong',
  'phrase-not-confirmed',
  'backup-key-unknown',
  'backup-unreadable',
  'backup-damaged',
  'backup-incomplete',
  'backup-newer',
  'backup-running',
  'backup-place-failed',
  'backup-place-gone',
  'backup-clock-wrong',
  'folder-not-empty',
  'legacy-not-found',
  'legacy-not-v1',
  'legacy-damaged',
  'legacy-changed',
  'legacy-archive-refused',
  'legacy-redis-unreadable',
  'legacy-busy',
] as const

export type ErrorCode = (typeof ERROR_CODES)[number]

export type ErrorParams = Record<string, string | number | boolean>

/** An error with a code that a screen can translate, a sentence, and what to do next. */
export class LvaError extends Error {
  readonly code: ErrorCode
  /** What the learner can do about it, one sentence. */
  readonly advice: string
  /** Values that the translated sentence needs. Never a secret and never text that the learner said. */
  readonly params: ErrorParams

  constructor(
    code: ErrorCode,
    message: string,
    options: { advice?: string; params?: ErrorParams; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'LvaError'
    this.code = code
    this.advice = options.advice ?? ''
    this.params = options.params ?? {}
  }
}

/** True for an `LvaError`, and for that code when one is given. */
export function isLvaError(error: unknown, code?: ErrorCode): error is LvaError {
  return error instanceof LvaError && (code === undefined || error.code === code)
}

/** Wraps anything thrown: an `LvaError` stays, an abort becomes `cancelled`, the rest becomes `internal`. */
export function toLvaError(error: unknown): LvaError {
  if (error instanceof LvaError) return error
  if (error instanceof Error && error.name === 'AbortError')
    return new LvaError('cancelled', 'Stopped.', { cause: error })
  return new LvaError('internal', 'Something went wrong inside the program.', {
    advice: 'Try again; if it keeps happening, run "lva doctor" and report what it prints.',
    cause: error,
  })
}

/** The shape in which an error crosses a process or a socket. */
export interface WireError {
  code: ErrorCode
  message: string
  advice: string
  params: ErrorParams
}

export function errorToWire(error: unknown): WireError {
  const { code, message, advice, params } = toLvaError(error)
  return { code, message, advice, params }
}

export function errorFromWire(wire: WireError): LvaError {
  return new LvaError(wire.code, wire.message, { advice: wire.advice, params: wire.params })
}
