import { expect, test } from 'vitest'
import { type MapRelation, thinned } from './overview.ts'

const relation = (fromId: string, toId: string, weight: number, byLearner = false): MapRelation => ({
  fromId,
  toId,
  kind: 'related',
  weight,
  evidence: 1,
  byLearner,
})

test('a map keeps what is among the strongest of either end, and what the learner said', () => {
  const strong = [relation('a', 'b', 0.9), relation('a', 'c', 0.8), relation('b', 'c', 0.7)]
  const lonely = relation('a', 'd', 0.2)
  const weak = relation('a', 'b', 0.1)
  const said = relation('a', 'b', 0.05, true)
  expect(thinned([...strong, lonely, weak, said], 2)).toEqual([...strong, lonely, said])
})
