import { setImmediate } from 'node:timers/promises'

/** Long work in steps of a few milliseconds, between which others may run. */
export type Steps<T> = Generator<void, T, void>

/** Does all of it without looking up. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/**
 * Lets others run after each step.
 * @param givesWay asked before each step
 * @returns undefined when it gave way: the work is left as it was
 */
export async function stepByStep<T>(steps: Steps<T>, givesWay: () => boolean): Promise<T | undefined> {
  while (!givesWay()) {
    const step = steps.next()
    if (step.done) return step.value
    await setImmediate()
  }
  return undefined
}

/** Goes through all items, with a step after each `size` of them. */
export function* eachOf<T>(items: Iterable<T>, size: number, visit: (item: T) => void): Steps<void> {
  let count = 0
  for (const item of items) {
    visit(item)
    count += 1
    if (count % size === 0) yield
  }
}
