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
  if (from !== undefined) tests.push(({ at }) => at >= Date.parse(from))
  if (to !== undefined) tests.push(({ at }) => at < Date.parse(to))
  if (sessionId !== undefined) tests.push((place) => place.sessionId === sessionId)
  if (sources !== undefined) tests.push(({ source }) => sources.includes(source))
  if (fields !== undefined) tests.push(({ field }) => fields.includes(field))
  if (languages !== undefined) tests.push(({ language }) => language !== null && languages.includes(language))
  if (exclude !== undefined) tests.push(isOutside(new Set(exclude)))
  if (within !== undefined) tests.push(isInside(new Set(within)))
  return tests.length === 0 ? undefined : (place) => tests.every((test) => test(place))
}

function isInside(ids: ReadonlySet<string>) {
  return ({ captureId }: FilteredPlace) => ids.has(captureId)
}

function isOutside(ids: ReadonlySet<string>) {
  return ({ captureId }: FilteredPlace) => !ids.has(captureId)
}
