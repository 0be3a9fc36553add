import type { Capture, SearchHit, SearchRequest, SearchResult } from '../../src-core/contract/index.ts'

/** What the imitation understands of a query: "last week" as a time, "atention" as a slip. */
export function readQuery({ query, filters, ignorePeriod, ignoreCorrections }: SearchRequest) {
  const isInTime = !ignorePeriod && !filters?.from && !filters?.to && query.includes('last week')
  const typed = query
    .replace('last week', isInTime ? ' ' : 'last week')
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
  const isSlip = !ignoreCorrections && typed.includes('atention')
  const day = (back: number) => new Date(Date.now() - back * 24 * 3_600_000).toISOString()
  const period: SearchResult['understood']['period'] = isInTime
    ? { text: 'last week', from: day(9), to: day(2), event: null }
    : null
  return {
    words: isSlip ? typed.map((word) => (word === 'atention' ? 'attention' : word)) : typed,
    corrections: isSlip ? [{ typed: 'atention', read: ['attention'] }] : [],
    period,
  }
}

/** Two others, as if they said the same. */
export function alikeTo(others: readonly Capture[]): SearchHit['alike'] {
  return others.slice(0, 2).map(({ id, userText, createdAt }) => ({
    captureId: id,
    kind: 'capture',
    field: 'userText',
    start: 0,
    end: userText.length,
    when: createdAt,
    text: userText.slice(0, 160),
  }))
}

export function explanationOf(hits: readonly SearchHit[]): NonNullable<SearchResult['explanation']> {
  const ranked = hits.map(({ chunkId, captureId, kind, field, start, end, text }) => ({
    chunkId,
    captureId,
    kind,
    field,
    start,
    end,
    text: text.slice(0, 160),
  }))
  return {
    lexical: ranked.map((chunk, rank) => ({ ...chunk, score: 7.2 - rank })),
    semantic: ranked.toReversed().map((chunk, rank) => ({ ...chunk, score: 0.71 - rank * 0.04 })),
    shares: { words: 0.17, meaning: 0.35, likeness: 0.2, echo: 0.28 },
  }
}
