import type { Database } from '../../store/index.ts'
import type { Roster } from '../roster.ts'
import type { Room, Rooms } from './rooms.ts'

/**
 * Frames were passed over because nobody knew their device; where it is known now, their rooms are read again from there.
 * @returns these rooms
 */
export async function readmitted(db: Database, vaultId: string, rooms: Rooms, roster: Roster): Promise<string[]> {
  const refused = await db.query<{ room: string; position: number; device: string }>(
    `select room, position, device from sync_refused where vault_id = $1 and reason = 'stranger' order by room, position`,
    [vaultId],
  )
  const known = refused.filter(({ device }) => roster.member(device) !== undefined)
  if (known.length === 0) return []
  const again = Array.from(Map.groupBy(known, ({ room }) => room)).map(([name, frames]): Room => {
    const room = rooms.get(name)
    return { ...room, cursor: Math.min(room.cursor, (frames[0]?.position ?? 1) - 1) }
  })
  await db.transaction(async (tx) => {
    await rooms.save(tx, again)
    // What came of these devices since they are known is read once more too: it hides what came before.
    for (const { room, device } of known)
      await tx.query('delete from sync_taken where vault_id = $1 and room = $2 and device = $3', [
        vaultId,
        room,
        device,
      ])
    await tx.query(`delete from sync_refused where vault_id = $1 and reason = 'stranger' and device = any($2)`, [
      vaultId,
      known.map(({ device }) => device),
    ])
  })
  rooms.saved(again)
  return again.map(({ room }) => room)
}
