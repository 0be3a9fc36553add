import type { SqlValue } from '../store/index.ts'
import { phrasePattern } from './phrases.ts'
import { storable } from './query-text.ts'
import type { SearchFilters } from './types.ts'

/** The parameters of one statement, collected while its text is put together. */
export class Parameters {
  readonly values: SqlValue[] = []

  /** Adds a value. @returns its placeholder */
  bind(value: SqlValue): string {
    this.values.push(value)
    return `$${this.values.length}`
  }
}

/** True when the filters leave everything in. */
export function isUnfiltered(filters: SearchFilters | undefined): boolean {
  return filters === undefined || Object.values(filters).every((value) => value === undefined)
}

/** The SQL condition on rows of `chunks` that a search looks at. */
export function chunkCondition(vaultId: string, filters: SearchFilters | undefined, parameters: Parameters): string {
  const conditions = [`vault_id = ${parameters.bind(vaultId)}`]
  const { from, to, sessionId, sources, fields, exclude, languages, phrases, within } = filters ?? {}
  if (from !== undefined) conditions.push(`created_at >= ${parameters.bind(new Date(from))}`)
  if (to !== undefined) conditions.push(`created_at < ${parameters.bind(new Date(to))}`)
  if (sessionId !== undefined) conditions.push(`session_id = ${parameters.bind(storable(sessionId))}`)
  if (sources !== undefined) conditions.push(`source = any(${parameters.bind(sources)}::text[])`)
  if (fields !== undefined) conditions.push(`field = any(${parameters.bind(fields)}::text[])`)
  if (exclude !== undefined) conditions.push(`capture_id <> all(${parameters.bind(exclude.map(storable))}::text[])`)
  if (languages !== undefined) conditions.push(`language = any(${parameters.bind(languages)}::text[])`)
  for (const phrase of phrases ?? []) conditions.push(`text ilike ${parameters.bind(phrasePattern(phrase))}`)
  if (within !== undefined) conditions.push(`capture_id = any(${parameters.bind(within.map(storable))}::text[])`)
  return conditions.join(' and ')
}
