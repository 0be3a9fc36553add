import { isDeepStrictEqual } from 'node:util'
import * as Y from 'yjs'
import { isPlainObject, type Json, readInstant, toJson } from './door.ts'

/**
 * Which values a merge overwrites that whoever overwrote them had not seen (docs/vault.md §6). Told from the document alone: every device
 * that takes the same updates comes to the same ids.
 */

/** Map of what was overwritten and is not settled, in the document itself. */
export const OVERWRITTEN = 'overwritten'
/** Map of what the learner has settled. */
export const SETTLED = 'settled'

/** A type of Yjs, whatever its events. */
type Shared = ReturnType<Y.Doc['get']>

/** What of a document counts. */
export interface ConflictRules {
  /** Whether the key of this map is a field whose value must not be lost. */
  isField(map: string, key: string): boolean
  /** The key that deletes what this one belongs to. @param key null for a text */
  tombstoneOf(map: string, key: string | null): { map: string; key: string } | undefined
  /** The key that says when the field of this one was changed, where its value does not say so itself. */
  stampOf(map: string, key: string): string | undefined
  /** Not noticed, such as what belongs to a forgotten record. */
  isLeftOut(map: string, key: string): boolean
}

/** One side of a conflict: the Yjs client that wrote it, and when it says it did. */
export interface Side {
  item: string
  client: number
  at: string | null
}

/** A value that was overwritten unseen, or a deletion of something that was edited unseen (`value` is null then). */
export interface Noticed {
  /** `<client>:<clock>` of the item that lost. */
  id: string
  map: string
  key: string
  value: Json
  lost: Side
  over: Side
}

/**
 * Runs `merge`, which applies one update of another device in one transaction.
 * @returns what it overwrote that its author had not seen
 */
export function noticing(doc: Y.Doc, rules: ConflictRules, update: Uint8Array, merge: () => void): Noticed[] {
  const noticed: (Noticed & { isNew: boolean })[] = []
  const onTransaction = (transaction: Y.Transaction) => {
    noticed.push(...overwrittenIn(doc, rules, transaction), ...deletedIn(doc, rules, transaction))
  }
  doc.on('afterTransaction', onTransaction)
  try {
    merge()
  } finally {
    doc.off('afterTransaction', onTransaction)
  }
  if (!noticed.some(({ isNew }) => isNew)) return noticed
  // What came and went at once was deleted by somebody who knew it.
  const { ds } = Y.decodeUpdate(update)
  return noticed.filter(({ isNew, lost }) => !isNew || !Y.isDeleted(ds, idOf(lost.item)))
}

function* overwrittenIn(doc: Y.Doc, rules: ConflictRules, transaction: Y.Transaction) {
  const deleted: Y.Item[] = []
  Y.iterateDeletedStructs(transaction, transaction.deleteSet, (struct) => {
    if (struct instanceof Y.Item && struct.parentSub !== null) deleted.push(struct)
  })
  for (const item of deleted) {
    const place = placeOf(doc, item)
    if (!place || !rules.isField(place.map, place.key) || rules.isLeftOut(place.map, place.key)) continue
    const value = contentOf(item)
    const winner = place.type._map.get(place.key)
    if (value === undefined || !winner || winner === item || wasSeen(place.type, place.key, item.lastId)) continue
    if (!winner.deleted && isDeepStrictEqual(contentOf(winner), value)) continue
    yield {
      id: nameOf(item),
      map: place.map,
      key: place.key,
      value: toJson(value),
      lost: sideOf(rules, place, item),
      over: sideOf(rules, place, winner),
      isNew: isNewIn(transaction, item),
    }
  }
}

