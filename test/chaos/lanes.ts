import { type ChildProcess, fork } from 'node:child_process'

export interface Stories {
  seeds: number
  from: number
  /** Processes, each with a world of its own. */
  lanes: number
  /** What each of them runs (`lane.ts`). */
  entry: URL
  print(line: string): void
}

/**
 * Tells stories in several processes. One that dies in the middle of a story, of whatever, fails that story and is replaced; where it dies
 * before it could tell one, the stories that nobody is left to tell have failed.
 * @returns how many passed and failed: all together
 */
export async function tellStories({ seeds, from, lanes, entry, print }: Stories): Promise<Told> {
  const told: Told = { passed: 0, failed: 0 }
  const end = from + seeds
  let next = from

  function failed(seed: number, how: string): void {
    told.failed += 1
    print(`seed ${seed}: ${how}`)
    print(`replay: npm run chaos -- --seeds 1 --from ${seed}`)
  }

  /** @returns whether another lane may go on where this one ended */
  async function lane(): Promise<boolean> {
    const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const start = await answerOf(child)
    if ('ended' in start) {
      print(`a lane ended ${start.ended} before its first story`)
      return false
    }
    while (next < end) {
      const seed = next
      next += 1
      const answer = await answerOf(child, seed)
      if ('ended' in answer) {
        failed(seed, `its lane ended ${answer.ended}`)
        return true
      }
      if (answer.said === null) told.passed += 1
      else failed(seed, String(answer.said))
    }
    child.disconnect()
    return false
  }

  await Promise.all(
    Array.from({ length: Math.min(lanes, seeds) }, async () => {
      while (next < end && (await lane())) {}
    }),
  )
  if (next < end) {
    told.failed += end - next
    print(`seeds ${next} to ${end - 1} were not told`)
  }
  return told
}

export interface Told {
  passed: number
  failed: number
}

/** Sends what is asked, if anything. @returns what the process says next, or how it ended */
function answerOf(child: ChildProcess, seed?: number): Promise<{ said: unknown } | { ended: string }> {
  return new Promise((resolve) => {
    const over = () => {
      stop()
      resolve({ ended: child.signalCode ? `by ${child.signalCode}` : `with code ${child.exitCode}` })
    }
    const hear = (said: unknown) => {
      stop()
      resolve({ said })
    }
    const stop = () => {
      child.off('message', hear)
      child.off('exit', over)
    }
    if (child.exitCode !== null || child.signalCode !== null) return over()
    child.once('message', hear)
    child.once('exit', over)
    // What cannot be sent any more shows in its end.
    if (seed !== undefined) child.send(seed, () => undefined)
  })
}
