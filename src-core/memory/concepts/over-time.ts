import type { Queries } from '../../store/index.ts'
import { type Passage, readPassages } from './passages.ts'

export type PeriodUnit = 'day' | 'week' | 'month' | 'year'

/** What was thought about a concept in one stretch of time. */
export interface ConceptPeriod {
  /** Its beginning, in the time zone of this machine. */
  from: string
  /** Texts in it that mention the concept. */
  count: number
  /** The first of them. */
  passages: Passage[]
}

export interface ConceptTimeline {
  unit: PeriodUnit
  /** The oldest first; those without a mention are left out. */
  periods: ConceptPeriod[]
}

const DAY_MS = 24 * 3_600_000
/** The unit for a history of at most so many days. */
const UNITS: readonly [days: number, unit: PeriodUnit][] = [
  [14, 'day'],
  [120, 'week'],
  [1_100, 'month'],
]

interface Row extends Record<string, unknown> {
  kind: string
  capture_id: string
  field: string
  start: number
  end: number
  created_at: Date
}

/** @param passages at most so many of each period are read */
export async function readTimeline(
  queries: Queries,
  vaultId: string,
  { id, passages }: { id: string; passages: number },
): Promise<ConceptTimeline> {
  const rows = await queries.query<Row>(
    `select distinct on (created_at, kind, capture_id) kind, capture_id, field, start, "end", created_at from capture_concepts
     where vault_id = $1 and concept_id = $2 order by created_at, kind, capture_id, start`,
    [vaultId, id],
  )
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return { unit: 'month', periods: [] }
  const unit = unitFor(last.created_at.getTime() - first.created_at.getTime())
  const groups = [...Map.groupBy(rows, ({ created_at }) => beginningOf(created_at, unit).getTime())]
  const shown = groups.flatMap(([, group]) => group.slice(0, passages))
  const read = await readPassages(
    queries,
    vaultId,
    shown.map((row) => ({ ...row, marks: [{ start: row.start, end: row.end }] })),
  )
  const byPeriod = Map.groupBy(read, ({ when }) => beginningOf(new Date(when), unit).getTime())
  return {
    unit,
    periods: groups.map(([from, group]) => ({
      from: new Date(from).toISOString(),
      count: group.length,
      passages: byPeriod.get(from) ?? [],
    })),
  }
}

export function unitFor(spanMs: number): PeriodUnit {
  return UNITS.find(([days]) => spanMs <= days * DAY_MS)?.[1] ?? 'year'
}

/** Midnight that begins the day, the Monday of the week (ISO 8601), the month or the year, in the time zone of this machine. */
export function beginningOf(instant: Date, unit: PeriodUnit): Date {
  const [year, month, day] = [instant.getFullYear(), instant.getMonth(), instant.getDate()]
  if (unit === 'year') return new Date(year, 0, 1)
  if (unit === 'month') return new Date(year, month, 1)
  return new Date(year, month, unit === 'day' ? day : day - ((instant.getDay() + 6) % 7))
}
