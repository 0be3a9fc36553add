import { expect, test } from 'vitest'
import { barOf, hasReckoned, isStoodInFor, lastsMs, missingBecause, totalCost } from './runs.ts'

const OLD = { agent: 'conversation', ms: 900 }

test('a turn lasts from its beginning to the end of its last agent', () => {
  expect(
    lastsMs([
      { ...OLD, startedMs: 10 },
      { agent: 'analysis', startedMs: 20, ms: 1_000 },
    ]),
  ).toBe(1_020)
  expect(lastsMs([OLD])).toBe(900)
})

test('a bar stands where its agent ran, and can be seen also when it was quick', () => {
  expect(barOf({ agent: 'analysis', startedMs: 250, ms: 500 }, 1_000)).toEqual({ x: 25, width: 50 })
  expect(barOf({ agent: 'analysis', startedMs: 1_000, ms: 0 }, 1_000)).toEqual({ x: 98.5, width: 1.5 })
  expect(barOf(OLD, 900)).toEqual({ x: 0, width: 100 })
  expect(barOf({ agent: 'analysis', ms: 0 }, 0)).toEqual({ x: 0, width: 1.5 })
})

test('the cost of a turn is known only where that of each agent is', () => {
  expect(
    totalCost([
      { ...OLD, costUsd: 0.25 },
      { ...OLD, costUsd: 0.5 },
    ]),
  ).toBe(0.75)
  expect(
    totalCost([
      { ...OLD, costUsd: 0.25 },
      { ...OLD, costUsd: null },
    ]),
  ).toBeNull()
  expect(totalCost([OLD])).toBeNull()
  expect(totalCost([])).toBeNull()
})

test('late, failed and refused agents are missing; older answers and stopped ones are not', () => {
  const outcomes = ['late', 'failed', 'refused', 'done', 'stopped', undefined] as const
  expect(outcomes.map((outcome) => missingBecause({ ...OLD, ...(outcome && { outcome }) }))).toEqual([
    'late',
    'failed',
    'refused',
    null,
    null,
    null,
  ])
})

test('a late model that was stood in for is missing, and its agent is not', () => {
  const late = { ...OLD, outcome: 'late' as const }
  const done = { ...OLD, outcome: 'done' as const }
  expect(isStoodInFor(late, [late, done])).toBe(true)
  expect(isStoodInFor(late, [late, { ...done, agent: 'research' }])).toBe(false)
  expect(isStoodInFor(done, [done, done])).toBe(false)
})

test('an answer was reckoned where a figure or a day came of it, and not where that failed', () => {
  const used = (name: string, outcome: 'done' | 'failed') => ({
    agentsUsed: [OLD, { ...OLD, toolUses: [{ name, outcome, about: '' }] }],
  })
  expect(hasReckoned(used('calculate', 'done'))).toBe(true)
  expect(hasReckoned(used('calculate', 'failed'))).toBe(false)
  expect(hasReckoned(used('memory_search', 'done'))).toBe(false)
  expect(hasReckoned({ agentsUsed: [OLD] })).toBe(false)
})
