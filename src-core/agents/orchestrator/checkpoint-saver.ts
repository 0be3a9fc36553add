import type { RunnableConfig } from '@langchain/core/runnables'
import {
  BaseCheckpointSaver,
  type Checkpoint,
  type CheckpointListOptions,
  type CheckpointMetadata,
  type CheckpointTuple,
  getCheckpointId,
  type PendingWrite,
  WRITES_IDX_MAP,
} from '@langchain/langgraph-checkpoint'
import { type CheckpointRow, type CheckpointRows, onlyJson } from './checkpoint-rows.ts'

/** Keeps what LangGraph must know to go on with a turn in the store's tables. Loaded with LangGraph, at the first turn. */
export class CheckpointSaver extends BaseCheckpointSaver {
  readonly #rows: CheckpointRows

  constructor(rows: CheckpointRows) {
    super()
    this.#rows = rows
  }

  async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { threadId, namespace } = placeOf(config)
    const row = await this.#rows.get(threadId, namespace, getCheckpointId(config) || undefined)
    return row && this.#tuple(threadId, namespace, row)
  }

  async *list(config: RunnableConfig, options: CheckpointListOptions = {}): AsyncGenerator<CheckpointTuple> {
    const { threadId, namespace } = placeOf(config)
    const before = options.before?.configurable?.checkpoint_id as string | undefined
    let left = options.limit ?? Number.POSITIVE_INFINITY
    for (const row of await this.#rows.list(threadId, namespace)) {
      if (left <= 0) return
      if (before !== undefined && row.checkpointId >= before) continue
      const tuple = await this.#tuple(threadId, namespace, row)
      const metadata = (tuple.metadata ?? {}) as Record<string, unknown>
      if (!Object.entries(options.filter ?? {}).every(([key, value]) => metadata[key] === value)) continue
      left -= 1
      yield tuple
    }
  }

  async put(config: RunnableConfig, checkpoint: Checkpoint, metadata: CheckpointMetadata): Promise<RunnableConfig> {
    const { threadId, namespace } = placeOf(config)
    await this.#rows.put(threadId, namespace, {
      checkpointId: checkpoint.id,
      parentId: getCheckpointId(config) || null,
      checkpoint: onlyJson(await this.serde.dumpsTyped(checkpoint)),
      metadata: onlyJson(await this.serde.dumpsTyped(metadata)),
    })
    return configOf(threadId, namespace, checkpoint.id)
  }

  async putWrites(config: RunnableConfig, writes: PendingWrite[], taskId: string): Promise<void> {
    const { threadId, namespace } = placeOf(config)
    const rows = await Promise.all(
      writes.map(async ([channel, value], index) => ({
        taskId,
        position: WRITES_IDX_MAP[channel] ?? index,
        channel,
        value: onlyJson(await this.serde.dumpsTyped(value)),
      })),
    )
    await this.#rows.putWrites(threadId, namespace, getCheckpointId(config), rows)
  }

  deleteThread(threadId: string): Promise<void> {
    return this.#rows.delete(threadId)
  }

  async #tuple(threadId: string, namespace: string, row: CheckpointRow): Promise<CheckpointTuple> {
    const writes = await this.#rows.writes(threadId, namespace, row.checkpointId)
    return {
      config: configOf(threadId, namespace, row.checkpointId),
      checkpoint: await this.serde.loadsTyped('json', row.checkpoint),
      metadata: await this.serde.loadsTyped('json', row.metadata),
      pendingWrites: await Promise.all(
        writes.map(
          async ({ taskId, channel, value }): Promise<[string, string, unknown]> => [
            taskId,
            channel,
            await this.serde.loadsTyped('json', value),
          ],
        ),
      ),
      ...(row.parentId !== null && { parentConfig: configOf(threadId, namespace, row.parentId) }),
    }
  }
}

function placeOf({ configurable }: RunnableConfig): { threadId: string; namespace: string } {
  return { threadId: String(configurable?.thread_id), namespace: String(configurable?.checkpoint_ns ?? '') }
}

function configOf(threadId: string, namespace: string, checkpointId: string): RunnableConfig {
  return { configurable: { thread_id: threadId, checkpoint_ns: namespace, checkpoint_id: checkpointId } }
}
