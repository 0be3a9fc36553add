import { createHash } from 'node:crypto'
import * as Y from 'yjs'
import { editedRecord } from './conflict-rules.ts'
import type { DocumentKind } from './document-names.ts'
import { isPlainObject } from './door.ts'
import { isForgetting, isForgottenNote } from './forgotten.ts'
import { deletionsBySession, journalOf, subjectOfKey } from './journal.ts'
import { NOTE_OVER } from './knowing-deletions.ts'
import { type LibraryMap, librarySubject } from './library.ts'
import { noteOf } from './note.ts'
import { contentOf, isNewIn, nameOf, wasSeen } from './overwritten.ts'

/**
 * What comes back although another device forgot it: that device had not seen the edit of it, or that it was restored, on this one
 * (docs/vault.md §6). Told while the update that forgets is merged, as long as Yjs still holds the values that it takes.
 */

/** What has to be written anew. */
export type Returning =
  | { kind: 'record'; tombstone: { map: string; key: string }; values: { map: string; key: string; value: unknown }[] }
  /** Deleted here while another device forgot it: nothing comes back, and the deletion becomes a forgetting. */
  | { kind: 'forgotten'; tombstone: { map: string; key: string }; value: unknown }
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

/** Merges an update inside a transaction of the document. @returns what it took that its author had not seen the last of */
export function mergeReturning(
  doc: Y.Doc,
  kind: DocumentKind,
  transaction: Y.Transaction,
  update: Uint8Array,
): Returning[] {
  const before = kind.kind === 'note' && !isForgottenNote(doc) ? readFields(doc) : undefined
  Y.applyUpdate(doc, update)
  const merged: Merged = { doc, transaction, update }
  if (before) return returningNote(merged, before)
  // The learner forgets frames themselves, and knows them.
  if (kind.kind === 'journal' && kind.of === 'screens') return []
  return (SHAPES[kind.kind] ?? []).flatMap((shape) => returningRecords(merged, shape))
}

/** A document while an update is merged into it. */
interface Merged {
  doc: Y.Doc
  transaction: Y.Transaction
  update: Uint8Array
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
        for (const key of ['deletedAt', NOTE_OVER, 'isForgotten']) if (fields.has(key)) fields.delete(key)
        continue
      }
      if (each.kind === 'forgotten') {
        doc.getMap(each.tombstone.map).set(each.tombstone.key, each.value)
        continue
      }
      for (const { map, key, value } of each.values) doc.getMap(map).set(key, value)
      const tombstones = doc.getMap(each.tombstone.map)
      if (isForgetting(tombstones.get(each.tombstone.key))) tombstones.delete(each.tombstone.key)
    }
  })
}

function returningRecords(merged: Merged, shape: Shape): Returning[] {
  const { doc, transaction } = merged
  const taken = takenIn(merged, shape)
  const again = forgottenBefore(merged, shape)
  if (taken.length === 0) return again
  const edits = editsIn(merged, shape)
  const found = new Map<string, Extract<Returning, { kind: 'record' }>>()
  const forgotten: Returning[] = []
  for (const { id, value, forgetting, isLast } of taken) {
    const tombstone = { map: shape.tombstones, key: id }
    if (edits.has(id) || !forgetting || (isLast && isRestoredUnseen(transaction, forgetting)))
      found.set(id, { kind: 'record', tombstone, values: [{ map: shape.record, key: id, value }] })
    else if (!isLast) forgotten.push({ kind: 'forgotten', tombstone, value: contentOf(forgetting) })
  }
  for (const map of found.size > 0 ? shape.parts : []) {
    for (const [key, item] of doc.getMap(map)._map) {
      const id = shape.idOf(map, key) ?? ''
      const part = found.get(id)
      const value = part && (edits.get(id)?.get(key) ?? valueIn(transaction, item))
      if (value !== undefined) part?.values.push({ map, key, value })
    }
  }
  if (shape === CAPTURE) addTitles(doc, transaction, found.values())
  return [...found.values(), ...forgotten, ...again]
}

interface Taken {
  id: string
  /** What the record held. */
  value: unknown
  /** The item of the tombstone that forgets, and whether it stands. */
  forgetting: Y.Item | undefined
  isLast: boolean
}

/** Records of which the update brought a forgetting, and that were there until then. */
function takenIn({ doc, transaction }: Merged, { record, tombstones }: Shape): Taken[] {
  const records = doc.getMap(record)
  const graves = doc.getMap(tombstones)
  const touched = [records, graves].flatMap((map) => Array.from(transaction.changed.get(map as never) ?? [], String))
  return Array.from(new Set(touched)).flatMap((id): Taken[] => {
    const item = records._map.get(id)
    const value = item && valueIn(transaction, item)
    if (!item || value === undefined) return []
    const last = graves._map.get(id)
    if (last && isForgetting(graves.get(id)))
      return isNewIn(transaction, last) ? [{ id, value, forgetting: last, isLast: true }] : []
    // Nothing took it, or what says why has not come yet.
    if (!item.deleted || doc.store.pendingStructs || doc.store.pendingDs) return []
    const forgetting = last && !last.deleted ? rowOf(last).find((each) => isForgetting(contentOf(each))) : undefined
    return [{ id, value, forgetting, isLast: false }]
  })
}

