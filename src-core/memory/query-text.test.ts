import { describe, expect, it } from 'vitest'
import { queryText, storable } from './query-text.ts'

describe('queryText', () => {
  it('keeps white space at the end, which says that the last word is complete', () => {
    expect(queryText('  attention ', 100)).toBe('attention ')
  })

  it('is empty when there is nothing to look for', () => {
    for (const query of ['', ' \n\t ', '\0', ' \0 ']) expect(queryText(query, 100)).toBe('')
  })

  it('looks at the beginning of a long query, and never at half a character', () => {
    expect(queryText('x'.repeat(5_000), 2_000)).toHaveLength(2_000)
    expect(queryText('ab👩', 3)).toBe('ab\uFFFD')
  })
})

describe('storable', () => {
  it('replaces what Postgres cannot hold, and nothing else', () => {
    expect(storable('a\0b\ud800c👩é')).toBe('a\uFFFDb\uFFFDc👩é')
  })
})
