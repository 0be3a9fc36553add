import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../kernel/index.ts'
import { createPace, type Pace } from './pace.ts'

describe('the pace of questions to a source', () => {
  let clock: ManualClock
  let pace: Pace
  let begun: string[]
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const never = new AbortController().signal

  beforeEach(() => {
    clock = new ManualClock()
    pace = createPace(clock)
    begun = []
  })

  const ask = (what: string, name = 'arxiv', signal = never, work: () => Promise<unknown> = async () => what) =>
    pace.run(name, 3_000, signal, () => {
      begun.push(what)
      return work()
    })

  it('leaves three seconds from one to the next, and none before the first', async () => {
    const all = [ask('a'), ask('b'), ask('c')]
    await settle()
    expect(begun).toEqual(['a'])
    clock.advance(2_999)
    await settle()
    expect(begun).toEqual(['a'])
    clock.advance(1)
    await settle()
    expect(begun).toEqual(['a', 'b'])
    clock.advance(3_000)
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c'])
  })

  it('has one question open at a time, and goes on after one that failed', async () => {
    let fail = () => {}
    const first = ask('a', 'arxiv', never, () => new Promise((_, reject) => (fail = () => reject(new Error('down')))))
    const second = ask('b')
    await settle()
    clock.advance(60_000)
    await settle()
    expect(begun).toEqual(['a'])
    fail()
    await expect(first).rejects.toThrow('down')
    expect(await second).toBe('b')
  })

  it('keeps sources apart', async () => {
    await Promise.all([ask('a'), ask('b', 'wikipedia')])
    expect(begun).toEqual(['a', 'b'])
  })

  it('lets one go that no longer wants to wait, and asks nothing for it', async () => {
    const stop = new AbortController()
    await ask('a')
    const waiting = ask('b', 'arxiv', stop.signal)
    const after = ask('c')
    await settle()
    stop.abort(new Error('stopped'))
    await expect(waiting).rejects.toThrow('stopped')
    await settle()
    clock.advance(3_000)
    await after
    expect(begun).toEqual(['a', 'c'])
  })
})