/** Edits that came for something that is deleted here: their device did not know of that. */
function* deletedIn(doc: Y.Doc, rules: ConflictRules, transaction: Y.Transaction) {
  for (const [type, keys] of transaction.changed) {
    const map = rootName(doc, type)
    if (map === undefined) continue
    for (const key of keys) {
      const grave = rules.tombstoneOf(map, key)
      const tombstone = grave && (doc.getMap(grave.map) as Y.Map<unknown>)._map.get(grave.key)
      if (!grave || !tombstone || tombstone.deleted || isNewIn(transaction, tombstone)) continue
      const edit = key === null ? newestIn(transaction, type) : type._map.get(key)
      if (!edit || edit.deleted || !isNewIn(transaction, edit)) continue
      if (key !== null && isWrittenAnew(transaction, edit)) continue
      yield {
        id: nameOf(tombstone),
        ...grave,
        value: null,
        lost: sideOf(rules, { map, key: key ?? '', type }, edit),
        over: sideOf(rules, { ...grave, type: doc.getMap(grave.map) }, tombstone),
        isNew: false,
      }
    }
  }
}

/** Whether the item has the value of the one that stood until this transaction: several devices write what returns (`returning.ts`). */
function isWrittenAnew(transaction: Y.Transaction, edit: Y.Item): boolean {
  let before = edit.left
  while (before && isNewIn(transaction, before)) before = before.left
  return before !== null && isDeepStrictEqual(contentOf(before), contentOf(edit))
}

/**
 * Whoever sets a key names the item that was there as the origin of theirs. Yjs joins items that are gone only where the second has the
 * first as its origin.
 */
export function wasSeen(type: Shared, key: string, id: Y.ID): boolean {
  for (let item = type._map.get(key); item; item = item.left ?? undefined) {
    const isInside = item.id.client === id.client && item.id.clock <= id.clock && id.clock < item.lastId.clock
    if (isInside || Y.compareIDs(item.origin, id)) return true
  }
  return false
}

/** The last item that the transaction brought into a text. */
function newestIn(transaction: Y.Transaction, type: Shared): Y.Item | undefined {
  let newest: Y.Item | undefined
  for (let item = type._start; item; item = item.right) {
    if (!item.deleted && item.length > 0 && isNewIn(transaction, item)) newest = item
  }
  return newest
}

/** Whether the transaction brought the item. */
export function isNewIn({ beforeState }: Y.Transaction, { id, length }: Y.Item): boolean {
  return id.clock + length > (beforeState.get(id.client) ?? 0)
}

interface Place {
  map: string
  key: string
  type: Shared
}

function placeOf(doc: Y.Doc, item: Y.Item): Place | undefined {
  const { parent, parentSub } = item
  if (!(parent instanceof Y.AbstractType) || parentSub === null) return undefined
  const map = rootName(doc, parent)
  return map === undefined ? undefined : { map, key: parentSub, type: parent }
}

function rootName(doc: Y.Doc, type: Shared): string | undefined {
  if (type._item !== null) return undefined
  for (const [name, root] of doc.share) if (root === type) return name
  return undefined
}

function sideOf(rules: ConflictRules, { map, key, type }: Place, item: Y.Item): Side {
  const value = contentOf(item)
  const own = isPlainObject(value) ? readInstant(value.at) : key === 'deletedAt' ? readInstant(value) : null
  return { item: nameOf(item), client: item.id.client, at: own ?? stampedAt(rules.stampOf(map, key), type, item) }
}

/** What the same device wrote next at the key that says when. */
function stampedAt(stamp: string | undefined, type: Shared, { id }: Y.Item): string | null {
  let found: Y.Item | undefined
  for (let item = stamp === undefined ? undefined : type._map.get(stamp); item; item = item.left ?? undefined) {
    const isCandidate = item.id.client === id.client && item.id.clock > id.clock && contentOf(item) !== undefined
    if (isCandidate && (!found || item.id.clock < found.id.clock)) found = item
  }
  return found ? readInstant(contentOf(found)) : null
}

/** Undefined where Yjs has collected it. */
export function contentOf(item: Y.Item): unknown {
  return item.content instanceof Y.ContentAny ? item.content.arr.at(-1) : undefined
}

/** `<client>:<clock>` of an item that holds one value. */
export function nameOf(item: Y.Item): string {
  const { client, clock } = item.lastId
  return `${client}:${clock}`
}

/** The id that `nameOf` names. */
export function idOf(name: string): Y.ID {
  const [client, clock] = name.split(':').map(Number)
  return Y.createID(client ?? 0, clock ?? 0)
}
