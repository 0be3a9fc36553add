import * as Y from 'yjs'
import { documentKind } from './document-names.ts'
import { JOURNAL_MAPS, subjectOfKey } from './journal.ts'

/** Which captures and sessions of a journal, or which note, some updates of it are about, by id; null where that cannot be told of all of them. */
export function recordsIn(name: string, doc: Y.Doc, updates: readonly Uint8Array[]): Set<string> | null {
  const kind = documentKind(name)
  if (kind.kind === 'note') return new Set([kind.id])
  if (kind.kind !== 'journal') return null
  const records = new Set<string>()
  for (const update of updates) {
    const { structs, ds } = Y.decodeUpdate(update)
    const ranges = [
      ...structs.map(({ id, length }) => ({ client: id.client, clock: id.clock, len: length })),
      ...Array.from(ds.clients).flatMap(([client, deleted]) =>
        deleted.map(({ clock, len }) => ({ client, clock, len })),
      ),
    ]
    for (const { client, clock, len } of ranges) {
      for (let at = clock; at < clock + len; at += 1) {
        if (Y.getState(doc.store, client) <= at) return null
        const record = recordOf(doc, Y.getItem(doc.store, Y.createID(client, at)))
        if (record === null) return null
        if (record !== undefined) records.add(record)
      }
    }
  }
  return records
}

/** Undefined for what is of no record, null where it cannot be told. */
function recordOf(doc: Y.Doc, item: unknown): string | null | undefined {
  if (!(item instanceof Y.Item) || !(item.parent instanceof Y.AbstractType) || item.parentSub === null) return null
  const { parent, parentSub: key } = item
  const map = Array.from(doc.share).find(([, type]) => type === parent)?.[0]
  const known = JOURNAL_MAPS.find((one) => one === map)
  return known && subjectOfKey(known, key)?.id
}
