import type { Clock } from '../../src-core/kernel/index.ts'
import type { Terminal } from './terminal.ts'

/** How often is said that something still goes on, in milliseconds. */
const SAY_EVERY_MS = 3_000

/** Says what is going on until it is over, so that nobody takes a slow machine for a program that hangs. @param afterMs first said then */
export async function sayWhile<T>(
  going: Promise<T>,
  words: string,
  { terminal, clock, afterMs = 0 }: { terminal: Pick<Terminal, 'remark'>; clock: Clock; afterMs?: number },
): Promise<T> {
  const over = new AbortController()
  const wait = (ms: number) => clock.sleep(ms, over.signal).catch(() => undefined) // it is over
  const say = async () => {
    if (afterMs > 0) await wait(afterMs)
    while (!over.signal.aborted) {
      terminal.remark(words)
      await wait(SAY_EVERY_MS)
    }
  }
  void say()
  try {
    return await going
  } finally {
    over.abort()
  }
}
