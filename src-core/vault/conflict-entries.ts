import { isDeepStrictEqual } from 'node:util'
import type * as Y from 'yjs'
import type { Queries } from '../store/index.ts'
import { conflictName, isDeletion, tombstoneOf } from './conflict-rules.ts'
import { type DocumentKind, documentKind } from './document-names.ts'
import { isId, isPlainObject, LONGEST_ID, readInstant, wellFormed } from './door.ts'
import { isForgetting, isForgottenNote } from './forgotten.ts'
import { editKey, journalOf } from './journal.ts'
import { libraryOf, partKey } from './library.ts'
import { noteOf } from './note.ts'
import { contentOf, idOf, type Noticed, nameOf, OVERWRITTEN, SETTLED, type Side, wasSeen } from './overwritten.ts'
import type { Conflict, ConflictSide } from './types.ts'

/** The entries that documents hold of their conflicts, and the rows of the table `conflicts` (docs/vault.md §6). */

/** An entry as it is read. */
export interface Entry {
  map: string
  key: string
  value: unknown
  device: string | null
  at: string | null
  over: { item: string | null; device: string | null; at: string | null }
  noticedAt: string
}

/** Writes what was noticed and not known yet. */
export function writeEntries(
  doc: Y.Doc,
  noticed: readonly Noticed[],
  deviceOf: (client: number) => string | null,
  now: string,
): void {
  const overwritten = doc.getMap(OVERWRITTEN)
  const settled = doc.getMap(SETTLED)
  const fresh = noticed.filter(({ id }) => !overwritten.has(id) && !settled.has(id))
  if (fresh.length === 0) return
  const side = ({ client, at }: Side) => ({ device: deviceOf(client), at })
  doc.transact(() => {
    for (const { id, map, key, value, lost, over } of fresh) {
      const entry = { map, key, value, ...side(lost), over: { item: over.item, ...side(over) }, noticedAt: now }
      overwritten.set(id, entry)
    }
  })
}

/** Undefined for what is none, or cannot be read. */
export function readEntry(doc: Y.Doc, id: string): Entry | undefined {
  const value = doc.getMap(OVERWRITTEN).get(id)
  if (!isPlainObject(value) || doc.getMap(SETTLED).has(id)) return undefined
  const { map, key, over } = value
  const noticedAt = readInstant(value.noticedAt)
  if (typeof map !== 'string' || typeof key !== 'string' || !noticedAt || value.value === undefined) return undefined
  const winner = isPlainObject(over) ? over : {}
  return {
    map,
    key,
    value: value.value,
    ...readSide(value),
    over: { item: typeof winner.item === 'string' ? winner.item : null, ...readSide(winner) },
    noticedAt,
  }
}

function readSide({ device, at }: Record<string, unknown>): { device: string | null; at: string | null } {
  return { device: isId(device, LONGEST_ID) ? device : null, at: readInstant(at) }
}

/** Everything of a document that waits for the learner, in the order of their ids. */
export function conflictsIn(name: string, doc: Y.Doc): Conflict[] {
  const kind = documentKind(name)
  if (kind.kind === 'other') return []
  return Array.from(doc.getMap(OVERWRITTEN).keys())
    .sort()
    .flatMap((id) => {
      const entry = isId(id, LONGEST_ID) ? readEntry(doc, id) : undefined
      // Its own author has replaced it, which came later.
      if (!entry || wasSeen(doc.getMap(entry.map), entry.key, idOf(id))) return []
      const conflict = readConflict(kind, doc, entry)
      return conflict ? [{ doc: name, id, ...conflict }] : []
    })
}

