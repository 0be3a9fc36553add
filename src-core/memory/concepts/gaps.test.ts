import { describe, expect, it } from 'vitest'
import type { Concept } from './concept-graph.ts'
import { gapsAmong } from './gaps.ts'

const concept = (id: string, captures: number, links: number): Concept => ({
  id,
  name: id,
  type: 'term',
  hidden: false,
  definition: null,
  variants: [],
  mentions: captures,
  captures,
  links,
  firstAt: '2026-01-01T00:00:00.000Z',
  lastAt: '2026-01-01T00:00:00.000Z',
})
const shown = (concepts: Concept[], success: [string, number][] = [], limit = 10) =>
  gapsAmong(concepts, new Map(success), limit).map(({ id, reasons }) => `${id}: ${reasons.join()}`)

describe('gaps', () => {
  const concepts = [concept('alone', 4, 0), concept('bound', 20, 9), concept('loose', 9, 2)]

  it('are what is often mentioned and hardly connected, while nothing was reviewed', () => {
    expect(shown(concepts)).toEqual(['alone: few-links', 'loose: few-links'])
    expect(gapsAmong(concepts, new Map(), 1)[0]).toMatchObject({ id: 'alone', success: null })
  })

  it('are also what is well connected and not remembered', () => {
    expect(shown(concepts, [['bound', 0.2]])).toEqual(['bound: low-success', 'alone: few-links', 'loose: few-links'])
    expect(shown(concepts, [['bound', 0.9]])).toEqual(['alone: few-links', 'loose: few-links'])
    expect(shown(concepts, [['loose', 0]], 1)).toEqual(['loose: few-links,low-success'])
  })
})
