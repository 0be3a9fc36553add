import { type Clock, type Log, toLvaError } from '../kernel/index.ts'
import { DAY_MS, lastGood } from './standing.ts'
import { type BackupState, NO_PLACE_STATE } from './state.ts'

const HOUR_MS = 3_600_000
/** The program first gets to its feet. */
const FIRST_LOOK_MS = 2 * 60_000
const LOOK_AGAIN_MS = 10 * 60_000

/** Whether a place wants a backup: a day after its last good one; after a failure, an hour after the try. */
export function isDue(label: string, state: BackupState, now: number): boolean {
  const place = state.places[label] ?? NO_PLACE_STATE
  const last = lastGood(place, now)
  if (last && now - last.at < DAY_MS) return false
  return place.lastTryAt === null || now - place.lastTryAt >= HOUR_MS || now < place.lastTryAt
}

export interface ScheduledWork {
  clock: Clock
  log: Log
  /** Labels of the places that are due, none while something else is at work. */
  due(): Promise<string[]>
  backUp(labels: readonly string[], signal: AbortSignal): Promise<unknown>
}

/** Looks every ten minutes, so that a machine that slept catches up as soon as it wakes. Ends when `signal` is aborted. */
export async function followSchedule({ clock, log, due, backUp }: ScheduledWork, signal: AbortSignal): Promise<void> {
  await clock.sleep(FIRST_LOOK_MS, signal)
  for (;;) {
    try {
      const labels = await due()
      if (labels.length > 0) await backUp(labels, signal)
    } catch (error) {
      if (signal.aborted) return
      log.warn({ error, code: toLvaError(error).code }, 'the automatic backup failed')
    }
    await clock.sleep(LOOK_AGAIN_MS, signal)
  }
}
