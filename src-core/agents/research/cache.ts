import type { Clock } from '../../kernel/index.ts'
import type { Database, Row } from '../../store/index.ts'
import type { FoundText } from './types.ts'

const MS_PER_HOUR = 3_600_000
const BYTES_PER_MB = 2 ** 20

export interface Kept {
  found: FoundText[]
  /** When it was fetched: ISO 8601. */
  at: string
}

/** What sources have answered, for a while (table `research_cache`). It is of this device, and in no backup. */
export interface ResearchCache {
  get(key: string): Promise<Kept | undefined>
  /** Keeps it, and lets go of what has expired, then of the oldest until all fits. */
  put(key: string, found: readonly FoundText[]): Promise<void>
  /** Bytes of what is kept, and how many answers that are. */
  size(): Promise<{ bytes: number; answers: number }>
  clear(): Promise<void>
}

export interface CacheParts {
  database: Database
  vaultId: string
  clock: Clock
  /** For how long an answer is kept. */
  hours: number
  /** Most that is kept, in MB of 2^20 bytes. */
  mb: number
}

export function createResearchCache({ database, vaultId, clock, hours, mb }: CacheParts): ResearchCache {
  return {
    async get(key) {
      const [row] = await database.query<{ value: FoundText[]; fetched_at: Date } & Row>(
        'select value, fetched_at from research_cache where vault_id = $1 and key = $2 and expires_at > $3',
        [vaultId, key, new Date(clock.now())],
      )
      return row && { found: row.value, at: row.fetched_at.toISOString() }
    },

    async put(key, found) {
      const now = clock.now()
      await database.transaction(async (tx) => {
        await tx.query(
          `insert into research_cache (vault_id, key, value, fetched_at, expires_at) values ($1, $2, $3, $4, $5)
           on conflict (vault_id, key) do update
           set value = excluded.value, fetched_at = excluded.fetched_at, expires_at = excluded.expires_at`,
          [vaultId, key, JSON.stringify(found), new Date(now), new Date(now + hours * MS_PER_HOUR)],
        )
        await tx.query('delete from research_cache where vault_id = $1 and expires_at <= $2', [vaultId, new Date(now)])
        // The newest that fit together stay.
        await tx.query(
          `delete from research_cache where vault_id = $1 and key in (
             select key from (
               select key, sum(octet_length(value::text) + octet_length(key))
                 over (order by fetched_at desc, key) as together
               from research_cache where vault_id = $1) as counted
             where together > $2)`,
          [vaultId, mb * BYTES_PER_MB],
        )
      })
    },

    async size() {
      const [row] = await database.query<{ bytes: number; answers: number } & Row>(
        `select coalesce(sum(octet_length(value::text) + octet_length(key)), 0)::bigint as bytes, count(*)::int as answers
         from research_cache where vault_id = $1 and expires_at > $2`,
        [vaultId, new Date(clock.now())],
      )
      return { bytes: Number(row?.bytes ?? 0), answers: row?.answers ?? 0 }
    },

    async clear() {
      await database.query('delete from research_cache where vault_id = $1', [vaultId])
    },
  }
}
