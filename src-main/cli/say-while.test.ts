import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { ManualClock } from '../../src-core/kernel/index.ts'
import { sayWhile } from './say-while.ts'

function waiting(afterMs?: number) {
  const clock = new ManualClock()
  const said: number[] = []
  const begun = clock.monotonic()
  const work = Promise.withResolvers<string>()
  const terminal = { remark: () => void said.push(clock.monotonic() - begun) }
  const going = sayWhile(work.promise, 'Working ...', { terminal, clock, ...(afterMs !== undefined && { afterMs }) })
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1_000)
      await setImmediate()
    }
  }
  return { clock, said, work, going, pass }
}

it('says at once and every few seconds what is going on, until it is over', async () => {
  const { clock, said, work, going, pass } = waiting()
  expect(said).toEqual([0])
  await pass(7)
  expect(said).toEqual([0, 3_000, 6_000])
  work.resolve('done')
  expect(await going).toBe('done')
  await pass(10)
  expect(said).toEqual([0, 3_000, 6_000])
  expect(clock.sleeping).toBe(0)
})

it('says nothing of what does not take long, and lets an error through', async () => {
  const quick = waiting(4_000)
  await quick.pass(3)
  quick.work.reject(new Error('broken'))
  await expect(quick.going).rejects.toThrow('broken')
  await quick.pass(10)
  expect(quick.said).toEqual([])
  const slow = waiting(4_000)
  await slow.pass(8)
  slow.work.resolve('')
  await slow.going
  expect(slow.said).toEqual([4_000, 7_000])
})
