import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ManualClock } from './clock.ts'
import { idMaker, seededRandom } from './ids.ts'

describe('idMaker', () => {
  it('makes version 7 UUIDs that carry the time', () => {
    const clock = new ManualClock(Date.UTC(2026, 10, 22))
    const id = idMaker(clock, seededRandom(1))()
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(Date.UTC(2026, 10, 22))
  })

  it('sorts in the order of making, whatever the clock does', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5_000, max: 5_000 }), { maxLength: 200 }),
        fc.integer(),
        (steps, seed) => {
          const clock = new ManualClock()
          const newId = idMaker(clock, seededRandom(seed))
          const ids = steps.map((step) => {
            clock.advance(step)
            return newId()
          })
          expect([...ids].sort()).toEqual(ids)
          expect(new Set(ids).size).toBe(ids.length)
        },
      ),
    )
  })

  it('stays in order past 4,096 ids of one millisecond', () => {
    const newId = idMaker(new ManualClock(), seededRandom(2))
    const ids = Array.from({ length: 10_000 }, newId)
    expect([...ids].sort()).toEqual(ids)
  })
})
