import { beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '../../kernel/index.ts'
import { type Deadline, startDeadline } from './deadline.ts'

describe('the deadline of an agent', () => {
  let clock: ManualClock
  let late: number
  let deadline: Deadline
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  const pass = async (ms: number) => {
    clock.advance(ms)
    await settle()
  }

  beforeEach(() => {
    clock = new ManualClock()
    late = 0
    deadline = startDeadline(clock, 1_000, () => {
      late += 1
    })
  })

  it('passes once', async () => {
    await pass(999)
    expect(late).toBe(0)
    await pass(1)
    await pass(5_000)
    expect(late).toBe(1)
  })

  it('stands still while the learner is waited for, and goes on with what was left', async () => {
    await pass(600)
    const first = deadline.hold()
    const second = deadline.hold()
    await pass(60_000)
    first()
    first()
    await pass(60_000)
    expect(late).toBe(0)
    second()
    await pass(399)
    expect(late).toBe(0)
    await pass(1)
    expect(late).toBe(1)
  })

  it('never comes once it was lifted, whoever lets go after', async () => {
    const letGo = deadline.hold()
    deadline.lift()
    letGo()
    await pass(60_000)
    expect(late).toBe(0)
    expect(clock.sleeping).toBe(0)
  })
})
