import type { ProviderCheck } from '../../src-core/contract/index.ts'

type CoreCode = NonNullable<ProviderCheck['error']>['code']

/** Faults that only a screen can meet. */
export const SCREEN_FAULTS = [
  'microphone-denied',
  'microphone-missing',
  'microphone-busy',
  'microphone-lost',
  'microphone-unsupported',
  'voice-failed',
  'copy-failed',
  'screen-refused',
  'screen-unreadable',
  'screen-black',
  'screen-ended',
  'windows-untold',
] as const

export type ScreenFaultCode = (typeof SCREEN_FAULTS)[number]

/** What went wrong, ready to be put into words (i18n/failure-words.ts). `message` and `advice` are the core's English. */
export interface Failure {
  code: CoreCode | ScreenFaultCode
  message: string
  advice: string
  params: Record<string, string | number | boolean>
}

/** Thrown by the screens' own parts: microphone, voice, clipboard, screen. */
export class ScreenFault extends Error {
  readonly code: ScreenFaultCode
  readonly advice = ''
  readonly params = {}

  constructor(code: ScreenFaultCode, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}

/** Anything thrown, as a failure. What is neither the core's nor a screen's is `internal`. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Error && 'code' in error && 'advice' in error && 'params' in error) {
    const { code, message, advice, params } = error as Error & Failure
    return { code, message, advice, params }
  }
  const cancelled = error instanceof Error && error.name === 'AbortError'
  return { code: cancelled ? 'cancelled' : 'internal', message: '', advice: '', params: {} }
}
