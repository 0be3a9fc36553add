import { createHash } from 'node:crypto'
import type * as Y from 'yjs'
import { isPlainObject } from './door.ts'
import { editKey, type Journal } from './journal.ts'
import { type Library, partKey } from './library.ts'
import type { NoteDocument } from './note.ts'
import { contentOf, nameOf, OVERWRITTEN } from './overwritten.ts'

/**
 * Which edit whoever deleted a record knew (docs/vault.md §7). A deletion names it, so that an edit which they did not know is told by the
 * order in which devices saw things, and not by two clocks.
 */

/** Field of a note that says which changes of it its deletion knew: `{ at, over, aside, typed }`, `at` being that of the deletion. */
export const NOTE_OVER = 'deletedOver'

/** A value of the tombstones of captures. @param more such as the deletion of the session */
export function captureTombstone({ edits }: Journal, id: string, at: string, more: { with?: string } = {}) {
  return { at, ...more, ...knownOf(edits, 'edits', editKey(id, 'userText')) }
}

export function documentTombstone({ documentEdits }: Library, id: string, at: string) {
  return { at, ...knownOf(documentEdits, 'documentEdits', partKey(id, 'title')) }
}

export function collectionTombstone({ collectionNames }: Library, id: string, at: string) {
  return { at, ...knownOf(collectionNames, 'collectionNames', id) }
}

export function deleteNote({ body, fields }: NoteDocument, at: string): void {
  if (fields.has('deletedAt')) return
  fields.set('deletedAt', at)
  // Nobody writes the instant of an edit anew, and two edits may have the same one: it has no mark.
  const item = standing(fields, 'updatedAt')
  const typed = Object.fromEntries(lastTyped(body))
  fields.set(NOTE_OVER, { at, over: item ? nameOf(item) : null, ...asideOf(fields, 'fields', 'title'), typed })
}

export function restoreNote({ fields }: NoteDocument): void {
  for (const key of ['deletedAt', NOTE_OVER]) if (fields.has(key)) fields.delete(key)
}

/**
 * Whether a record was edited by somebody who did not know that it was deleted.
 * @param deletion what its tombstone, or the field of a note, holds
 * @param at instant of the deletion
 * @param key of its edits in the map
 * @param editedAt compared where the deletion, of an older version, does not say what it knew
 */
export function isEditedUnseen(
  deletion: unknown,
  at: string,
  { map, key, editedAt }: { map: Y.Map<unknown>; key: string; editedAt: string | null },
): boolean {
  if (!isToldBy(deletion, at)) return editedAt !== null && editedAt > at
  const item = standing(map, key)
  if (!item) return deletion.over !== null
  return nameOf(item) !== deletion.over && markOf(item) !== deletion.mark
}

/**
 * Whether characters stand in the text of a note that whoever deleted it had not seen: those of two devices stand side by side, and of
 * their instants one gives way. Not told of a deletion by an older version, which does not say what it had seen.
 */
export function isTypedUnseen(deletion: unknown, at: string, body: Y.Text): boolean {
  if (!isToldBy(deletion, at)) return false
  const { typed } = deletion
  if (!isPlainObject(typed)) return false
  return lastTyped(body).some(([client, clock]) => {
    const seen = typed[client]
    return typeof seen !== 'number' || clock > seen
  })
}

/**
 * By Yjs client, the clock of the last of its characters that stand in the text. Whoever has seen that one has seen all of this client
 * before it, and what is taken away does not come back: a later one tells what is new, and none other does.
 */
function lastTyped(body: Y.Text): [client: string, clock: number][] {
  const last = new Map<string, number>()
  for (let item = body._start; item; item = item.right) {
    if (item.deleted || !item.countable) continue
    const { client, clock } = item.lastId
    last.set(String(client), Math.max(clock, last.get(String(client)) ?? 0))
  }
  return [...last]
}

/**
 * Whether a conflict about a value of the record, which is open, was there when the record was deleted.
 * @param id of the conflict
 */
export function isKnownAside(deletion: unknown, at: string, id: string): boolean {
  return isToldBy(deletion, at) && Array.isArray(deletion.aside) && deletion.aside.includes(id)
}

function isToldBy(deletion: unknown, at: string): deletion is Record<string, unknown> {
  return isPlainObject(deletion) && deletion.over !== undefined && deletion.at === at
}

/**
 * What whoever deletes a record knows of its edits: `over` names the item that stands and `mark` its value, which several devices may
 * write anew (`returning.ts`); `aside` names those that gave way to it unseen and wait for the learner.
 */
function knownOf(map: Y.Map<unknown>, name: string, key: string) {
  const item = standing(map, key)
  return { ...(item ? { over: nameOf(item), mark: markOf(item) } : { over: null }), ...asideOf(map, name, key) }
}

function asideOf({ doc }: Y.Map<unknown>, name: string, key: string): { aside?: string[] } {
  const entries = Array.from(doc?.getMap(OVERWRITTEN).entries() ?? [])
  const isOfKey = (entry: unknown) => isPlainObject(entry) && entry.map === name && entry.key === key
  const aside = entries.flatMap(([id, entry]) => (isOfKey(entry) ? [id] : []))
  return aside.length > 0 ? { aside } : {}
}

/** The item that stands at a key. */
function standing(map: Y.Map<unknown>, key: string): Y.Item | undefined {
  const item = map._map.get(key)
  return item && !item.deleted ? item : undefined
}

/** 32 hex digits. */
function markOf(item: Y.Item): string {
  return createHash('sha256')
    .update(JSON.stringify(contentOf(item)))
    .digest('hex')
    .slice(0, 32)
}
