import type * as Y from 'yjs'
import { editedRecord, isDeletion } from './conflict-rules.ts'
import type { DocumentKind } from './document-names.ts'
import { isPlainObject } from './door.ts'
import { type Journal, type JournalMap, journalOf, subjectOfKey } from './journal.ts'
import { isKept, keptRecords, recordOfKey, removeForgotten } from './kept-records.ts'
import { NOTE_OVER } from './knowing-deletions.ts'
import { LIBRARY_PARTS, type Library, type LibraryMap, libraryOf, librarySubject } from './library.ts'
import { noteOf } from './note.ts'
import { OVERWRITTEN } from './overwritten.ts'

/**
 * What it means that a record was forgotten (docs/vault.md §7): its tombstone says so, and nothing else of it stays in its document.
 */

/**
 * Kind of the jobs that clean up after what was forgotten, here or on another device: blobs, texts, what was made of it. Subjects:
 * `capture:<id>`, `frame:<id>`, `note:<id>`, `document:<id>`, `blob:<SHA-256>`. Queued in the transaction that forgets.
 */
export const FORGET_JOB = 'forget'
/** Says of such a subject that cards and statements which the learner kept go too. */
export const FORGET_KEPT_JOB = 'forget-kept'

/** SHA-256 of what a record names: its recording and pictures, and what its metadata does. */
export function blobsNamedIn(record: unknown): string[] {
  return Array.from(new Set(JSON.stringify(record ?? null).match(/\b[0-9a-f]{64}\b/g)))
}

/** Field of a note that was forgotten. */
const NOTE_FORGOTTEN = 'isForgotten'

/** Whether a tombstone says that nothing of its record may stay. */
export function isForgetting(tombstone: unknown): boolean {
  return typeof tombstone === 'object' && tombstone !== null && 'isForgotten' in tombstone
}

export function isForgottenNote(doc: Y.Doc): boolean {
  return noteOf(doc).fields.has(NOTE_FORGOTTEN)
}

/** Whether a change of a note's field forgets it. */
export function forgetsNote(key: string): boolean {
  return key === NOTE_FORGOTTEN
}

/**
 * Takes away everything of forgotten captures but their tombstones; also what another device wrote of them meanwhile.
 * @param whole of these also what `removeForgottenFrom` leaves
 */
export function removeForgottenCaptures({ captures, edits, tombstones }: Journal, whole: ReadonlySet<string>): void {
  const gone = forgottenIn(tombstones)
  if (gone.size === 0) return
  for (const id of gone) if (captures.has(id)) captures.delete(id)
  for (const key of Array.from(edits.keys())) {
    const subject = subjectOfKey('edits', key)
    if (subject && gone.has(subject.id) && isTaken('edits', key, subject.id, whole)) edits.delete(key)
  }
}

/** The same of documents and collections of the library. */
function removeForgottenDocuments(library: Library, whole: ReadonlySet<string>): void {
  const gone = {
    document: forgottenIn(library.documentTombstones),
    collection: forgottenIn(library.collectionTombstones),
  }
  if (gone.document.size + gone.collection.size === 0) return
  for (const part of LIBRARY_PARTS) {
    for (const key of Array.from(library[part].keys())) {
      const subject = librarySubject(part, key)
      if (subject && gone[subject.kind].has(subject.id) && isTaken(part, key, subject.id, whole))
        library[part].delete(key)
    }
  }
}

/** An edit that comes after the forgetting was not known to who forgot. */
function isTaken(map: string, key: string, id: string, whole: ReadonlySet<string>): boolean {
  return whole.has(id) || editedRecord(map, key) === undefined
}

/** Empties a note for good. */
export function forgetNote(doc: Y.Doc, at: string): void {
  const { fields } = noteOf(doc)
  // Another instant than that of the deletion, so that no step of undo takes this one back.
  fields.set('deletedAt', at)
  fields.set(NOTE_FORGOTTEN, true)
  takeWords(doc)
}

function takeWords(doc: Y.Doc): void {
  const { body, fields } = noteOf(doc)
  if (body.length > 0) body.delete(0, body.length)
  for (const field of ['title', 'metadata', NOTE_OVER]) if (fields.has(field)) fields.delete(field)
}

const NONE: ReadonlySet<string> = new Set()

/**
 * Takes away what a document holds of forgotten records: an update of another device may have brought some. What the learner edited on a
 * device that did not know of the forgetting stays, unseen but as a conflict, until the device that has the rest brings it back.
 * @param whole ids of which nothing stays
 */
export function removeForgottenFrom(doc: Y.Doc, kind: DocumentKind, whole: ReadonlySet<string> = NONE): void {
  if (isKept(kind.kind)) removeForgotten(keptRecords(doc, kind.kind))
  else if (kind.kind === 'journal') removeForgottenCaptures(journalOf(doc), whole)
  else if (kind.kind === 'library') removeForgottenDocuments(libraryOf(doc), whole)
  else if (kind.kind === 'note' && isForgottenNote(doc)) {
    const { fields } = noteOf(doc)
    if (whole.has(kind.id)) takeWords(doc)
    else if (fields.has('metadata')) fields.delete('metadata')
  }
  removeForgottenConflicts(doc, kind, whole)
}

/** What was overwritten unseen of records that were forgotten, but for edits that come after the forgetting. */
function removeForgottenConflicts(doc: Y.Doc, kind: DocumentKind, whole: ReadonlySet<string>): void {
  const overwritten = doc.getMap(OVERWRITTEN)
  if (overwritten.size === 0 || !holdsForgotten(doc, kind.kind)) return
  const isGone = (map: string, key: string): boolean => {
    if (kind.kind === 'note') return whole.has(kind.id)
    if (isKept(kind.kind)) return keptRecords(doc, kind.kind).forgotten.has(recordOfKey(key) ?? '')
    const subject =
      kind.kind === 'journal' ? subjectOfKey(map as JournalMap, key) : librarySubject(map as LibraryMap, key)
    if (!subject) return false
    const isLeft = isDeletion(map, key) || editedRecord(map, key) !== undefined
    if (isLeft && !whole.has(subject.id)) return false
    return isForgetting(tombstonesOf(doc, subject.kind)?.get(subject.id))
  }
  for (const [id, entry] of Array.from(overwritten.entries())) {
    if (isPlainObject(entry) && isGone(String(entry.map), String(entry.key))) overwritten.delete(id)
  }
}

function tombstonesOf(doc: Y.Doc, kind: 'capture' | 'session' | 'document' | 'collection') {
  if (kind === 'capture') return journalOf(doc).tombstones
  if (kind === 'document') return libraryOf(doc).documentTombstones
  return kind === 'collection' ? libraryOf(doc).collectionTombstones : undefined
}

/** Whether something of the document was forgotten for good. */
export function holdsForgotten(doc: Y.Doc, kind: DocumentKind['kind']): boolean {
  if (isKept(kind)) return keptRecords(doc, kind).forgotten.size > 0
  if (kind === 'journal') return forgottenIn(journalOf(doc).tombstones).size > 0
  if (kind === 'note') return isForgottenNote(doc)
  if (kind !== 'library') return false
  const { documentTombstones, collectionTombstones } = libraryOf(doc)
  return forgottenIn(documentTombstones).size + forgottenIn(collectionTombstones).size > 0
}

function forgottenIn(tombstones: Y.Map<unknown>): Set<string> {
  return new Set(Array.from(tombstones.entries()).flatMap(([id, tombstone]) => (isForgetting(tombstone) ? [id] : [])))
}
