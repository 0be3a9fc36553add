import type { Capture, SearchHit, SearchRequest, SearchResult } from '../../src-core/contract/index.ts'

/** What the imitation understands of a query: "last week" and "since the lecture" as times, "in 2019" as one that nothing is from, "atention" as a slip. */
export function readQuery(
  { query, filters, ignorePeriod, ignoreCorrections }: SearchRequest,
  captures: readonly Capture[],
) {
  const isOpen = !ignorePeriod && !filters?.from && !filters?.to
  const spoken = isOpen
    ? ['last week', 'since the lecture', 'in 2019'].find((words) => query.includes(words))
    : undefined
  const typed = query
    .replace(spoken ?? '', ' ')
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
  const isSlip = !ignoreCorrections && typed.includes('atention')
  const day = (back: number) => new Date(Date.now() - back * 24 * 3_600_000).toISOString()
  const [telling] = captures
  const emptyPeriod: SearchResult['understood']['period'] =
    spoken === 'in 2019'
      ? { text: spoken, from: '2019-01-01T12:00:00.000Z', to: '2019-12-31T12:00:00.000Z', event: null }
      : null
  const period: SearchResult['understood']['period'] =
    spoken === 'last week'
      ? { text: spoken, from: day(9), to: day(2), event: null }
      : spoken === 'since the lecture' && telling
        ? { text: spoken, from: day(4), to: null, event: { name: 'lecture', day: day(4), ...placeOf(telling) } }
        : null
  return {
    words: isSlip ? typed.map((word) => (word === 'atention' ? 'attention' : word)) : typed,
    corrections: isSlip ? [{ typed: 'atention', read: ['attention'] }] : [],
    period,
    emptyPeriod,
  }
}

function placeOf({
  id,
  userText,
}: Pick<Capture, 'id' | 'userText'>): Pick<SearchHit, 'captureId' | 'kind' | 'field' | 'start' | 'end'> {
  return { captureId: id, kind: 'capture', field: 'userText', start: 0, end: userText.length }
}

/** Two others, as if they said the same. */
export function alikeTo(others: readonly Capture[]): SearchHit['alike'] {
  return others.slice(0, 2).map(({ id, userText, createdAt }) => ({
    ...placeOf({ id, userText }),
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
