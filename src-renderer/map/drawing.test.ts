import { describe, expect, test } from 'vitest'
import type { Concept, ConceptMap, ConceptRelation } from '../../src-core/contract/index.ts'
import { draw, EVERYTHING, nextTowards } from './drawing.ts'

const concept = (id: string, captures: number): Concept => ({
  id,
  name: `The ${id}`,
  type: 'term',
  hidden: false,
  definition: null,
  variants: [],
  mentions: captures,
  captures,
  links: 0,
  firstAt: '2026-01-01T00:00:00.000Z',
  lastAt: '2026-01-02T00:00:00.000Z',
})
const relation = (fromId: string, toId: string, kind: ConceptRelation['kind'], weight = 0.5): ConceptRelation => ({
  fromId,
  toId,
  kind,
  weight,
  evidence: 1,
  byLearner: false,
})
const map: ConceptMap = {
  total: 7,
  concepts: [...'abcdef'].map((id, rank) => concept(id, 9 - rank)).concat(concept('z', 1)),
  relations: [
    relation('a', 'b', 'prerequisite'),
    relation('b', 'a', 'related', 0.9),
    relation('b', 'c', 'part_of'),
    relation('a', 'c', 'similar'),
    relation('d', 'e', 'uses'),
    relation('e', 'f', 'uses'),
    relation('d', 'f', 'contradicts'),
    relation('a', 'gone', 'uses'),
  ],
}

describe('the drawing of a map', () => {
  test('has one line between two concepts, the strongest, with an arrow where the direction means something', () => {
    const { drawing } = draw(map, EVERYTHING)
    expect(drawing.order).toBe(7)
    expect(
      drawing.edges().map((edge) => [...drawing.extremities(edge), drawing.getEdgeAttribute(edge, 'type')]),
    ).toEqual([
      ['b', 'a', 'line'],
      ['b', 'c', 'arrow'],
      ['a', 'c', 'line'],
      ['d', 'e', 'arrow'],
      ['e', 'f', 'arrow'],
      ['d', 'f', 'line'],
    ])
  })

  test('names the groups of what hangs together by what is mentioned most', () => {
    const { drawing, groups } = draw(map, EVERYTHING)
    expect(groups).toEqual([
      { number: 0, leader: 'a', name: 'The a', count: 3 },
      { number: 1, leader: 'd', name: 'The d', count: 3 },
    ])
    expect(drawing.getNodeAttribute('f', 'group')).toBe(1)
    expect(drawing.getNodeAttribute('z', 'group')).toBeUndefined()
  })

  test('is the same for the same map', () => {
    const shown = () => {
      const { drawing } = draw(map, EVERYTHING)
      return [drawing.export().nodes, drawing.mapEdges((_edge, { weight }, source, target) => [source, target, weight])]
    }
    expect(shown()).toEqual(shown())
  })

  test('leaves out kinds and what is mentioned little', () => {
    const { drawing } = draw(map, { without: ['uses', 'contradicts'], least: 5 })
    expect(drawing.nodes()).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(drawing.size).toBe(3)
  })

  test('draws what is mentioned more larger', () => {
    const { drawing } = draw(map, EVERYTHING)
    const sizes = drawing.nodes().map((id) => drawing.getNodeAttribute(id, 'size'))
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a))
  })
})

describe('the next concept in a direction', () => {
  const places = new Map([
    ['near', { x: 100, y: 10 }],
    ['far', { x: 300, y: 0 }],
    ['aside', { x: 40, y: 200 }],
    ['behind', { x: -50, y: 0 }],
  ])
  test.each([
    [{ x: 1, y: 0 }, 'near'],
    [{ x: -1, y: 0 }, 'behind'],
    [{ x: 0, y: 1 }, 'aside'],
    [{ x: 0, y: -1 }, undefined],
  ])('towards %j is %s', (direction, expected) => {
    expect(nextTowards({ x: 0, y: 0 }, direction, places)).toBe(expected)
  })
})
