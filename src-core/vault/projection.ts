import type * as Y from 'yjs'
import { allCorrections, type Correction, type CorrectionKey, projectCorrections } from './concept-maps.ts'
import type { DocumentKind } from './document-names.ts'
import {
  CAPTURE_SOURCES,
  isId,
  isPlainObject,
  isSha256,
  type Json,
  LONGEST_ID,
  LONGEST_SESSION_ID,
  LONGEST_TITLE,
  readInstant,
  toJson,
  wellFormed,
} from './door.ts'
import { isForgetting } from './forgotten.ts'
import { deletionsBySession, editKey, JOURNAL_MAPS, type Journal, journalOf, subjectOfKey } from './journal.ts'
import { isKept, keptRecords, recordIds, recordOfKey } from './kept-records.ts'
import {
  type CollectionEntry,
  LIBRARY_MAPS,
  type Library,
  type LibraryMap,
  libraryOf,
  libraryParts,
  librarySubject,
  readCollection,
  readLibraryDocument,
} from './library.ts'
import { type CardRecord, type MemoryRecord, readCard, readMemory } from './memory-records.ts'
import { noteOf } from './note.ts'
import { readAnswer } from './read-answer.ts'
import { readPictures } from './read-pictures.ts'
import { settingsOf } from './settings.ts'
import type { Capture, CaptureSource, DocumentEntry, Note } from './types.ts'

/**
 * From documents to rows (docs/vault.md §5). One function for a change and for a rebuild: only the touched ids differ. It never throws on
 * what another device may have written: what it cannot read has no row and is reported.
 */

export type Touched =
  | { kind: 'journal'; captures: Set<string>; sessions: Set<string> }
  | { kind: 'note' }
  | { kind: 'settings'; keys: Set<string> }
  | { kind: 'library'; documents: Set<string>; collections: Set<string>; corrections: CorrectionKey[] }
  | { kind: 'memories' | 'deck'; ids: Set<string> }
  | { kind: 'other' }

export type Projection =
  | { kind: 'journal'; doc: string; captures: CaptureProjection[]; sessions: SessionProjection[] }
  | { kind: 'note'; id: string; note: Note | null }
  | { kind: 'settings'; values: { key: string; value: Json | undefined }[] }
  | {
      kind: 'library'
      documents: { id: string; document: DocumentEntry | null }[]
      collections: { id: string; collection: CollectionEntry | null }[]
      corrections: Correction[]
    }
  | { kind: 'memories'; memories: { id: string; memory: MemoryRecord | null }[] }
  | { kind: 'deck'; cards: { id: string; card: CardRecord | null }[] }

/** `capture` is null while it is deleted; `known` is false where the document holds no valid record of it. */
export interface CaptureProjection {
  id: string
  known: boolean
  capture: Capture | null
}

/** What one journal contributes to a session; `known` is false where it says nothing about it. */
export interface SessionProjection {
  id: string
  known: boolean
  live: boolean
  createdAt: string | null
  title: string | null
  titledAt: string | null
}

/** Told about each record that cannot be read. `what` is a fixed word, `id` the record's. */
export type ReportInvalid = (
  what: 'capture' | 'edit' | 'session' | 'title' | 'note' | 'document' | 'collection' | 'memory' | 'card',
  id: string,
) => void

/** Everything that a document holds, as if all of it had been touched. */
export function touchAll(doc: Y.Doc, kind: DocumentKind['kind']): Touched {
  if (kind === 'note' || kind === 'other') return { kind }
  if (kind === 'settings') return { kind, keys: new Set(settingsOf(doc).keys()) }
  if (kind === 'library') {
    const corrections = allCorrections(doc)
    const touched = { kind, documents: new Set<string>(), collections: new Set<string>(), corrections }
    const library = libraryOf(doc)
    for (const map of LIBRARY_MAPS) for (const key of library[map].keys()) touchLibraryKey(touched, map, key)
    return touched
  }
  if (isKept(kind)) return { kind, ids: recordIds(keptRecords(doc, kind)) }
  const touched = { kind, captures: new Set<string>(), sessions: new Set<string>() }
  const journal = journalOf(doc)
  for (const map of JOURNAL_MAPS) for (const key of journal[map].keys()) touchKey(touched, map, key)
  return touched
}

