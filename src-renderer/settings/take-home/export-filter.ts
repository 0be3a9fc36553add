import type { ExportFilter } from '../../../src-core/contract/index.ts'

/** What of the learner's data is chosen for an export. */
export interface ExportChoice {
  what: 'all' | 'captures' | 'notes' | 'documents'
  /** Local days, YYYY-MM-DD, both included; empty for no bound. */
  from: string
  to: string
  /** Of what was said. */
  session: string
  /** Of notes and documents. */
  tag: string
  /** Of documents. */
  collection: string
}

export const EVERYTHING: ExportChoice = { what: 'all', from: '', to: '', session: '', tag: '', collection: '' }

/** The filter for a choice: whole days of the reader's own clock, and what belongs to the chosen kind alone. */
export function filterOf({ what, from, to, session, tag, collection }: ExportChoice): ExportFilter {
  const begin = localDay(from, 0)
  const end = localDay(to, 1)
  return {
    ...(what !== 'all' && { kind: what }),
    ...(begin && { from: begin }),
    ...(end && { to: end }),
    ...(what === 'captures' && session !== '' && { sessionId: session }),
    ...((what === 'notes' || what === 'documents') && tag !== '' && { tag }),
    ...(what === 'documents' && collection !== '' && { collectionId: collection }),
  }
}

/** Undefined for what is no date; a date field that is being typed into is that for a while. */
function localDay(date: string, later: number): string | undefined {
  const [year, month, day] = date.split('-').map(Number)
  if (!year || !month || !day) return undefined
  const at = new Date(year, month - 1, day + later)
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString()
}
