import type { Chunk, ChunkSource, SearchFilters } from './types.ts'

/** What filters look at. */
export interface FilteredPlace {
  captureId: string
  field: Chunk['field']
  sessionId: string | null
  source: ChunkSource
  /** Milliseconds since 1970. */
  at: number
  language: string | null
}

/** The filters, but for `phrases`, as a test of one place: the same rules as `chunkCondition` in SQL. Undefined where all pass. */
export function placeFilter(filters: SearchFilters | undefined): ((place: FilteredPlace) => boolean) | undefined {
  const { from, to, sessionId, sources, fields, exclude, languages, within } = filters ?? {}
  const tests: ((place: FilteredPlace) => boolean)[] = []
  const [earliest, end] = [from, to].map((instant) => (instant === undefined ? undefined : Date.parse(instant)))
  if (earliest !== undefined) tests.push(({ at }) => at >= earliest)
  if (end !== undefined) tests.push(({ at }) => at < end)
  if (sessionId !== undefined) tests.push((place) => place.sessionId === sessionId)
  if (sources !== undefined) tests.push(({ source }) => sources.includes(source))
  if (fields !== undefined) tests.push(({ field }) => fields.includes(field))
  if (languages !== undefined) tests.push(({ language }) => language !== null && languages.includes(language))
  const [left, wanted] = [exclude, within].map((ids) => ids && new Set(ids))
  if (left) tests.push(({ captureId }) => !left.has(captureId))
  if (wanted) tests.push(({ captureId }) => wanted.has(captureId))
  return tests.length === 0 ? undefined : (place) => tests.every((test) => test(place))
}
