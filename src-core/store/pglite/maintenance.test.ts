import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock, silentLog } from '../../kernel/index.ts'
import { Maintenance } from './maintenance.ts'

const MINUTE = 60_000

describe('maintenance', () => {
  let clock: ManualClock
  let done: string[]
  let failure: Error | undefined
  let maintenance: Maintenance

  beforeEach(() => {
    clock = new ManualClock()
    done = []
    failure = undefined
    const step = (name: string) => async () => {
      if (failure) throw failure
      done.push(name)
    }
    maintenance = new Maintenance({
      clock,
      log: silentLog,
      checkpoint: step('checkpoint'),
      vacuum: step('vacuum'),
      measure: step('measure'),
    })
  })

  /** Lets time pass and everything that was waiting for it run. */
  const pass = async (ms: number) => {
    clock.advance(ms)
    await new Promise((resolve) => setImmediate(resolve))
  }
  const write = (times = 1, bytes = 100) => {
    for (let n = 0; n < times; n += 1) maintenance.used('INSERT 0 1', bytes)
  }

  it('writes one checkpoint a minute after the first write, and none when nothing is written', async () => {
    maintenance.used('SELECT 1', 100)
    expect(clock.sleeping).toBe(0)
    write(10)
    await pass(MINUTE - 1)
    expect(done).toEqual([])
    await pass(1)
    await pass(10 * MINUTE)
    expect(done).toEqual(['checkpoint'])
    write()
    await pass(MINUTE)
    expect(done).toEqual(['checkpoint', 'checkpoint'])
  })

  it('cleans tables after many writes, in a pause', async () => {
    write(2_000)
    await pass(MINUTE - 10_000)
    maintenance.used('SELECT 1', 100)
    await pass(10_000)
    expect(done).toEqual(['checkpoint', 'measure'])
    await pass(20_000)
    expect(done).toEqual(['checkpoint', 'measure', 'vacuum', 'checkpoint'])
    write()
    await pass(2 * MINUTE)
    expect(done).toEqual(['checkpoint', 'measure', 'vacuum', 'checkpoint', 'checkpoint'])
  })

  it('measures what has grown while work goes on without a pause, and never only because time passes', async () => {
    for (let second = 0; second < 180; second += 1) {
      write(20)
      await pass(1_000)
    }
    expect(done.filter((step) => step === 'measure').length).toBeGreaterThanOrEqual(3)
    expect(done).not.toContain('vacuum')
    done = []
    await pass(MINUTE)
    await pass(MINUTE)
    expect(done.filter((step) => step === 'measure').length).toBeLessThanOrEqual(1)
  })

  it('goes on while there are writes', async () => {
    write()
    await pass(MINUTE - 1)
    write()
    await pass(1)
    await pass(300)
    expect(done).toEqual(['checkpoint'])
    write()
    for (let minute = 0; minute < 3; minute += 1) await pass(MINUTE)
    expect(done).toEqual(['checkpoint', 'checkpoint'])
  })

  it('waits for a moment in which nobody asks anything, but not for ever', async () => {
    write()
    await pass(MINUTE - 100)
    maintenance.used('SELECT 1', 100)
    await pass(100)
    maintenance.used('SELECT 1', 100)
    await pass(299)
    expect(done).toEqual([])
    await pass(1)
    expect(done).toEqual(['checkpoint'])
    write()
    for (let time = 0; time < 480; time += 1) {
      maintenance.used('SELECT 1', 100)
      await pass(250)
    }
    expect(done).toEqual(['checkpoint', 'checkpoint'])
  })

  it('asks for a checkpoint at once after many bytes', () => {
    write(1, 32_000_000)
    expect(maintenance.checkpointDue).toBe(false)
    write()
    expect(maintenance.checkpointDue).toBe(true)
    maintenance.checkpointed()
    expect(maintenance.checkpointDue).toBe(false)
  })

  it('tries again with the next write when it failed', async () => {
    failure = new Error('no space')
    write()
    await pass(MINUTE)
    failure = undefined
    write()
    await pass(MINUTE)
    expect(done).toEqual(['checkpoint'])
  })

  it('ends when it is closed', async () => {
    write()
    await maintenance.close()
    await pass(MINUTE)
    expect(done).toEqual([])
  })
})