function readConflict(kind: DocumentKind, doc: Y.Doc, entry: Entry): Omit<Conflict, 'doc' | 'id'> | undefined {
  const { map, key, value, device, at, over, noticedAt } = entry
  const name = conflictName(kind, map, key)
  if (!name) return undefined
  const item = doc.getMap(map)._map.get(key)
  const now = item && !item.deleted ? contentOf(item) : undefined
  const standing = item && nameOf(item) === over.item ? over : { device: null, at: momentIn(now) }
  if (isDeletion(map, key)) {
    // Somebody has restored it since.
    if (now === undefined) return undefined
    const text = wordsOf(kind, doc, map, key)
    // Of what was forgotten, a title is not enough to bring a document back; the device that has it does so.
    if (isGoneFor(kind, doc, now) && (text === '' || map === 'documentTombstones')) return undefined
    return { ...name, lost: { value: text, device, at }, kept: { value: null, ...sideOf(standing) }, noticedAt }
  }
  if (isDeepStrictEqual(now, value)) return undefined
  // As above.
  if (map === 'documentEdits' && forgottenGrave(kind, doc, map, key)) return undefined
  return {
    ...name,
    lost: { value: shownValue(value), device, at },
    kept: { value: shownValue(now), ...sideOf(standing) },
    noticedAt,
  }
}

/** Whether the record of a tombstone was forgotten. @param tombstone its value */
export function isGoneFor(kind: DocumentKind, doc: Y.Doc, tombstone: unknown): boolean {
  return kind.kind === 'note' ? isForgottenNote(doc) : isForgetting(tombstone)
}

/** The tombstone of what a key edits, where that was forgotten. */
export function forgottenGrave(kind: DocumentKind, doc: Y.Doc, map: string, key: string) {
  const grave = tombstoneOf(kind, map, key)
  return grave && isGoneFor(kind, doc, doc.getMap(grave.map).get(grave.key)) ? grave : undefined
}

function sideOf({ device, at }: { device: string | null; at: string | null }) {
  return { device, at }
}

function momentIn(value: unknown): string | null {
  return isPlainObject(value) ? readInstant(value.at) : null
}

/** What a deleted record says. */
function wordsOf(kind: DocumentKind, doc: Y.Doc, map: string, key: string): string {
  if (kind.kind === 'note') {
    const { body, fields } = noteOf(doc)
    const title = fields.get('title')
    return wellFormed(`${typeof title === 'string' && title !== '' ? `${title}\n\n` : ''}${body.toString()}`)
  }
  const { documents, documentEdits, collectionNames } = libraryOf(doc)
  const { captures, edits } = journalOf(doc)
  const names =
    map === 'tombstones'
      ? [edits.get(editKey(key, 'userText')), captures.get(key)]
      : map === 'documentTombstones'
        ? [documentEdits.get(partKey(key, 'title')), documents.get(key)]
        : [collectionNames.get(key)]
  const shown = names.map(shownValue).find((name) => typeof name === 'string')
  return typeof shown === 'string' ? shown : ''
}

/** The words of a value, or what it is where it is no object. */
function shownValue(value: unknown): ConflictSide['value'] {
  if (isPlainObject(value)) return shownValue(value.text ?? value.userText ?? value.title ?? value.name ?? null)
  if (Array.isArray(value)) return value.map(String).join(', ')
  if (typeof value === 'string') return wellFormed(value)
  return typeof value === 'number' || typeof value === 'boolean' ? value : null
}

/** Puts the rows of one document in the place of those that there are. Inside the transaction that stores the change. */
export async function writeConflictRows(tx: Queries, vaultId: string, name: string, doc: Y.Doc): Promise<void> {
  const rows = conflictsIn(name, doc)
  await tx.query('delete from conflicts where vault_id = $1 and doc = $2', [vaultId, name])
  if (rows.length === 0) return
  await tx.query(
    `insert into conflicts (vault_id, doc, id, noticed_at, conflict)
     select $1, doc, id, "noticedAt", conflict::jsonb
     from json_to_recordset($2::json) as r(doc text, id text, "noticedAt" timestamptz, conflict json)`,
    [vaultId, JSON.stringify(rows.map((row) => ({ ...row, conflict: row })))],
  )
}
