import { describe, expect, it } from 'vitest'
import { ManualClock, systemClock } from './clock.ts'

describe('ManualClock', () => {
  it('wakes sleepers in the order of their due time and no sooner', async () => {
    const clock = new ManualClock()
    const woken: string[] = []
    const late = clock.sleep(20).then(() => woken.push('late'))
    const soon = clock.sleep(10).then(() => woken.push('soon'))
    clock.advance(9)
    await Promise.resolve()
    expect(woken).toEqual([])
    clock.advance(11)
    await Promise.all([late, soon])
    expect(woken).toEqual(['soon', 'late'])
  })

  it('rejects a sleeper whose signal is aborted', async () => {
    const clock = new ManualClock()
    const stop = new AbortController()
    const sleep = clock.sleep(10, stop.signal)
    stop.abort(new Error('enough'))
    await expect(sleep).rejects.toThrow('enough')
    expect(clock.sleeping).toBe(0)
  })
})

describe('systemClock', () => {
  it('rejects at once when the signal is already aborted', async () => {
    await expect(systemClock.sleep(60_000, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone')
  })

  it('stops a sleep that is under way', async () => {
    const stop = new AbortController()
    const sleep = systemClock.sleep(60_000, stop.signal)
    stop.abort(new Error('gone'))
    await expect(sleep).rejects.toThrow('gone')
  })
})
