import type * as Y from 'yjs'
import { CORRECTION_MAPS } from './concept-maps.ts'
import type { DocumentKind } from './document-names.ts'
import { fieldKey, isKept, keptRecords, recordOfKey } from './kept-records.ts'
import type { ConflictRules } from './overwritten.ts'
import type { ConflictWhat } from './types.ts'

/** Which fields of which documents make conflicts, and what a learner knows them as (docs/vault.md §6). */

/** A field: what it is, of which record, and its name where a record has several of a kind. */
export interface FieldName {
  what: ConflictWhat
  subject: string
  field: string
}

const KEPT_FIELDS = {
  memories: ['text', 'kind', 'about', 'validFrom', 'validTo'],
  deck: ['front', 'back'],
}
/** Where a record is deleted by a tombstone: the map of its edits, and how its id is read from a key of it. */
const GRAVES: Record<string, { map: string; idOf: (key: string) => string | undefined }> = {
  edits: { map: 'tombstones', idOf: (key) => before(key, 'userText') },
  documentEdits: { map: 'documentTombstones', idOf: (key) => before(key, 'title') },
  collectionNames: { map: 'collectionTombstones', idOf: (key) => key },
}
const DELETIONS: Record<string, ConflictWhat> = {
  tombstones: 'captureDeleted',
  documentTombstones: 'documentDeleted',
  collectionTombstones: 'collectionDeleted',
}

/** Undefined for documents that make no conflicts. */
export function conflictRules(kind: DocumentKind, doc: Y.Doc): ConflictRules | undefined {
  if (kind.kind === 'other' || (kind.kind === 'journal' && kind.of === 'screens')) return undefined
  const forgotten = isKept(kind.kind) ? keptRecords(doc, kind.kind).forgotten : undefined
  return {
    isField: (map, key) => fieldName(kind, map, key) !== undefined,
    tombstoneOf: (map, key) => tombstoneOf(kind, map, key),
    stampOf: (map, key) => {
      if (kind.kind === 'note') return map === 'fields' ? 'updatedAt' : undefined
      const id = isKept(kind.kind) ? recordOfKey(key) : undefined
      return id === undefined ? undefined : fieldKey(id, 'updatedAt')
    },
    isLeftOut: (_, key) => forgotten?.has(recordOfKey(key) ?? '') ?? false,
  }
}

/** Id of the capture, document or collection that a key edits; undefined where its value is no edit that must not be lost. */
export function editedRecord(map: string, key: string): string | undefined {
  return GRAVES[map]?.idOf(key)
}

/** Whether setting a key deletes a record. */
export function isDeletion(map: string, key: string): boolean {
  return Object.hasOwn(DELETIONS, map) || (map === 'fields' && key === 'deletedAt')
}

/** What the learner calls a key; undefined where its values make no conflict. Deletions included. */
export function conflictName(kind: DocumentKind, map: string, key: string): FieldName | undefined {
  const what = DELETIONS[map]
  const isOfKind = map === 'tombstones' ? kind.kind === 'journal' : kind.kind === 'library'
  if (what && isOfKind) return { what, subject: key, field: '' }
  if (kind.kind === 'note' && isDeletion(map, key)) return { what: 'noteDeleted', subject: kind.id, field: '' }
  return fieldName(kind, map, key)
}

function fieldName(kind: DocumentKind, map: string, key: string): FieldName | undefined {
  switch (kind.kind) {
    case 'journal':
      return journalField(map, key)
    case 'settings':
      return map === 'settings' ? { what: 'setting', subject: key, field: key } : undefined
    case 'library':
      return libraryField(map, key)
    case 'note':
      return map === 'fields' && key === 'title' ? { what: 'noteTitle', subject: kind.id, field: '' } : undefined
    case 'memories':
    case 'deck': {
      const id = map === (kind.kind === 'deck' ? 'cards' : 'memories') ? recordOfKey(key) : undefined
      const field = key.slice(key.lastIndexOf('/') + 1)
      const what = kind.kind === 'deck' ? 'card' : 'memory'
      return id !== undefined && KEPT_FIELDS[kind.kind].includes(field) ? { what, subject: id, field } : undefined
    }
    default:
      return undefined
  }
}

function journalField(map: string, key: string): FieldName | undefined {
  if (map === 'titles') return { what: 'sessionTitle', subject: key, field: '' }
  if (map !== 'edits') return undefined
  const edited = before(key, 'userText')
  if (edited !== undefined) return { what: 'captureText', subject: edited, field: '' }
  const answered = before(key, 'answer')
  return answered === undefined ? undefined : { what: 'captureAnswer', subject: answered, field: '' }
}

function libraryField(map: string, key: string): FieldName | undefined {
  if (map === 'collectionNames') return { what: 'collectionName', subject: key, field: '' }
  const titled = map === 'documentEdits' ? before(key, 'title') : undefined
  if (titled !== undefined) return { what: 'documentTitle', subject: titled, field: '' }
  const part = CORRECTION_MAPS.find((known) => known === map)
  return part && { what: 'concept', subject: key, field: part }
}

/** The key that deletes what this one edits. @param key null for a text */
export function tombstoneOf(kind: DocumentKind, map: string, key: string | null) {
  if (kind.kind === 'note') {
    const isEdit = map === 'body' || (map === 'fields' && key === 'title')
    return isEdit ? { map: 'fields', key: 'deletedAt' } : undefined
  }
  if (kind.kind !== 'journal' && kind.kind !== 'library') return undefined
  const grave = GRAVES[map]
  const id = key === null ? undefined : editedRecord(map, key)
  return grave && id !== undefined ? { map: grave.map, key: id } : undefined
}

/** What stands before the field in a key such as `<id>/<field>`. */
function before(key: string, field: string): string | undefined {
  return key.endsWith(`/${field}`) ? key.slice(0, -field.length - 1) : undefined
}
