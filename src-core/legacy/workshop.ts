import type { Clock } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import type { OpenVault } from '../vault/index.ts'
import type { ImportRecords } from './import-records.ts'
import type { ApologyFlag } from './mapping.ts'

/** What every part of the import works with. */
export interface Workshop {
  db: Database
  vault: OpenVault
  vaultId: string
  clock: Clock
  records: ImportRecords
  /** Longest text of a capture, in UTF-16 code units. */
  textLength: number
  apologies: ReadonlyMap<string, ApologyFlag>
  /** Dumps the vault; answers the file's name, or null where somebody else keeps the database. */
  takeDump(): Promise<string | null>
  /** Whether the dump of that name is still there. */
  hasDump(name: string): boolean
  /** Bytes that are free where the vault lies. */
  freeBytes(): Promise<number>
}
