import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import {
  type Clock,
  idMaker,
  type Log,
  ManualClock,
  type NewId,
  seededRandom,
  silentLog,
  systemClock,
} from '../src-core/kernel/index.ts'
import { type Database, openStore, type Queries, type Row, type Store } from '../src-core/store/index.ts'
import { type OpenVault, openVault, type VaultLimits, type VaultTuning } from '../src-core/vault/index.ts'

/** What the vault's tests share: a database, a vault with small sizes, and whole tables to compare. */

/** Where tests of this checkout keep the ready-made database, so that it is made once and not by every test. */
export const TEMPLATE_CACHE = resolve(import.meta.dirname, '../.cache/templates')

/** Small enough that short histories roll journals over, compact documents and drop them from memory. */
export const SMALL: Partial<VaultTuning> = { journalCaptures: 4, compactRows: 5, cachedDocuments: 2 }

/** The real store of a folder. */
export function openStoreIn(dataDir: string): Promise<Store> {
  return openStore({
    dataDir,
    cacheDir: TEMPLATE_CACHE,
    host: 'cli',
    clock: systemClock,
    log: silentLog,
    statementTimeoutMs: 60_000,
  })
}

/** A real store in a folder of its own, which goes away with it. */
export async function openTestStore(): Promise<Store> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lva-vault-'))
  const store = await openStoreIn(dataDir)
  const close = async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  }
  return { ...store, close }
}

/** Vaults of one test file, so that no two make the same ids. */
let vaults = 0

/** A new vault of a database, with a clock that stands still. */
export async function openTestVault(
  db: Database,
  options: { tuning?: Partial<VaultTuning>; log?: Log; limits?: VaultLimits } = {},
): Promise<{ vault: OpenVault; clock: ManualClock; reopen: () => Promise<OpenVault> }> {
  const clock = new ManualClock(Date.UTC(2026, 10, 3, 9, 15))
  vaults += 1
  const newId = idMaker(clock, seededRandom(vaults))
  const vaultId = newId()
  const open = () =>
    openVault({ db, vaultId, clock, newId, log: silentLog, limits: { textLength: 10_000 }, ...options })
  let vault = await open()
  const reopen = async () => {
    await vault.close()
    vault = await open()
    return vault
  }
  return { vault, clock, reopen }
}

/** Brings everything that one vault holds, but its settings, to another, as from another device that has it too. */
export async function bring(from: OpenVault, to: OpenVault): Promise<void> {
  for (const name of await from.documents.names())
    if (name !== 'settings') await to.documents.apply(name, await from.documents.updateSince(name))
}

export function openSmallVault(db: Database, vaultId: string, clock: Clock, newId: NewId): Promise<OpenVault> {
  return openVault({ db, vaultId, clock, newId, log: silentLog, limits: { textLength: 10_000 }, tuning: SMALL })
}

/** Every row that is a shadow of the documents, in a fixed order, without the vault's id. */
export async function shadowsOf(db: Queries, vaultId: string): Promise<Record<string, Row[]>> {
  const keys: Record<string, string> = {
    captures: 'id',
    sessions: 'id',
    notes: 'id',
    settings: 'key',
    documents: 'id',
    collections: 'id',
    memories: 'id',
    cards: 'id',
    doc_records: 'kind, id, doc',
    conflicts: 'doc, id',
  }
  const tables: Record<string, Row[]> = {}
  for (const [table, key] of Object.entries(keys)) {
    const rows = await db.query(`select * from ${table} where vault_id = $1 order by ${key}`, [vaultId])
    tables[table] = rows.map(({ vault_id: _, ...row }) => row)
  }
  return tables
}

/** Everything that the documents hold, by document and type. */
export async function contentsOf(vault: OpenVault): Promise<Record<string, unknown>> {
  const contents: Record<string, unknown> = {}
  for (const name of await vault.documents.names()) {
    contents[name] = await vault.documents.change(name, (doc) => {
      const maps = [
        ...['captures', 'edits', 'tombstones', 'sessions', 'titles', 'deletions', 'fields', 'settings', 'vault'],
        ...['documents', 'documentEdits', 'documentOrigins', 'documentTags', 'documentCollections'],
        ...['documentTombstones', 'collections', 'collectionNames', 'collectionTombstones'],
        ...['memories', 'cards', 'forgotten', 'overwritten', 'settled'],
      ]
      return [
        name.startsWith('note:') ? doc.getText('body').toString() : '',
        ...maps.map((map) => Array.from(doc.getMap(map).entries()).sort(([a], [b]) => (a < b ? -1 : 1))),
      ]
    })
  }
  return contents
}
