import type { Clock } from '../../kernel/index.ts'

/** Keeps requests to one source apart: one at a time, the next not before its pause is over. */
export interface Pace {
  /** Runs `work` when it is its turn. @throws the reason of `signal` when it is aborted while it waits */
  run<T>(name: string, pauseMs: number, signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

export function createPace(clock: Clock): Pace {
  const lines = new Map<string, { last: Promise<unknown>; startedAt: number | undefined }>()
  return {
    run(name, pauseMs, signal, work) {
      const line = lines.get(name) ?? { last: Promise.resolve(), startedAt: undefined }
      lines.set(name, line)
      const turn = line.last.then(async () => {
        signal.throwIfAborted()
        const wait = line.startedAt === undefined ? 0 : line.startedAt + pauseMs - clock.monotonic()
        if (wait > 0) await clock.sleep(wait, signal)
        line.startedAt = clock.monotonic()
        return work()
      })
      // Whoever comes next waits for the end, not for the success.
      line.last = turn.catch(() => undefined)
      return turn
    },
  }
}