/** Adds what a changed key of a journal says something about. */
export function touchKey(
  touched: { captures: Set<string>; sessions: Set<string> },
  map: (typeof JOURNAL_MAPS)[number],
  key: string,
): void {
  const subject = subjectOfKey(map, key)
  if (subject?.kind === 'capture') touched.captures.add(subject.id)
  else if (subject) touched.sessions.add(subject.id)
}

/** Adds what a changed key of the library says something about. */
export function touchLibraryKey(
  touched: { documents: Set<string>; collections: Set<string> },
  map: LibraryMap,
  key: string,
): void {
  const subject = librarySubject(map, key)
  if (subject?.kind === 'document') touched.documents.add(subject.id)
  else if (subject) touched.collections.add(subject.id)
}

/** Undefined for documents that have no rows. */
export function project(
  name: string,
  kind: DocumentKind,
  doc: Y.Doc,
  touched: Touched,
  report: ReportInvalid,
): Projection | undefined {
  if (touched.kind === 'journal') {
    const journal = journalOf(doc)
    const deletions = deletionsBySession(journal)
    return {
      kind: 'journal',
      doc: name,
      captures: Array.from(touched.captures, (id) => projectCapture(journal, id, report)),
      sessions: Array.from(touched.sessions, (id) => projectSession(journal, id, deletions.has(id), report)),
    }
  }
  if (touched.kind === 'note' && kind.kind === 'note') {
    return { kind: 'note', id: kind.id, note: projectNote(doc, kind.id, report) }
  }
  if (touched.kind === 'settings') {
    const values = settingsOf(doc)
    const keys = Array.from(touched.keys).filter((key) => isId(key, LONGEST_ID))
    return {
      kind: 'settings',
      values: keys.map((key) => ({ key, value: values.has(key) ? toJson(values.get(key)) : undefined })),
    }
  }
  if (touched.kind === 'library') {
    const corrections = projectCorrections(doc, touched.corrections)
    return { ...projectLibrary(libraryOf(doc), touched, report), corrections }
  }
  if (touched.kind === 'memories' || touched.kind === 'deck') return projectKept(doc, touched.kind, touched.ids, report)
  return undefined
}

/** Adds what a changed key of a document with kept records says something about. */
export function touchKeptKey(ids: Set<string>, isTombstone: boolean, key: string): void {
  const id = isTombstone ? key : recordOfKey(key)
  if (id !== undefined && isId(id, LONGEST_ID)) ids.add(id)
}

function projectKept(
  doc: Y.Doc,
  kind: 'memories' | 'deck',
  touched: ReadonlySet<string>,
  report: ReportInvalid,
): Projection {
  const records = keptRecords(doc, kind)
  const stored = recordIds(records)
  const ids = Array.from(touched)
  const read = <T>(id: string, what: 'memory' | 'card', readRecord: (id: string) => T | undefined): T | null => {
    if (records.forgotten.has(id) || !stored.has(id)) return null
    const record = readRecord(id)
    if (record === undefined) report(what, id)
    return record ?? null
  }
  if (kind === 'memories') {
    return {
      kind,
      memories: ids.map((id) => ({ id, memory: read(id, 'memory', (each) => readMemory(records, each)) })),
    }
  }
  return { kind, cards: ids.map((id) => ({ id, card: read(id, 'card', (each) => readCard(records, each)) })) }
}

function projectLibrary(
  library: Library,
  touched: { documents: ReadonlySet<string>; collections: ReadonlySet<string> },
  report: ReportInvalid,
): Omit<Extract<Projection, { kind: 'library' }>, 'corrections'> {
  const parts = libraryParts(library, touched.documents)
  return {
    kind: 'library',
    documents: Array.from(touched.documents, (id) => {
      const document = readLibraryDocument(library, id, parts)
      if (document === undefined && library.documents.has(id)) report('document', id)
      return { id, document: document ?? null }
    }),
    collections: Array.from(touched.collections, (id) => {
      const collection = readCollection(library, id)
      if (collection === undefined && library.collections.has(id)) report('collection', id)
      return { id, collection: collection ?? null }
    }),
  }
}