/**
 * What this device has forgotten and another deleted, whose deletion stands now: it is forgotten anew, over that, while what says so is still
 * there to be read.
 */
function forgottenBefore({ doc, transaction }: Merged, { record, tombstones }: Shape): Returning[] {
  const graves = doc.getMap(tombstones)
  return Array.from(transaction.changed.get(graves as never) ?? [], String).flatMap((id): Returning[] => {
    const [item, last] = [doc.getMap(record)._map.get(id), graves._map.get(id)]
    const isGone = !item || (item.deleted && !isLostIn(transaction, item))
    if (!isGone || !last || last.deleted || !isNewIn(transaction, last) || isForgetting(contentOf(last))) return []
    const forgetting = rowOf(last).find((each) => isForgetting(contentOf(each)))
    return forgetting && !isNewIn(transaction, forgetting)
      ? [{ kind: 'forgotten', tombstone: { map: tombstones, key: id }, value: contentOf(forgetting) }]
      : []
  })
}

/** By record and key, the edits that whoever forgot did not know. */
function editsIn(merged: Merged, { parts }: Shape): Map<string, Map<string, unknown>> {
  const edits = new Map<string, Map<string, unknown>>()
  for (const map of parts) {
    for (const key of merged.doc.getMap(map)._map.keys()) {
      const id = editedRecord(map, key)
      const value = id === undefined ? undefined : unseenIn(merged, map, key)
      if (id === undefined || value === undefined) continue
      const known = edits.get(id) ?? new Map<string, unknown>()
      edits.set(id, known.set(key, value))
    }
  }
  return edits
}

/**
 * The value of a key that whoever wrote the update did not know: it stands although they took what they knew, or it gave way to one of theirs
 * that they took themselves.
 */
function unseenIn({ doc, transaction, update }: Merged, map: string, key: string): unknown {
  const type = doc.getMap(map)
  const last = type._map.get(key)
  if (!last) return undefined
  if (!last.deleted) return contentOf(last)
  const gaveWay = rowOf(last).find(
    (item) =>
      item !== last &&
      isLostIn(transaction, item) &&
      !isNewIn(transaction, item) &&
      !wasSeen(type as never, key, item.lastId),
  )
  return gaveWay && !Y.isDeleted(Y.decodeUpdate(update).ds, gaveWay.lastId) ? contentOf(gaveWay) : undefined
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
  const row = rowOf(forgetting)
  const last = row.find((item) => !isNewIn(transaction, item))
  if (!last?.deleted || isLostIn(transaction, last)) return false
  return !row.some(
    (item) =>
      isNewIn(transaction, item) && !isForgettingItem(item) && item.origin && Y.compareIDs(item.origin, last.lastId),
  )
}

/** The items of a key, the last first. */
function rowOf(last: Y.Item): Y.Item[] {
  const row: Y.Item[] = []
  for (let item: Y.Item | null = last; item; item = item.left) row.push(item)
  return row
}

function readFields(doc: Y.Doc): [key: string, value: unknown][] {
  const { fields } = noteOf(doc)
  return NOTE_FIELDS.map((key) => [key, fields.get(key)])
}

/** The text of a note as it stood until this transaction, with what the update typed into it and did not take itself. */
function wordsIn({ doc, transaction }: Merged): string {
  let text = ''
  for (let item: Y.Item | null = noteOf(doc).body._start; item; item = item.right) {
    // What was deleted in an earlier transaction has no content any more.
    const isThere = !item.deleted || !isNewIn(transaction, item)
    if (isThere && item.content instanceof Y.ContentString) text += item.content.str
  }
  return text
}

function returningNote(merged: Merged, before: ReturnType<typeof readFields>): Returning[] {
  const { doc, transaction } = merged
  if (!isForgottenNote(doc)) return []
  const { body, fields } = noteOf(doc)
  const deletion = fields._map.get('deletedAt')
  // `forgetNote` writes both, one after the other.
  const isOfForgetting = ({ lastId: { client, clock } }: Y.Item) => {
    for (let item = fields._map.get('isForgotten'); item; item = item.left ?? undefined)
      if (item.id.client === client && item.id.clock === clock + 1) return true
    return false
  }
  const isEdited = body.length > 0 || unseenIn(merged, 'fields', 'title') !== undefined
  if (!isEdited && !(deletion && isRestoredUnseen(transaction, deletion, isOfForgetting))) return []
  const forgetting = fields._map.get('isForgotten')
  // The edits may have come in this very update, from a device that is not back yet.
  const values = before.map(([key, value]): [string, unknown] => [key, unseenIn(merged, 'fields', key) ?? value])
  return [{ kind: 'note', text: wordsIn(merged), fields: values, forgetting: forgetting ? nameOf(forgetting) : '' }]
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
