import type * as Y from 'yjs'
import type { Queries } from '../store/index.ts'
import { type Entry, forgottenGrave, isGoneFor, readEntry } from './conflict-entries.ts'
import { isDeletion } from './conflict-rules.ts'
import { type Core, nowOf, writeStep } from './core.ts'
import { documentKind } from './document-names.ts'
import { isPlainObject } from './door.ts'
import { removeForgottenFrom } from './forgotten.ts'
import { editKey, journalOf } from './journal.ts'
import { fieldKey, isKept, recordOfKey } from './kept-records.ts'
import { libraryOf } from './library.ts'
import { OVERWRITTEN, SETTLED } from './overwritten.ts'
import { notFound } from './reads.ts'
import type { Conflict, Vault } from './types.ts'
import type { DocOf } from './writer.ts'

/** What was overwritten unseen, of an open vault; `Vault['conflicts']` says what each function does. */
export function conflictsOf(core: Core): Vault['conflicts'] {
  const { db, vaultId, writer } = core
  return {
    list: async () => {
      const rows = await db.query<{ conflict: Conflict }>(
        `select conflict from conflicts where vault_id = $1 order by noticed_at desc, doc collate "C", id collate "C"`,
        [vaultId],
      )
      return rows.map(({ conflict }) => conflict)
    },
    count: () => countConflicts(db, vaultId),
    settle: (name, id, choice) =>
      writer.exclusively(async () => {
        const [row] = await db.query('select 1 from conflicts where vault_id = $1 and doc = $2 and id = $3', [
          vaultId,
          name,
          id,
        ])
        if (!row) throw notFound('This conflict')
        const gone = new Set<string>()
        const settle = (docOf: DocOf) => {
          const doc = docOf(name)
          const entry = readEntry(doc, id)
          if (!entry) throw notFound('This conflict')
          const now = nowOf(core)
          const kind = documentKind(name)
          const isForgotten =
            isDeletion(entry.map, entry.key) && isGoneFor(kind, doc, doc.getMap(entry.map).get(entry.key))
          const subject = kind.kind === 'note' ? kind.id : entry.key
          if (choice === 'restore') restore(name, doc, entry, now)
          else if (isForgotten) {
            removeForgottenFrom(doc, kind, new Set([subject]))
            gone.add(subject)
          }
          doc.getMap(SETTLED).set(id, { at: now, restored: choice === 'restore' })
          doc.getMap(OVERWRITTEN).delete(id)
        }
        await writeStep(core, [name], settle, (tx) => writer.owesErasing(tx, gone.size > 0 ? [name] : []))
        if (gone.size === 0) return
        core.history.dropSubjects(name, gone)
        await writer.erasePast([name])
      }),
  }
}

async function countConflicts(queries: Queries, vaultId: string): Promise<number> {
  const [row] = await queries.query<{ count: number }>(
    'select count(*)::int as count from conflicts where vault_id = $1',
    [vaultId],
  )
  return row?.count ?? 0
}

function restore(name: string, doc: Y.Doc, { map, key, value }: Entry, now: string): void {
  const values = doc.getMap(map)
  if (isDeletion(map, key)) {
    values.delete(key)
    bringRecord(name, doc, map, key)
  } else {
    const grave = forgottenGrave(documentKind(name), doc, map, key)
    values.set(key, isPlainObject(value) && typeof value.at === 'string' ? { ...value, at: now } : value)
    if (grave) {
      doc.getMap(grave.map).delete(grave.key)
      bringRecord(name, doc, grave.map, grave.key)
    }
  }
  const { kind } = documentKind(name)
  const id = recordOfKey(key)
  if (kind === 'note') values.set('updatedAt', now)
  if (isKept(kind) && id !== undefined) values.set(fieldKey(id, 'updatedAt'), now)
}

/** Of what was forgotten here, and edited on a device that is not back, the edit alone is left: it becomes the record. */
function bringRecord(name: string, doc: Y.Doc, map: string, id: string): void {
  if (documentKind(name).kind === 'note') {
    doc.getMap(map).delete('isForgotten')
    return
  }
  const { captures, edits } = journalOf(doc)
  const edit = edits.get(editKey(id, 'userText'))
  if (map === 'tombstones' && !captures.has(id) && isPlainObject(edit))
    captures.set(id, { sessionId: id, createdAt: edit.at, source: 'text', userText: edit.text })
  const { collections, collectionNames } = libraryOf(doc)
  const naming = collectionNames.get(id)
  if (map === 'collectionTombstones' && !collections.has(id) && isPlainObject(naming))
    collections.set(id, { createdAt: naming.at })
}
