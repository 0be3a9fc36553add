import type { Clock } from '../../kernel/index.ts'

/** The time that an agent has. It stands still while the agent waits for the learner. */
export interface Deadline {
  /** Stops the time until the function that it gives is called; several may hold it at once. */
  hold(): () => void
  /** There is no deadline any more. */
  lift(): void
}

/** @param ms until `onLate` is called, once, unless the deadline was lifted */
export function startDeadline(clock: Clock, ms: number, onLate: () => void): Deadline {
  let left = ms
  let holders = 0
  let running = run()

  function run() {
    const stop = new AbortController()
    clock.sleep(left, stop.signal).then(onLate, () => undefined)
    return { stop, since: clock.monotonic() }
  }

  return {
    hold() {
      holders += 1
      if (holders === 1) {
        running.stop.abort()
        left = Math.max(0, left - (clock.monotonic() - running.since))
      }
      let isHeld = true
      return () => {
        if (!isHeld) return
        isHeld = false
        holders -= 1
        if (holders === 0) running = run()
      }
    },
    lift() {
      // A holder that lets go later starts nothing.
      holders = Number.POSITIVE_INFINITY
      running.stop.abort()
    },
  }
}
