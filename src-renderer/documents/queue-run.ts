import type { Upload } from './uploads.ts'

/** A run of the queue: since nothing was left to do until nothing is. */
export interface QueueRun {
  /** How many waited in the core when it was last looked at. */
  readonly inCore: number
  readonly done: number
}

export const NO_RUN: QueueRun = { inCore: 0, done: 0 }

/**
 * The run a look later. Each one less in the core is done; one that is no upload any more is not: it has only arrived.
 * @param left how many are left to do, those that are on their way to the core included
 */
export function runLater(run: QueueRun, inCore: number, left: number): QueueRun {
  return { inCore, done: left === 0 ? 0 : run.done + Math.max(0, run.inCore - inCore) }
}

/**
 * How many files are left. Those on their way count while nothing waits in the core: once something does, the core may have them already,
 * for the moment until its answer is here, and nothing shall count twice.
 */
export function leftToDo(inCore: number, onTheirWay: { waiting: number; sending: number }): number {
  return inCore + onTheirWay.waiting + (inCore === 0 ? onTheirWay.sending : 0)
}

/**
 * The uploads that the core's list does not show yet. What is being handed over may be in it before the answer is here, under the name of its
 * file and with its size, and would stand there twice.
 */
export function notListedYet<U extends Pick<Upload, 'name' | 'bytes' | 'phase'>>(
  uploads: readonly U[],
  documents: readonly { title: string; size: number }[],
): U[] {
  const listed = new Map<string, number>()
  const count = (file: string, more: number) => listed.set(file, (listed.get(file) ?? 0) + more)
  for (const { title, size } of documents) count(`${size} ${title}`, 1)
  return uploads.filter(({ name, bytes, phase }) => {
    const file = `${bytes} ${name}`
    if (phase !== 'sending' || (listed.get(file) ?? 0) === 0) return true
    count(file, -1)
    return false
  })
}

/** The part that is done, from 0 to 1. */
export function shareOfRun({ done }: QueueRun, left: number): number {
  return done > 0 ? done / (done + left) : 0
}
