import type { Backups } from '../../src-core/backup/index.ts'
import type { Services } from '../../src-core/contract/server/index.ts'
import { askForErasure, type Database, type Store, strangersIn } from '../../src-core/store/index.ts'
import type { KeptSecrets } from './kept-secrets.ts'

export interface ErasureParts {
  store: Store
  vaultId: string
  backups: Backups
  secrets: KeptSecrets
  /** Ends sync: what is emptied is neither sent nor filled again. */
  leaveSync: () => Promise<void>
  restart: () => void
}

/** Deletes all that this program keeps (docs/backup.md §10). What can only go while nothing is open goes at the start that follows. */
export function createErasure({
  store,
  vaultId,
  backups,
  secrets,
  leaveSync,
  restart,
}: ErasureParts): Services['erase'] {
  return async (withBackups) => {
    await leaveSync()
    const { setUp } = await backups.status()
    const unreachedPlaces = withBackups ? await backups.removeAll() : []
    const kept = await secrets.get()
    await secrets.change(Object.fromEntries(Object.keys(kept).map((name) => [name, null])))
    // A database on a server does not go with the folder.
    if (store.database.kind === 'server') await emptyTables(store.database, vaultId)
    const strangers = strangersIn(store.folder)
    askForErasure(store.folder)
    restart()
    return { unreachedPlaces, keptBackups: setUp && !withBackups, strangers }
  }
}

async function emptyTables(database: Database, vaultId: string): Promise<void> {
  const tables = await database.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.columns
     where table_schema = current_schema() and column_name = 'vault_id'`,
  )
  await database.transaction(async (tx) => {
    for (const { name } of tables) await tx.query(`delete from ${name} where vault_id = $1`, [vaultId])
  })
}
