import type * as Y from 'yjs'
import type { Queries } from '../store/index.ts'
import { type Entry, readEntry } from './conflict-entries.ts'
import { isDeletion } from './conflict-rules.ts'
import { type Core, nowOf, writeStep } from './core.ts'
import { documentKind } from './document-names.ts'
import { isPlainObject } from './door.ts'
import { fieldKey, isKept, recordOfKey } from './kept-records.ts'
import { OVERWRITTEN, SETTLED } from './overwritten.ts'
import { notFound } from './reads.ts'
import type { Conflict, Vault } from './types.ts'

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
        await writeStep(core, [name], (docOf) => {
          const doc = docOf(name)
          const entry = readEntry(doc, id)
          if (!entry) throw notFound('This conflict')
          const now = nowOf(core)
          if (choice === 'restore') restore(name, doc, entry, now)
          doc.getMap(SETTLED).set(id, { at: now, restored: choice === 'restore' })
          doc.getMap(OVERWRITTEN).delete(id)
        })
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
  if (isDeletion(map, key)) values.delete(key)
  else values.set(key, isPlainObject(value) && typeof value.at === 'string' ? { ...value, at: now } : value)
  const { kind } = documentKind(name)
  const id = recordOfKey(key)
  if (kind === 'note') values.set('updatedAt', now)
  if (isKept(kind) && id !== undefined) values.set(fieldKey(id, 'updatedAt'), now)
}
