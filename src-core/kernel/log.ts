import pino from 'pino'

/** Structured logging. Fields are identifiers, counts and durations, never what a learner said and never a secret. */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
  /** A log whose every line also carries `fields`. */
  child(fields: LogFields): Log
}

export type LogFields = Record<string, unknown>
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/** Keys whose values never reach a line, wherever in the fields they stand. */
const SECRET_PATHS = ['apiKey', 'token', 'password', 'authorization', 'secret', 'key'].flatMap((key) => [
  key,
  `*.${key}`,
  `*.*.${key}`,
])

/** JSON lines on standard error (standard output belongs to commands and their `--json`). */
export function createLog(level: LogLevel, name: string): Log {
  return pino(
    { name, level, redact: { paths: SECRET_PATHS, censor: '[hidden]' }, serializers: { error: describeError } },
    pino.destination({ fd: 2, sync: true }),
  )
}

export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  child: () => silentLog,
}

/** What of an error is safe to log: its kind, code and stack frames, not its message, which may quote the learner or a provider. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { kind: typeof error }
  const frames = error.stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .slice(0, 8)
  const code = 'code' in error ? error.code : undefined
  return { kind: error.name, code, frames, cause: error.cause === undefined ? undefined : describeError(error.cause) }
}
