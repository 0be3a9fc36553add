import type { Database } from '../../store/index.ts'
import type { Outgoing } from './outgoing.ts'
import type { Room, Rooms } from './rooms.ts'

/**
 * The relay has less of these rooms than this device has read, such as one that came back from a backup: they are read from their beginning,
 * and what this device holds of them is sent again.
 * @param heads what the relay has of each room
 */
export async function relayLost(
  { db, vaultId, rooms, outgoing }: { db: Database; vaultId: string; rooms: Rooms; outgoing: Outgoing },
  lost: readonly Room[],
  heads: ReadonlyMap<string, number>,
): Promise<void> {
  const anew = lost.map(
    ({ room, doc }): Room => ({
      room,
      doc,
      cursor: 0,
      head: heads.get(room) ?? 0,
      covered: 0,
      passed: 0,
      owesDigest: false,
    }),
  )
  await db.transaction(async (tx) => {
    await rooms.forget(tx, anew)
    for (const { doc } of anew) {
      if (doc === null) continue
      const waits = await tx.query(`select 1 from sync_outbox where vault_id = $1 and doc = $2 and kind = 'all'`, [
        vaultId,
        doc,
      ])
      if (waits.length === 0) await outgoing.table.queue(tx, doc, 'all')
    }
  })
  rooms.forgotten(anew)
}
