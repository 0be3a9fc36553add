import { createHash } from 'node:crypto'
import * as Y from 'yjs'
import { editedRecord } from './conflict-rules.ts'
import type { DocumentKind } from './document-names.ts'
import { isPlainObject } from './door.ts'
import { isForgetting, isForgottenNote } from './forgotten.ts'
import { deletionsBySession, journalOf, subjectOfKey } from './journal.ts'
import { type LibraryMap, librarySubject } from './library.ts'
import { noteOf } from './note.ts'
import { contentOf, isNewIn, nameOf } from './overwritten.ts'

/**
 * What comes back although another device forgot it: that device had not seen the edit of it, or that it was restored, on this one
 * (docs/vault.md §6). Told while the update that forgets is merged, as long as Yjs still holds the values that it takes.
 */

/** What has to be written anew. */
export type Returning =
  | { kind: 'record'; tombstone: { map: string; key: string }; values: { map: string; key: string; value: unknown }[] }
  | { kind: 'note'; text: string; fields: [key: string, value: unknown][]; forgetting: string }

/** A record that has a tombstone: where it stands, and what belongs to it. */
interface Shape {
  tombstones: string
  record: string
  parts: readonly string[]
  /** Id of the record to which a key of a part belongs. */
  idOf(map: string, key: string): string | undefined
}

const CAPTURE: Shape = {
  tombstones: 'tombstones',
  record: 'captures',
  parts: ['edits'],
  idOf: (_, key) => subjectOfKey('edits', key)?.id,
}
const inLibrary = (map: string, key: string) => librarySubject(map as LibraryMap, key)?.id
const SHAPES: Partial<Record<DocumentKind['kind'], readonly Shape[]>> = {
  journal: [CAPTURE],
  library: [
    {
      tombstones: 'documentTombstones',
      record: 'documents',
      parts: ['documentEdits', 'documentOrigins', 'documentTags', 'documentCollections'],
      idOf: inLibrary,
    },
    { tombstones: 'collectionTombstones', record: 'collections', parts: ['collectionNames'], idOf: inLibrary },
  ],
}
const NOTE_FIELDS = ['title', 'metadata'] as const

/** Runs `merge` inside a transaction of the document. @returns what it took that its author had not seen the last of */
export function returningOf(
  doc: Y.Doc,
  kind: DocumentKind,
  transaction: Y.Transaction,
  merge: () => void,
): Returning[] {
  // The learner forgets frames themselves, and knows them.
  if (kind.kind === 'journal' && kind.of === 'screens') {
    merge()
    return []
  }
  if (kind.kind === 'note') return returningNote(doc, transaction, merge)
  merge()
  return (SHAPES[kind.kind] ?? []).flatMap((shape) => returningRecords(doc, shape, transaction))
}

/**
 * Writes it anew, tombstones away. What several devices write so merges to one.
 * @param name of the document
 */
export function writeReturning(doc: Y.Doc, name: string, returning: readonly Returning[]): void {
  for (const each of returning) if (each.kind === 'note') writeText(doc, name, each)
  doc.transact(() => {
    for (const each of returning) {
      if (each.kind === 'note') {
        const { fields } = noteOf(doc)
        for (const [key, value] of each.fields) if (value !== undefined) fields.set(key, value)
        for (const key of ['deletedAt', 'isForgotten']) if (fields.has(key)) fields.delete(key)
        continue
      }
      for (const { map, key, value } of each.values) doc.getMap(map).set(key, value)
      const tombstones = doc.getMap(each.tombstone.map)
      if (isForgetting(tombstones.get(each.tombstone.key))) tombstones.delete(each.tombstone.key)
    }
  })
}

function returningRecords(doc: Y.Doc, shape: Shape, transaction: Y.Transaction): Returning[] {
  const { store } = doc
  const records = doc.getMap(shape.record)
  const tombstones = doc.getMap(shape.tombstones)
  const touched = new Set(
    [records, tombstones].flatMap((map) => Array.from(transaction.changed.get(map as never) ?? [], String)),
  )
  const edited = touched.size > 0 ? editedIn(doc, shape) : new Set<string>()
  const found = new Map<string, Extract<Returning, { kind: 'record' }>>()
  for (const id of touched) {
    const item = records._map.get(id)
    const value = item && valueIn(transaction, item)
    if (!item || value === undefined) continue
    const forgetting = tombstones._map.get(id)
    if (forgetting && isForgetting(tombstones.get(id))) {
      if (!isNewIn(transaction, forgetting)) continue
      if (!edited.has(id) && !isRestoredUnseen(transaction, forgetting)) continue
    } else if (!item.deleted || store.pendingStructs || store.pendingDs) {
      // Nothing took it, or what says why has not come yet.
      continue
    }
    const values = [{ map: shape.record, key: id, value }]
    found.set(id, { kind: 'record', tombstone: { map: shape.tombstones, key: id }, values })
  }
  if (found.size === 0) return []
  for (const map of shape.parts) {
    for (const [key, item] of doc.getMap(map)._map) {
      const part = found.get(shape.idOf(map, key) ?? '')
      const value = part && valueIn(transaction, item)
      if (value !== undefined) part?.values.push({ map, key, value })
    }
  }
  if (shape === CAPTURE) addTitles(doc, transaction, found.values())
  return [...found.values()]
}

