import type { ErrorCode, LvaError } from '../src-core/kernel/index.ts'

/** What our programs end with; `lva --help` shows this table. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  vaultBusy: 4,
  provider: 5,
  /** The window has shown what went wrong; `npm start` then does not open a browser instead. */
  shown: 10,
  /** 128 + SIGINT, as shells expect. */
  interrupted: 130,
} as const

const BY_CODE: Partial<Record<ErrorCode, number>> = {
  'bad-input': EXIT.usage,
  'config-invalid': EXIT.usage,
  'text-empty': EXIT.usage,
  'text-too-long': EXIT.usage,
  'not-found': EXIT.notFound,
  'model-not-there': EXIT.notFound,
  'nothing-to-sum-up': EXIT.notFound,
  'legacy-not-found': EXIT.notFound,
  'legacy-not-v1': EXIT.usage,
  'vault-locked': EXIT.vaultBusy,
  'budget-reached': EXIT.provider,
  'turn-budget-reached': EXIT.provider,
  'network-down': EXIT.provider,
  cancelled: EXIT.interrupted,
}

export function exitCodeOf({ code }: LvaError): number {
  return BY_CODE[code] ?? (code.startsWith('provider-') ? EXIT.provider : EXIT.failed)
}
