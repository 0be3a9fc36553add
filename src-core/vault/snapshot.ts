import type { Closable } from '../kernel/index.ts'
import type { Database, Queries, SqlValue } from '../store/index.ts'
import type { Core } from './core.ts'

/** One row of `doc_updates`. */
export interface StoredUpdate {
  doc: string
  seq: number
  update: Uint8Array
  /** Milliseconds since 1970. */
  createdAt: number
}

/** How much a vault holds. */
export interface VaultCounts {
  documents: number
  updates: number
  captures: number
  sessions: number
  notes: number
  settings: number
}

/** The vault as it was at one instant, for as long as this is open; everybody else goes on working. Closing it lets documents be compacted again. */
export interface VaultSnapshot extends Closable {
  readonly counts: VaultCounts
  /** Bytes of all updates, for progress. */
  readonly bytes: number
  /** SHA-256 of the recordings and pictures that captures name and of the files of documents, sorted. */
  readonly blobs: readonly string[]
  /** Every update, by document (in the order of its UTF-8 bytes) and `seq`. Read in batches. */
  updates(): AsyncIterable<StoredUpdate>
}

/** Documents are read together up to as many bytes; a larger one is read by itself. */
const BATCH_BYTES = 4 * 2 ** 20
const BATCH_DOCUMENTS = 500
/** Rows in one statement, below the number of parameters that Postgres takes. */
const INSERT_ROWS = 200

interface Bound {
  doc: string
  seq: number
  rows: number
  bytes: number
}

/** Notes in the writer's turn what there is, and reads it later: rows are only ever appended while compaction waits. */
export function takeSnapshot({ db, vaultId, writer }: Core): Promise<VaultSnapshot> {
  return writer.exclusively(async () => {
    const goOn = writer.holdCompaction()
    try {
      const bounds = await readBounds(db, vaultId)
      const counts = await countVault(db, vaultId)
      const blobs = await db.query<{ name: string }>(
        `select audio_sha256 collate "C" as name from captures where vault_id = $1 and audio_sha256 is not null
         union select picture->>'sha256' collate "C" from captures cross join lateral jsonb_array_elements(pictures) as picture
           where vault_id = $1 and pictures is not null
         union select sha256 from documents where vault_id = $1 order by 1`,
        [vaultId],
      )
      return {
        counts,
        bytes: bounds.reduce((sum, { bytes }) => sum + bytes, 0),
        blobs: blobs.map(({ name }) => name),
        updates: () => readUpdates(db, vaultId, bounds),
        close: async () => goOn(),
      }
    } catch (error) {
      goOn()
      throw error
    }
  })
}

/** Counts the documents and what their tables show. */
export async function countVault(queries: Queries, vaultId: string): Promise<VaultCounts> {
  const [counts] = await queries.query<VaultCounts & Record<string, unknown>>(
    `select (select count(distinct doc) from doc_updates where vault_id = $1) as documents,
            (select count(*) from doc_updates where vault_id = $1) as updates,
            (select count(*) from captures where vault_id = $1) as captures,
            (select count(*) from sessions where vault_id = $1) as sessions,
            (select count(*) from notes where vault_id = $1) as notes,
            (select count(*) from settings where vault_id = $1) as settings`,
    [vaultId],
  )
  return counts as VaultCounts
}

/** Writes updates into a database that has none of that vault, in one transaction; `rebuild` then makes the tables. */
export function loadUpdates(db: Database, vaultId: string, updates: AsyncIterable<StoredUpdate>): Promise<void> {
  return db.transaction(async (tx) => {
    let rows: StoredUpdate[] = []
    let bytes = 0
    const flush = async () => {
      if (rows.length === 0) return
      const params: SqlValue[] = [vaultId]
      const values = rows.map(({ doc, seq, update, createdAt }) => {
        params.push(doc, seq, update, new Date(createdAt))
        const last = params.length
        return `($1, $${last - 3}, $${last - 2}::bigint, $${last - 1}::bytea, $${last}::timestamptz)`
      })
      await tx.query(
        `insert into doc_updates (vault_id, doc, seq, "update", created_at) values ${values.join(', ')}`,
        params,
      )
      rows = []
      bytes = 0
    }
    for await (const row of updates) {
      rows.push(row)
      bytes += row.update.length
      if (rows.length >= INSERT_ROWS || bytes >= BATCH_BYTES) await flush()
    }
    await flush()
  })
}

async function readBounds(db: Database, vaultId: string): Promise<Bound[]> {
  const bounds = await db.query<Bound & Record<string, unknown>>(
    `select doc, max(seq) as seq, count(*) as rows, sum(octet_length("update"))::int8 as bytes
     from doc_updates where vault_id = $1 group by doc`,
    [vaultId],
  )
  return bounds.sort((a, b) => Buffer.compare(Buffer.from(a.doc), Buffer.from(b.doc)))
}

async function* readUpdates(db: Database, vaultId: string, bounds: readonly Bound[]): AsyncGenerator<StoredUpdate> {
  for (const batch of batches(bounds)) {
    const rows = await db.query<{ doc: string; seq: number; update: Uint8Array; created_at: Date }>(
      'select doc, seq, "update", created_at from doc_updates where vault_id = $1 and doc = any($2::text[]) order by seq',
      [vaultId, batch.map(({ doc }) => doc)],
    )
    const byDocument = Map.groupBy(rows, ({ doc }) => doc)
    for (const { doc, seq } of batch) {
      for (const row of byDocument.get(doc) ?? []) {
        // What was written since belongs to the next snapshot.
        if (row.seq <= seq) yield { doc, seq: row.seq, update: row.update, createdAt: row.created_at.getTime() }
      }
    }
  }
}

function* batches(bounds: readonly Bound[]): Generator<Bound[]> {
  let batch: Bound[] = []
  let bytes = 0
  for (const bound of bounds) {
    if (batch.length > 0 && (bytes + bound.bytes > BATCH_BYTES || batch.length >= BATCH_DOCUMENTS)) {
      yield batch
      batch = []
      bytes = 0
    }
    batch.push(bound)
    bytes += bound.bytes
  }
  if (batch.length > 0) yield batch
}