export function projectCapture(journal: Journal, id: string, report: ReportInvalid): CaptureProjection {
  // One that was forgotten stays known, so that nothing brings it again.
  if (!journal.captures.has(id)) return { id, known: isForgetting(journal.tombstones.get(id)), capture: null }
  const capture = readCapture(journal, id, report)
  return { id, known: capture !== null, capture: journal.tombstones.has(id) ? null : capture }
}

/** The capture as the journal has it, deleted or not; null where there is no valid record of it. */
export function readCapture(journal: Journal, id: string, report: ReportInvalid): Capture | null {
  const record = journal.captures.get(id)
  const written = readRecord(record)
  if (!written) {
    report('capture', id)
    return null
  }
  const edit = readEdit(journal, id, report)
  const pictures = readPictures(journal, id, record)
  return {
    id,
    ...written,
    userText: edit?.text ?? written.userText,
    editedAt: edit?.at ?? null,
    answer: readAnswer(journal.edits.get(editKey(id, 'answer')), written.createdAt),
    ...(pictures.length > 0 && { pictures }),
  }
}

function readRecord(record: unknown): Omit<Capture, 'id' | 'editedAt' | 'answer'> | undefined {
  if (!isPlainObject(record)) return undefined
  const createdAt = readInstant(record.createdAt)
  const source = CAPTURE_SOURCES.find((known): known is CaptureSource => known === record.source)
  if (!isId(record.sessionId, LONGEST_SESSION_ID) || !createdAt || !source) return undefined
  if (typeof record.userText !== 'string') return undefined
  return {
    sessionId: record.sessionId,
    createdAt,
    source,
    userText: wellFormed(record.userText),
    audioSha256: isSha256(record.audioSha256) ? record.audioSha256 : null,
    metadata: isPlainObject(record.metadata) ? (toJson(record.metadata) as Record<string, Json>) : {},
  }
}

function readEdit(journal: Journal, id: string, report: ReportInvalid): { text: string; at: string } | undefined {
  const value = journal.edits.get(editKey(id, 'userText'))
  if (value === undefined) return undefined
  const at = isPlainObject(value) ? readInstant(value.at) : null
  if (isPlainObject(value) && typeof value.text === 'string' && at) return { text: wellFormed(value.text), at }
  report('edit', id)
  return undefined
}

function projectSession(journal: Journal, id: string, deleted: boolean, report: ReportInvalid): SessionProjection {
  const record = journal.sessions.get(id)
  const createdAt = isPlainObject(record) ? readInstant(record.createdAt) : null
  if (record !== undefined && !createdAt) report('session', id)
  const naming = readTitle(journal, id, report)
  return {
    id,
    known: createdAt !== null || naming !== undefined || deleted,
    live: createdAt !== null && !deleted,
    createdAt,
    title: naming?.title ?? null,
    titledAt: naming?.at ?? null,
  }
}

function readTitle(journal: Journal, id: string, report: ReportInvalid) {
  const value = journal.titles.get(id)
  if (value === undefined) return undefined
  const at = isPlainObject(value) ? readInstant(value.at) : null
  if (isPlainObject(value) && at && (typeof value.title === 'string' || value.title === null)) {
    return { title: value.title === null ? null : wellFormed(value.title).slice(0, LONGEST_TITLE).toWellFormed(), at }
  }
  report('title', id)
  return undefined
}

export function projectNote(doc: Y.Doc, id: string, report: ReportInvalid): Note | null {
  const { body, fields } = noteOf(doc)
  if (fields.has('deletedAt')) return null
  const createdAt = readInstant(fields.get('createdAt'))
  if (!createdAt) {
    report('note', id)
    return null
  }
  const title = fields.get('title')
  const metadata = fields.get('metadata')
  return {
    id,
    title: typeof title === 'string' ? wellFormed(title).slice(0, LONGEST_TITLE).toWellFormed() : '',
    body: wellFormed(body.toString()),
    createdAt,
    updatedAt: readInstant(fields.get('updatedAt')) ?? createdAt,
    ...(isPlainObject(metadata) && { metadata: toJson(metadata) as Record<string, Json> }),
  }
}
