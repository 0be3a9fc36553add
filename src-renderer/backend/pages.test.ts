import { describe, expect, test } from 'vitest'
import { type ListRule, type Pages, patchPages } from './pages.ts'

interface Row {
  id: string
  at: number
  kind?: string
}

const newestFirst: ListRule<Row> = {
  idOf: (row) => row.id,
  compare: (a, b) => b.at - a.at,
  belongs: (row) => row.kind !== 'other',
}

const list = (...pages: Row[][]): Pages<Row> => ({
  pages: pages.map((items, number) => ({ items, next: number === pages.length - 1 ? null : `after-${number}` })),
  pageParams: pages.map((_, number) => number),
})
const ids = (data: Pages<Row>) => data.pages.map((page) => page.items.map((row) => row.id).join(''))

describe('patchPages', () => {
  const start = list(
    [
      { id: 'e', at: 5 },
      { id: 'd', at: 4 },
    ],
    [
      { id: 'b', at: 2 },
      { id: 'a', at: 1 },
    ],
  )

  test('puts a new row in its place', () => {
    expect(ids(patchPages(start, new Map([['f', { id: 'f', at: 6 }]]), newestFirst))).toEqual(['fed', 'ba'])
    expect(ids(patchPages(start, new Map([['c', { id: 'c', at: 3 }]]), newestFirst))).toEqual(['ed', 'cba'])
    expect(ids(patchPages(start, new Map([['z', { id: 'z', at: 0 }]]), newestFirst))).toEqual(['ed', 'baz'])
  })

  test('replaces, moves and removes', () => {
    expect(ids(patchPages(start, new Map([['a', { id: 'a', at: 9 }]]), newestFirst))).toEqual(['aed', 'b'])
    expect(ids(patchPages(start, new Map([['d', null]]), newestFirst))).toEqual(['e', 'ba'])
    expect(ids(patchPages(start, new Map([['b', { id: 'b', at: 2, kind: 'other' }]]), newestFirst))).toEqual([
      'ed',
      'a',
    ])
  })

  test('leaves what belongs behind the loaded rows for its page', () => {
    const partly = { ...start, pages: start.pages.slice(0, 1) }
    expect(ids(patchPages(partly, new Map([['c', { id: 'c', at: 3 }]]), newestFirst))).toEqual(['ed'])
  })

  test('keeps the last rows that are loaded where they change, since no later page brings them', () => {
    const partly = { ...start, pages: start.pages.slice(0, 1) }
    const changes = new Map([
      ['e', { id: 'e', at: 5 }],
      ['d', { id: 'd', at: 4 }],
    ])
    expect(ids(patchPages(partly, changes, newestFirst))).toEqual(['ed'])
    expect(ids(patchPages(partly, new Map([['d', { id: 'd', at: 3 }]]), newestFirst))).toEqual(['e'])
  })

  test('keeps pages that did not change as they were, so that their rows need not be drawn again', () => {
    const patched = patchPages(start, new Map([['a', null]]), newestFirst)
    expect(patched.pages[0]).toBe(start.pages[0])
    expect(start.pages[1]?.items).toHaveLength(2)
  })

  test('an empty list takes its first row', () => {
    expect(ids(patchPages(list([]), new Map([['a', { id: 'a', at: 1 }]]), newestFirst))).toEqual(['a'])
  })
})
