import { LvaError } from '../../kernel/index.ts'

/** @throws LvaError cancelled when the signal has been aborted */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LvaError('cancelled', 'Stopped.', { cause: signal.reason })
}
