import type * as Y from 'yjs'
import { isPlainObject } from './door.ts'
import { editKey, type Journal } from './journal.ts'
import { type Library, partKey } from './library.ts'
import type { NoteDocument } from './note.ts'
import { nameOf } from './overwritten.ts'

/**
 * Which edit whoever deleted a record knew (docs/vault.md §7). A deletion names it, so that an edit which they did not know is told by the
 * order in which devices saw things, and not by two clocks.
 */

/** Field of a note that says which change of it its deletion knew: `{ at, over }`, `at` being that of the deletion. */
export const NOTE_OVER = 'deletedOver'

/** A value of the tombstones of captures. @param more such as the deletion of the session */
export function captureTombstone({ edits }: Journal, id: string, at: string, more: { with?: string } = {}) {
  return { at, ...more, over: newest(edits, editKey(id, 'userText')) }
}

export function documentTombstone({ documentEdits }: Library, id: string, at: string) {
  return { at, over: newest(documentEdits, partKey(id, 'title')) }
}

export function collectionTombstone({ collectionNames }: Library, id: string, at: string) {
  return { at, over: newest(collectionNames, id) }
}

export function deleteNote({ fields }: NoteDocument, at: string): void {
  if (fields.has('deletedAt')) return
  fields.set('deletedAt', at)
  fields.set(NOTE_OVER, { at, over: newest(fields, 'updatedAt') })
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
  const isTold = isPlainObject(deletion) && deletion.over !== undefined && deletion.at === at
  return isTold ? newest(map, key) !== deletion.over : editedAt !== null && editedAt > at
}

/** Name of the item that stands at a key; null where there is none. */
function newest(map: Y.Map<unknown>, key: string): string | null {
  const item = map._map.get(key)
  return item && !item.deleted ? nameOf(item) : null
}
