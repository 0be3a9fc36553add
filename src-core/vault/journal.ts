import type * as Y from 'yjs'
import { isId, LONGEST_ID, LONGEST_SESSION_ID } from './door.ts'

/** The shape of a journal document (docs/vault.md §1). */
export interface Journal {
  captures: Y.Map<unknown>
  edits: Y.Map<unknown>
  tombstones: Y.Map<unknown>
  sessions: Y.Map<unknown>
  titles: Y.Map<unknown>
  deletions: Y.Map<unknown>
}

export type JournalMap = keyof Journal
/** `reading:` and `description:` are followed by the SHA-256 of a picture. */
export type EditedField = 'userText' | 'answer' | `reading:${string}` | `description:${string}`

/** What `tombstones` holds. */
export interface Tombstone {
  at: string
  /** The deletion of the whole session that took the capture along. */
  with?: string
  /** The edit of it that whoever deleted it knew, as `<client>:<clock>`; null where they knew none. Older versions do not say it. */
  over?: string | null
  /** Nothing else of the capture stays. */
  isForgotten?: true
}

export const JOURNAL_MAPS: readonly JournalMap[] = [
  'captures',
  'edits',
  'tombstones',
  'sessions',
  'titles',
  'deletions',
]

export function journalOf(doc: Y.Doc): Journal {
  return {
    captures: doc.getMap('captures'),
    edits: doc.getMap('edits'),
    tombstones: doc.getMap('tombstones'),
    sessions: doc.getMap('sessions'),
    titles: doc.getMap('titles'),
    deletions: doc.getMap('deletions'),
  }
}

export function editKey(captureId: string, field: EditedField): string {
  return `${captureId}/${field}`
}

export function deletionKey(deletionId: string, sessionId: string): string {
  return `${deletionId}/${sessionId}`
}

/** What a changed key says something about; undefined where the key is none of ours. */
export function subjectOfKey(
  map: JournalMap,
  key: string,
): { kind: 'capture'; id: string } | { kind: 'session'; id: string } | undefined {
  if (map === 'sessions' || map === 'titles') return subject('session', key)
  if (map === 'captures' || map === 'tombstones') return subject('capture', key)
  // Field names and deletion ids hold no slash; the ids beside them may.
  if (map === 'edits') return subject('capture', key.slice(0, Math.max(0, key.lastIndexOf('/'))))
  return key.includes('/') ? subject('session', key.slice(key.indexOf('/') + 1)) : undefined
}

/** Ids of the deletions in force in this journal, by session. */
export function deletionsBySession(journal: Journal): Map<string, string[]> {
  const deletions = new Map<string, string[]>()
  for (const key of journal.deletions.keys()) {
    const subject = subjectOfKey('deletions', key)
    if (!subject) continue
    const deletionId = key.slice(0, key.indexOf('/'))
    const known = deletions.get(subject.id)
    if (known) known.push(deletionId)
    else deletions.set(subject.id, [deletionId])
  }
  return deletions
}

function subject(kind: 'capture' | 'session', id: string) {
  return isId(id, kind === 'capture' ? LONGEST_ID : LONGEST_SESSION_ID) ? { kind, id } : undefined
}
