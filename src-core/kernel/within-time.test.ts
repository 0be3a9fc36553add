import { expect, it } from 'vitest'
import { ManualClock } from './clock.ts'
import { LvaError } from './errors.ts'
import { withinTime } from './within-time.ts'

const { signal } = new AbortController()
const never = () => new Promise<never>(() => undefined)

it('gives what the work gives, and leaves no sleeper behind', async () => {
  const clock = new ManualClock()
  expect(await withinTime(clock, 100, signal, async () => 'done')).toBe('done')
  expect(clock.sleeping).toBe(0)
  await expect(withinTime(clock, 100, signal, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
})

it('ends when the time is over, whether the work heeds it or not', async () => {
  const clock = new ManualClock()
  let told: unknown
  const ended = withinTime(clock, 100, signal, (stop) => {
    stop.addEventListener('abort', () => {
      told = stop.reason
    })
    return never()
  })
  clock.advance(100)
  await expect(ended).rejects.toMatchObject({ code: 'timeout' })
  expect(told).toMatchObject({ code: 'timeout' })
  const own = new LvaError('provider-unavailable', 'Gone.')
  const other = withinTime(clock, 100, signal, never, own)
  clock.advance(100)
  await expect(other).rejects.toBe(own)
})

it('ends when whoever asked goes away', async () => {
  const stop = new AbortController()
  const ended = withinTime(new ManualClock(), 100, stop.signal, never)
  stop.abort(new Error('left'))
  await expect(ended).rejects.toThrow('left')
  await expect(withinTime(new ManualClock(), 100, stop.signal, never)).rejects.toThrow('left')
})
