import {
  type Capture,
  type DocumentFilter,
  type LearnerDocument,
  type Note,
  SCREENS_SESSION,
  type Session,
} from '../../src-core/contract/index.ts'
import type { ListRule } from './pages.ts'

/** Which captures a list shows; the same shape as the contract's filter. */
export interface CaptureListFilter {
  sessionId?: string
  source?: Capture['source']
  from?: string
  to?: string
}

const newest = (a: string, b: string) => (a < b ? 1 : a > b ? -1 : 0)

/** Newest capture first. */
export function captureRule(filter: CaptureListFilter): ListRule<Capture> {
  return {
    idOf: (capture) => capture.id,
    compare: (a, b) => newest(a.createdAt, b.createdAt) || newest(a.id, b.id),
    belongs: (capture) =>
      (filter.sessionId === undefined || capture.sessionId === filter.sessionId) &&
      (filter.source === undefined || capture.source === filter.source) &&
      (filter.from === undefined || capture.createdAt >= filter.from) &&
      (filter.to === undefined || capture.createdAt < filter.to),
  }
}

/** The rule of a list in the cache, by its key `['captures', filter]`. */
export function captureRuleOf(key: readonly unknown[]): ListRule<Capture> {
  return captureRule((key[1] ?? {}) as CaptureListFilter)
}

/** The session that was used last first; those of the study timeline are in no list. */
export const sessionRule: ListRule<Session> = {
  idOf: (session) => session.id,
  compare: (a, b) => newest(a.lastAt, b.lastAt) || newest(a.id, b.id),
  belongs: ({ id }) => !id.startsWith(SCREENS_SESSION),
}

/** The note that was changed last first. */
export const noteRule: ListRule<Note> = {
  idOf: (note) => note.id,
  compare: (a, b) => newest(a.updatedAt, b.updatedAt) || newest(a.id, b.id),
  belongs: () => true,
}

/** Which documents a list shows. */
export type DocumentListFilter = Pick<DocumentFilter, 'collectionId' | 'tag'>

/** The rule of a list in the cache, by its key `['documents', filter]`: the document that came last first. */
export function documentRuleOf(key: readonly unknown[]): ListRule<LearnerDocument> {
  const { collectionId, tag } = (key[1] ?? {}) as DocumentListFilter
  return {
    idOf: (document) => document.id,
    compare: (a, b) => newest(a.createdAt, b.createdAt) || newest(a.id, b.id),
    belongs: (document) =>
      (collectionId === undefined || document.collections.includes(collectionId)) &&
      (tag === undefined || document.tags.includes(tag)),
  }
}
