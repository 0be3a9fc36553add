import { expect, test } from 'vitest'
import { EVERYTHING, filterOf } from './export-filter.ts'

test('everything has no filter, and a bound that is being typed is none', () => {
  expect(filterOf(EVERYTHING)).toEqual({})
  expect(filterOf({ ...EVERYTHING, from: '2026-', to: '' })).toEqual({})
})

test('days are whole days of the reader’s clock, the last one included', () => {
  expect(filterOf({ ...EVERYTHING, from: '2026-11-01', to: '2026-11-03' })).toEqual({
    from: new Date(2026, 10, 1).toISOString(),
    to: new Date(2026, 10, 4).toISOString(),
  })
})

test('each part is narrowed by what belongs to it, and by nothing else', () => {
  const given = { ...EVERYTHING, session: 's', tag: 't', collection: 'c' }
  expect(filterOf({ ...given, what: 'captures' })).toEqual({ kind: 'captures', sessionId: 's' })
  expect(filterOf({ ...given, what: 'notes' })).toEqual({ kind: 'notes', tag: 't' })
  expect(filterOf({ ...given, what: 'documents' })).toEqual({ kind: 'documents', tag: 't', collectionId: 'c' })
})
