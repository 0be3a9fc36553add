import { expect, it } from 'vitest'
import { Slots } from './mutex.ts'

it('runs so many at once, the others in their order, also after one that failed', async () => {
  const slots = new Slots(2)
  const began: number[] = []
  const ends = Array.from({ length: 4 }, () => Promise.withResolvers<void>())
  const all = ends.map(({ promise }, number) =>
    slots.run(() => {
      began.push(number)
      return promise
    }),
  )
  const outcomes = Promise.allSettled(all)
  const settled = () => new Promise(setImmediate)
  expect(began).toEqual([0, 1])
  ends[1]?.reject(new Error('no'))
  await settled()
  expect(began).toEqual([0, 1, 2])
  ends[0]?.resolve()
  await settled()
  expect(began).toEqual([0, 1, 2, 3])
  ends[2]?.resolve()
  ends[3]?.resolve()
  expect((await outcomes).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  await slots.run(async () => void began.push(4))
  expect(began.at(-1)).toBe(4)
})
