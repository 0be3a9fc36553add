import { LvaError } from '../../kernel/index.ts'
import type { Database, Row } from '../../store/index.ts'

export interface CheckpointRow {
  checkpointId: string
  parentId: string | null
  checkpoint: Uint8Array
  metadata: Uint8Array
}

export interface WriteRow {
  taskId: string
  position: number
  channel: string
  value: Uint8Array
}

/** The tables `turn_checkpoints` and `turn_writes` of one vault. A thread is the capture that is answered. */
export interface CheckpointRows {
  put(threadId: string, namespace: string, row: CheckpointRow): Promise<void>
  putWrites(threadId: string, namespace: string, checkpointId: string, rows: readonly WriteRow[]): Promise<void>
  /** That checkpoint, or the newest. */
  get(threadId: string, namespace: string, checkpointId?: string): Promise<CheckpointRow | undefined>
  /** The newest first. */
  list(threadId: string, namespace: string): Promise<CheckpointRow[]>
  writes(threadId: string, namespace: string, checkpointId: string): Promise<WriteRow[]>
  /** Turns that have not ended. */
  threads(): Promise<string[]>
  delete(threadId: string): Promise<void>
}

export function checkpointRows(database: Database, vaultId: string, now: () => number): CheckpointRows {
  const COLUMNS = `checkpoint_id as "checkpointId", parent_id as "parentId", checkpoint, metadata`
  return {
    async put(threadId, namespace, { checkpointId, parentId, checkpoint, metadata }) {
      await database.query(
        `insert into turn_checkpoints
           (vault_id, thread_id, namespace, checkpoint_id, parent_id, checkpoint, metadata, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (vault_id, thread_id, namespace, checkpoint_id)
         do update set checkpoint = excluded.checkpoint, metadata = excluded.metadata`,
        [vaultId, threadId, namespace, checkpointId, parentId, checkpoint, metadata, new Date(now())],
      )
    },
    async putWrites(threadId, namespace, checkpointId, rows) {
      if (rows.length === 0) return
      const values = rows.map((_, row) => `($1, $2, $3, $4, ${[5, 6, 7, 8].map((n) => `$${4 * row + n}`).join(', ')})`)
      await database.query(
        `insert into turn_writes (vault_id, thread_id, namespace, checkpoint_id, task_id, position, channel, value)
         values ${values.join(', ')}
         on conflict (vault_id, thread_id, namespace, checkpoint_id, task_id, position)
         do update set channel = excluded.channel, value = excluded.value`,
        [
          ...[vaultId, threadId, namespace, checkpointId],
          ...rows.flatMap(({ taskId, position, channel, value }) => [taskId, position, channel, value]),
        ],
      )
    },
    async get(threadId, namespace, checkpointId) {
      const [row] = await database.query<CheckpointRow & Row>(
        `select ${COLUMNS} from turn_checkpoints
         where vault_id = $1 and thread_id = $2 and namespace = $3 and ($4::text is null or checkpoint_id = $4)
         order by checkpoint_id desc limit 1`,
        [vaultId, threadId, namespace, checkpointId ?? null],
      )
      return row
    },
    list: (threadId, namespace) =>
      database.query<CheckpointRow & Row>(
        `select ${COLUMNS} from turn_checkpoints where vault_id = $1 and thread_id = $2 and namespace = $3
         order by checkpoint_id desc`,
        [vaultId, threadId, namespace],
      ),
    writes: (threadId, namespace, checkpointId) =>
      database.query<WriteRow & Row>(
        `select task_id as "taskId", position, channel, value from turn_writes
         where vault_id = $1 and thread_id = $2 and namespace = $3 and checkpoint_id = $4
         order by task_id, position`,
        [vaultId, threadId, namespace, checkpointId],
      ),
    async threads() {
      const rows = await database.query<{ threadId: string }>(
        `select distinct thread_id as "threadId" from turn_checkpoints where vault_id = $1 order by 1`,
        [vaultId],
      )
      return rows.map(({ threadId }) => threadId)
    },
    async delete(threadId) {
      await database.transaction(async (tx) => {
        await tx.query('delete from turn_writes where vault_id = $1 and thread_id = $2', [vaultId, threadId])
        await tx.query('delete from turn_checkpoints where vault_id = $1 and thread_id = $2', [vaultId, threadId])
      })
    },
  }
}

/** The state of a turn is plain JSON; anything else would not be read again as it was. */
export function onlyJson([type, bytes]: [string, Uint8Array]): Uint8Array {
  if (type !== 'json') throw new LvaError('internal', `A checkpoint holds a value of the type ${type}.`)
  return bytes
}
