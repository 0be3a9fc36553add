import { expect, it } from 'vitest'
import { leftToDo, NO_RUN, notListedYet, type QueueRun, runLater, shareOfRun } from './queue-run.ts'

/** The share that is shown after each look at how many wait in the core, and how many are on their way to it. */
function shares(looks: readonly [inCore: number, sent: number][]): number[] {
  let run: QueueRun = NO_RUN
  return looks.map(([inCore, sent]) => {
    run = runLater(run, inCore, inCore + sent)
    return shareOfRun(run, inCore + sent)
  })
}

it('grows with what is read', () => {
  expect(
    shares([
      [4, 0],
      [3, 0],
      [2, 0],
      [1, 0],
    ]),
  ).toEqual([0, 0.25, 0.5, 0.75])
})

it('does not take files that have arrived for files that are read', () => {
  expect(
    shares([
      [0, 16],
      [16, 16],
      [16, 0],
      [15, 0],
    ]),
  ).toEqual([0, 0, 0, 1 / 16])
})

it('counts no file twice while it arrives', () => {
  expect(leftToDo(0, { waiting: 20, sending: 60 })).toBe(80)
  expect(leftToDo(60, { waiting: 20, sending: 60 })).toBe(80)
  expect(leftToDo(60, { waiting: 20, sending: 0 })).toBe(80)
})

it('begins anew after nothing was left', () => {
  expect(
    shares([
      [2, 0],
      [1, 0],
      [0, 0],
      [5, 0],
    ]),
  ).toEqual([0, 0.5, 0, 0])
})

it('lists no file twice while it arrives', () => {
  const upload = (name: string, phase: 'waiting' | 'sending' | 'failed') => ({ name, bytes: 22, phase })
  const uploads = [upload('a.pdf', 'sending'), upload('a.pdf', 'sending'), upload('b.pdf', 'sending')]
  expect(notListedYet(uploads, [])).toEqual(uploads)
  expect(notListedYet(uploads, [{ title: 'a.pdf', size: 22 }])).toEqual(uploads.slice(1))
  expect(notListedYet(uploads, [{ title: 'b.pdf', size: 23 }])).toEqual(uploads)
  // These the core cannot have yet.
  const others = [upload('a.pdf', 'waiting'), upload('a.pdf', 'failed')]
  expect(notListedYet(others, [{ title: 'a.pdf', size: 22 }])).toEqual(others)
})
