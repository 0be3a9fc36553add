import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type KeptFile, superfluous } from './retention.ts'

const DAY = 86_400_000
const KEEP = { daily: 7, weekly: 4, monthly: 12 }
const start = Date.UTC(2025, 0, 1, 12)
const daily = (days: number): KeptFile[] =>
  Array.from({ length: days }, (_, day) => ({ name: `day ${day}`, at: start + day * DAY, good: true, needs: [] }))

describe('what is kept', () => {
  it('of 400 daily backups: seven days, four weeks, twelve months', () => {
    const files = daily(400)
    const gone = new Set(superfluous(files, KEEP))
    const kept = files.filter(({ name }) => !gone.has(name)).map(({ at }) => new Date(at).toISOString().slice(0, 10))
    expect(kept).toEqual([
      '2025-03-31',
      '2025-04-30',
      '2025-05-31',
      '2025-06-30',
      '2025-07-31',
      '2025-08-31',
      '2025-09-30',
      '2025-10-31',
      '2025-11-30',
      '2025-12-31',
      '2026-01-18',
      '2026-01-25',
      '2026-01-29',
      '2026-01-30',
      '2026-01-31',
      '2026-02-01',
      '2026-02-02',
      '2026-02-03',
      '2026-02-04',
    ])
  })

  it('is always the last good one, all that are not good, and what these need', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ day: fc.nat(800), good: fc.boolean(), needs: fc.array(fc.nat(30), { maxLength: 4 }) }), {
          maxLength: 30,
        }),
        fc.record({ daily: fc.nat(3), weekly: fc.nat(3), monthly: fc.nat(3) }),
        (days, keep) => {
          const files = days.map(({ day, good, needs }, n) => ({
            name: `${n}`,
            at: start + day * DAY + n,
            good,
            needs: needs.map(String),
          }))
          const gone = new Set(superfluous(files, keep))
          const kept = files.filter(({ name }) => !gone.has(name))
          const newest = Math.max(...files.filter(({ good }) => good).map(({ at }) => at))
          for (const file of files) if (!file.good || file.at === newest) expect(gone.has(file.name)).toBe(false)
          // Asked again of what was kept, nothing that a kept one names has gone.
          for (const { needs } of kept.filter((file) => !file.good || file.at === newest))
            for (const name of needs) expect(gone.has(name)).toBe(false)
          expect(superfluous(kept, keep).length).toBeLessThanOrEqual(kept.length)
        },
      ),
    )
  })

  it('is the same whether it is thinned out after every backup or at the end: 7 days, 4 weeks, 12 months', () => {
    const oneADay = fc.uniqueArray(fc.nat(500), { maxLength: 120 })
    fc.assert(
      fc.property(oneADay, (days) => {
        const files = [...days]
          .sort((a, b) => a - b)
          .map((day): KeptFile => ({ name: `${day}`, at: start + day * DAY, good: true, needs: [] }))
        let kept: KeptFile[] = []
        for (const file of files) {
          kept = [...kept, file]
          const gone = new Set(superfluous(kept, KEEP))
          kept = kept.filter(({ name }) => !gone.has(name))
          expect(kept.length).toBeLessThanOrEqual(KEEP.daily + KEEP.weekly + KEEP.monthly)
        }
        const gone = new Set(superfluous(files, KEEP))
        expect(kept).toEqual(files.filter(({ name }) => !gone.has(name)))
        expect(kept.slice(-KEEP.daily)).toEqual(files.slice(-KEEP.daily))
      }),
    )
  })
})