/** Ids of the records of which an edit stands. */
function editedIn(doc: Y.Doc, { parts }: Shape): Set<string> {
  const edited = new Set<string>()
  for (const map of parts) {
    for (const key of doc.getMap(map).keys()) {
      const id = editedRecord(map, key)
      if (id !== undefined) edited.add(id)
    }
  }
  return edited
}

/** The titles of the sessions whose captures come back. */
function addTitles(
  doc: Y.Doc,
  transaction: Y.Transaction,
  found: Iterable<Extract<Returning, { kind: 'record' }>>,
): void {
  const journal = journalOf(doc)
  const deletions = deletionsBySession(journal)
  for (const { values } of found) {
    const [record] = values
    const id = isPlainObject(record?.value) ? String(record.value.sessionId) : ''
    const item = journal.titles._map.get(id)
    if (!item?.deleted || deletions.has(id)) continue
    const value = valueIn(transaction, item)
    if (value !== undefined) values.push({ map: 'titles', key: id, value })
  }
}

/** The value that stands at the item, or that stood there until this transaction. */
function valueIn(transaction: Y.Transaction, item: Y.Item): unknown {
  return !item.deleted || isLostIn(transaction, item) ? contentOf(item) : undefined
}

function isLostIn({ deleteSet }: Y.Transaction, { id }: Y.Item): boolean {
  return (deleteSet.clients.get(id.client) ?? []).some(({ clock, len }) => clock <= id.clock && id.clock < clock + len)
}

/**
 * Whether the deletion had been taken away here and whoever forgot did not know it: knowing it, they could only have deleted it once more,
 * over the deletion that was taken away.
 * @param forgetting the last item of the tombstone's key
 * @param isForgettingItem tells the items that forget from those that delete
 */
function isRestoredUnseen(
  transaction: Y.Transaction,
  forgetting: Y.Item,
  isForgettingItem = (item: Y.Item) => isForgetting(contentOf(item)),
): boolean {
  const row: Y.Item[] = []
  for (let item: Y.Item | null = forgetting; item; item = item.left) row.push(item)
  const last = row.find((item) => !isNewIn(transaction, item))
  if (!last?.deleted || isLostIn(transaction, last)) return false
  return !row.some(
    (item) =>
      isNewIn(transaction, item) && !isForgettingItem(item) && item.origin && Y.compareIDs(item.origin, last.lastId),
  )
}

function returningNote(doc: Y.Doc, transaction: Y.Transaction, merge: () => void): Returning[] {
  const { body, fields } = noteOf(doc)
  const before = isForgottenNote(doc)
    ? undefined
    : {
        text: body.toString(),
        fields: NOTE_FIELDS.map((key): [string, unknown] => [key, fields.get(key)]),
      }
  merge()
  if (!before || !isForgottenNote(doc)) return []
  const deletion = fields._map.get('deletedAt')
  // `forgetNote` writes both, one after the other.
  const isOfForgetting = ({ lastId: { client, clock } }: Y.Item) => {
    for (let item = fields._map.get('isForgotten'); item; item = item.left ?? undefined)
      if (item.id.client === client && item.id.clock === clock + 1) return true
    return false
  }
  const isEdited = body.length > 0 || fields.has('title')
  if (!isEdited && !(deletion && isRestoredUnseen(transaction, deletion, isOfForgetting))) return []
  const forgetting = fields._map.get('isForgotten')
  return [{ kind: 'note', ...before, forgetting: forgetting ? nameOf(forgetting) : '' }]
}

/**
 * Puts the text in the place of what is left of it, as a Yjs client whose number follows from what is inserted and where: devices that
 * insert the same write the same items, and merging them gives the text once.
 */
function writeText(doc: Y.Doc, name: string, { text, forgetting }: Extract<Returning, { kind: 'note' }>): void {
  const { body } = noteOf(doc)
  const left = body.length
  const place = body._start ? nameOf(body._start) : ''
  const hash = createHash('sha256').update(JSON.stringify([name, forgetting, place, text]))
  const clientID = hash.digest().readUInt32BE()
  if (text !== '' && !doc.store.clients.has(clientID)) {
    const writer = new Y.Doc()
    Y.applyUpdate(writer, Y.encodeStateAsUpdate(doc))
    writer.clientID = clientID
    const before = Y.encodeStateVector(writer)
    writer.getText('body').insert(0, text)
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(writer, before))
  }
  if (left > 0) body.delete(body.length - left, left)
}
