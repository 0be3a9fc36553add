import type * as Y from 'yjs'
import type { DocumentKind } from './document-names.ts'
import { isPlainObject } from './door.ts'
import { type Journal, type JournalMap, journalOf, subjectOfKey } from './journal.ts'
import { isKept, keptRecords, recordOfKey, removeForgotten } from './kept-records.ts'
import { LIBRARY_PARTS, type Library, type LibraryMap, libraryOf, librarySubject } from './library.ts'
import { noteOf } from './note.ts'
import { OVERWRITTEN } from './overwritten.ts'

/**
 * What it means that a record was forgotten (docs/vault.md §7): its tombstone says so, and nothing else of it stays in its document.
 */

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

/** Takes away everything of forgotten captures but their tombstones; also what another device wrote of them meanwhile. */
export function removeForgottenCaptures({ captures, edits, tombstones }: Journal): void {
  const gone = forgottenIn(tombstones)
  if (gone.size === 0) return
  for (const id of gone) if (captures.has(id)) captures.delete(id)
  for (const key of Array.from(edits.keys())) {
    const subject = subjectOfKey('edits', key)
    if (subject && gone.has(subject.id)) edits.delete(key)
  }
}

/** The same of documents and collections of the library. */
function removeForgottenDocuments(library: Library): void {
  const gone = {
    document: forgottenIn(library.documentTombstones),
    collection: forgottenIn(library.collectionTombstones),
  }
  if (gone.document.size + gone.collection.size === 0) return
  for (const part of LIBRARY_PARTS) {
    for (const key of Array.from(library[part].keys())) {
      const subject = librarySubject(part, key)
      if (subject && gone[subject.kind].has(subject.id)) library[part].delete(key)
    }
  }
}

/** Empties a note for good. */
export function forgetNote(doc: Y.Doc, at: string): void {
  const { fields } = noteOf(doc)
  // Another instant than that of the deletion, so that no step of undo takes this one back.
  fields.set('deletedAt', at)
  fields.set(NOTE_FORGOTTEN, true)
  removeForgottenNote(doc)
}

function removeForgottenNote(doc: Y.Doc): void {
  const { body, fields } = noteOf(doc)
  if (body.length > 0) body.delete(0, body.length)
  for (const field of ['title', 'metadata']) if (fields.has(field)) fields.delete(field)
}

/** Takes away what a document holds of forgotten records: an update of another device may have brought some. */
export function removeForgottenFrom(doc: Y.Doc, kind: DocumentKind['kind']): void {
  if (isKept(kind)) removeForgotten(keptRecords(doc, kind))
  else if (kind === 'journal') removeForgottenCaptures(journalOf(doc))
  else if (kind === 'library') removeForgottenDocuments(libraryOf(doc))
  else if (kind === 'note' && isForgottenNote(doc)) removeForgottenNote(doc)
  removeForgottenConflicts(doc, kind)
}

/** What was overwritten unseen of records that were forgotten. */
function removeForgottenConflicts(doc: Y.Doc, kind: DocumentKind['kind']): void {
  const overwritten = doc.getMap(OVERWRITTEN)
  if (overwritten.size === 0 || !holdsForgotten(doc, kind)) return
  const isGone = (map: string, key: string): boolean => {
    if (kind === 'note') return true
    if (isKept(kind)) return keptRecords(doc, kind).forgotten.has(recordOfKey(key) ?? '')
    if (kind === 'journal') {
      const subject = subjectOfKey(map as JournalMap, key)
      return subject?.kind === 'capture' && isForgetting(journalOf(doc).tombstones.get(subject.id))
    }
    const subject = librarySubject(map as LibraryMap, key)
    const { documentTombstones, collectionTombstones } = libraryOf(doc)
    const tombstones = subject?.kind === 'collection' ? collectionTombstones : documentTombstones
    return subject !== undefined && isForgetting(tombstones.get(subject.id))
  }
  for (const [id, entry] of Array.from(overwritten.entries())) {
    if (isPlainObject(entry) && isGone(String(entry.map), String(entry.key))) overwritten.delete(id)
  }
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
