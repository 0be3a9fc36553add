import type { Log } from '../../kernel/index.ts'
import type { CheckpointRow, CheckpointRows, WriteRow } from './checkpoint-rows.ts'

/** The checkpoints of a turn that has begun in this process. */
export interface HeldRows extends CheckpointRows {
  /** From now on there is something that a crash must not lose: all goes to the tables, in its order, and nobody waits for it. */
  keep(): void
}

/**
 * Holds the checkpoints of a turn back until they are worth keeping. Before any agent has answered, nothing would be resumed, and a turn
 * of one agent ends with its answer: neither waits for the disk. Where the tables take no more, the turn goes on, and a crash ends it.
 */
export function heldRows(rows: CheckpointRows, threadId: string, log: Log): HeldRows {
  let waiting: (() => Promise<void>)[] = []
  let writing: Promise<void> | undefined
  let isKept = false
  let isBroken = false

  async function writeAll(): Promise<void> {
    while (waiting.length > 0 && !isBroken) {
      const next = waiting
      waiting = []
      try {
        for (const write of next) await write()
      } catch (error) {
        isBroken = true
        log.warn({ error, capture: threadId }, 'the state of a turn cannot be kept')
      }
    }
    writing = undefined
  }

  async function add(write: () => Promise<void>): Promise<void> {
    waiting.push(write)
    if (isKept) writing ??= writeAll()
  }

  return {
    keep() {
      if (isKept) return
      isKept = true
      // What another try has left would be taken for a part of this one.
      waiting.unshift(() => rows.delete(threadId))
      writing ??= writeAll()
    },
    put: (thread: string, namespace: string, row: CheckpointRow) => add(() => rows.put(thread, namespace, row)),
    putWrites: (thread: string, namespace: string, checkpointId: string, of: readonly WriteRow[]) =>
      add(() => rows.putWrites(thread, namespace, checkpointId, of)),
    // A turn that begins has none.
    get: async () => undefined,
    list: async () => [],
    writes: async () => [],
    threads: () => rows.threads(),
    async delete(thread) {
      waiting = []
      await writing
      if (isKept) await rows.delete(thread)
    },
  }
}
