import { expect, test } from 'vitest'
import { isFiltered, searchRequest } from './request.ts'

const now = new Date(2026, 10, 18, 15, 30)
const day = (date: number, month = 10) => new Date(2026, month, date).toISOString()

test('words alone have no filter', () => {
  expect(searchRequest({ q: 'attention' }, now)).toEqual({ query: 'attention', limit: 50, filters: {} })
  expect(isFiltered({ q: 'attention' })).toBe(false)
})

test.each([
  [{ range: 'today' as const }, { from: day(18) }],
  [{ range: 'week' as const }, { from: day(12) }],
  [
    { range: 'custom' as const, from: '2026-11-01', to: '2026-11-02' },
    { from: day(1), to: day(3) },
  ],
  [{ range: 'custom' as const, from: '2026-1' }, {}],
  [{ range: 'any' as const, from: '2026-11-01' }, {}],
  [
    { session: 's', source: 'voice' as const },
    { sessionId: 's', sources: ['voice'] },
  ],
  [
    { document: 'd', collection: 'c', tag: 'exam' },
    { documentId: 'd', collectionId: 'c', tag: 'exam' },
  ],
  [
    { concept: 'c-1', language: 'de' },
    { concept: 'c-1', languages: ['de'] },
  ],
])('%j asks for %j', (address, filters) => {
  expect(searchRequest({ q: 'x', ...address }, now).filters).toEqual(filters)
})

test('words can be taken as they are, and the judging view asks for both rankings', () => {
  const request = searchRequest({ q: 'last week', asWords: true, asTyped: true, judging: true }, now)
  expect(request).toMatchObject({ ignorePeriod: true, ignoreCorrections: true, explain: true })
  expect(isFiltered({ q: 'x', asWords: true, asTyped: true })).toBe(false)
})
