import type { Clock } from './clock.ts'
import { LvaError } from './errors.ts'

/** Reason of signals that nobody hears any more: one that the engine makes costs a stack trace each time. */
export const OVER = new DOMException('It is over.', 'AbortError')

/**
 * What `work` gives, if it gives it within `ms` milliseconds and before `signal` is aborted. Work that heeds neither is left alone: nobody
 * waits for it.
 * @param work gets a signal that is aborted when its time is over, and when `signal` is
 * @throws `late` when the time is over; the signal's reason; what `work` throws
 */
export async function withinTime<T>(
  clock: Clock,
  ms: number,
  signal: AbortSignal,
  work: (stop: AbortSignal) => Promise<T>,
  late: LvaError = new LvaError('timeout', 'It did not answer in time.', { advice: 'Ask again later.' }),
): Promise<T> {
  const over = new AbortController()
  const tooLate = new AbortController()
  const waiting = clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(() => {
    tooLate.abort(late)
    throw late
  })
  try {
    return await Promise.race([work(AbortSignal.any([signal, tooLate.signal])), waiting])
  } finally {
    over.abort(OVER)
  }
}
