import type { Queries } from '../../store/index.ts'
import type { OutboxTable } from './outbox-table.ts'
import type { Room, Rooms } from './rooms.ts'

/**
 * Rooms of which the relay has less than this device has read, as they are to be read anew.
 * @param heads what the relay has of each room
 */
export function roomsAnew(lost: Iterable<Room>, heads: ReadonlyMap<string, number>): Room[] {
  return Array.from(lost, ({ room, doc }) => ({
    ...{ room, doc, head: heads.get(room) ?? 0 },
    ...{ cursor: 0, covered: 0, passed: 0, owesDigest: false },
  }))
}

/**
 * The relay has lost something, such as one that came back from a backup: these rooms are read from their beginning, and what this device
 * holds of them is sent again. Inside one transaction with whatever else says so: a crash leaves all of it or nothing. `rooms.forgotten`
 * follows once it has committed.
 */
export async function relayLost(
  tx: Queries,
  { vaultId, rooms, table }: { vaultId: string; rooms: Rooms; table: OutboxTable },
  anew: readonly Room[],
): Promise<void> {
  await rooms.forget(tx, anew)
  for (const { doc } of anew) {
    if (doc === null) continue
    const waits = await tx.query(`select 1 from sync_outbox where vault_id = $1 and doc = $2 and kind = 'all'`, [
      vaultId,
      doc,
    ])
    if (waits.length === 0) await table.queue(tx, doc, 'all')
  }
}
