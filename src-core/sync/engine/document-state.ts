import type { Queries } from '../../store/index.ts'
import type { Roster } from '../roster.ts'
import { takenOf } from './rooms.ts'

/** Where the newest change of a document has come. */
export interface DocumentState {
  /** `here`: changes wait on this device. `sent`: the relay has all of them. */
  state: 'here' | 'sent'
  /** How many devices are known to hold all of it, this one included: they have said so themselves, signed. */
  devices: number
}

export async function documentState(db: Queries, vaultId: string, roster: Roster, doc: string): Promise<DocumentState> {
  const waits = await db.query(
    `select 1 from sync_outbox where vault_id = $1 and doc = $2 and kind <> 'digest' limit 1`,
    [vaultId, doc],
  )
  const taken = [...(await takenOf(db, vaultId, roster.keys().room(doc))).values()]
  const newest = Math.max(0, ...taken.map(({ position }) => position))
  const others = taken.filter(
    ({ device, keeps, agrees }) => device !== roster.device && keeps >= newest && agrees !== false && newest > 0,
  )
  if (waits.length > 0) return { state: 'here', devices: 1 }
  return { state: newest > 0 ? 'sent' : 'here', devices: 1 + others.length }
}
