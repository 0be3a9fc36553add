import type * as Y from 'yjs'
import { type Core, nowOf } from './core.ts'
import {
  isPlainObject,
  takeInstant,
  takeLongText,
  takeMetadata,
  takeRecordId,
  takeSessionId,
  toJson,
  wellFormed,
} from './door.ts'
import { editKey, journalOf } from './journal.ts'
import { placesFor } from './journal-places.ts'
import { readCapture } from './projection.ts'
import type { Capture, ImportedCapture, ImportedRecord, Vault } from './types.ts'

/** Begins `with` in the tombstone of a capture that the rollback of an import took away. */
const WITHDRAWN_BY = 'import:'

/** Captures that come from elsewhere with ids and instants of their own; `Vault['imports']` says what each function does. */
export function importsOf(core: Core): Vault['imports'] {
  const { writer } = core
  return {
    add: async (items) => {
      const taken = Array.from(new Map(items.map((item) => [item.id, item])).values(), (item) =>
        take(item, core.limits.textLength),
      )
      return writer.exclusively(async () => {
        const found = await findRecords(
          core,
          taken.map(({ id }) => id),
        )
        const fresh = taken.filter(({ id }) => !found.has(id))
        const withdrawn = taken.filter(({ id }) => found.get(id)?.record.withdrawnBy != null)
        const places = await placesFor(core, fresh, ({ size }) => size)
        for (const item of withdrawn) places.set(item, (found.get(item.id) as Found).name)
        await writer.write(
          [...new Set(places.values())],
          (docOf) => {
            for (const [item, name] of places) {
              const { captures, edits, tombstones } = journalOf(docOf(name))
              captures.set(item.id, item.record)
              if (item.answer) edits.set(editKey(item.id, 'answer'), item.answer)
              tombstones.delete(item.id)
            }
          },
          new Set(fresh.map(({ id }) => id)),
        )
        return { added: fresh.length + withdrawn.length, known: taken.length - fresh.length - withdrawn.length }
      })
    },

    withdraw: async (ids, by) => {
      const wanted = ids.map(takeRecordId)
      const mark = { at: nowOf(core), with: `${WITHDRAWN_BY}${by}` }
      return writer.exclusively(async () => {
        const found = await findRecords(core, wanted)
        const live = [...found].filter(([, { record }]) => record.state === 'live')
        const names = new Set(live.flatMap(([, { names: all }]) => all))
        await writer.write([...names], (docOf) => {
          for (const [id, { names: holders }] of live) {
            for (const name of holders) journalOf(docOf(name)).tombstones.set(id, mark)
          }
        })
        return live.length
      })
    },

    records: async (ids) => {
      const wanted = ids.map(takeRecordId)
      return writer.exclusively(async () =>
        Array.from((await findRecords(core, wanted)).values(), ({ record }) => record),
      )
    },
  }
}

function take(item: ImportedCapture, longest: number) {
  const metadata = takeMetadata(item.metadata)
  return {
    id: takeRecordId(item.id),
    answer: item.answer && toJson(item.answer),
    createdAt: takeInstant(item.createdAt, 'The instant of a capture'),
    /** UTF-16 code units, about. */
    size: item.userText.length + (item.answer?.text.length ?? 0),
    record: {
      sessionId: takeSessionId(item.sessionId),
      createdAt: takeInstant(item.createdAt, 'The instant of a capture'),
      source: 'import' as const,
      userText: takeLongText(item.userText, longest),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata }),
    },
  }
}

interface Found {
  /** The journal whose record counts. */
  name: string
  /** Every journal that holds a record of it. */
  names: string[]
  record: ImportedRecord
}

/** What the documents hold of these captures, deleted ones too; those of which there is no record are missing. */
async function findRecords(core: Core, ids: readonly string[]): Promise<Map<string, Found>> {
  const rows = await core.db.query<{ id: string; doc: string; live: boolean }>(
    `select id, doc, live from doc_records where vault_id = $1 and kind = 'capture' and id = any($2::text[])
    order by live desc, doc collate "C"`,
    [core.vaultId, ids],
  )
  const holders = Map.groupBy(rows, ({ id }) => id)
  const found = new Map<string, Found>()
  // Document by document: more may be needed than stay in memory.
  const byDoc = Map.groupBy(holders.values(), ([first]) => first?.doc ?? '')
  for (const [name, group] of byDoc) {
    const { doc } = await core.documents.open(core.db, name)
    for (const records of group) {
      const id = records[0]?.id ?? ''
      found.set(id, { name, names: records.map(({ doc: holder }) => holder), record: readRecord(core, doc, name, id) })
    }
  }
  return found
}

function readRecord(core: Core, doc: Y.Doc, name: string, id: string): ImportedRecord {
  const journal = journalOf(doc)
  const tombstone = journal.tombstones.get(id)
  const by = isPlainObject(tombstone) ? String(tombstone.with ?? '') : ''
  const written = journal.captures.get(id)
  const capture = readCapture(journal, id, core.writer.report(name))
  return {
    id,
    capture: capture && { ...capture, userText: writtenText(written, capture) },
    edited: capture?.editedAt != null,
    state: tombstone === undefined ? 'live' : 'deleted',
    withdrawnBy: by.startsWith(WITHDRAWN_BY) ? by.slice(WITHDRAWN_BY.length) : null,
  }
}

/** What the capture said before anybody edited it. */
function writtenText(record: unknown, { userText }: Capture): string {
  return isPlainObject(record) && typeof record.userText === 'string' ? wellFormed(record.userText) : userText
}
