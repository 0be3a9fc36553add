import type { Queries } from '../../store/index.ts'
import type { VaultDocuments } from '../../vault/index.ts'
import type { Roster } from '../roster.ts'
import { takenOf } from './rooms.ts'

/** Where the newest change of a document, or of one record in it, has come. */
export interface DocumentState {
  /** `here`: changes of it wait on this device, or it was never sent. `sent`: the relay has acknowledged all of them. */
  state: 'here' | 'sent'
  /** How many devices are known to hold all of the document, this one included: they have said so themselves, signed. */
  devices: number
}

export interface DocumentStateParts {
  db: Queries
  vault: { id: string; documents: Pick<VaultDocuments, 'recordsIn'> }
  roster: Roster
}

/** @param record what waits of others in the document does not count then */
export async function documentState(
  { db, vault, roster }: DocumentStateParts,
  doc: string,
  record?: string,
): Promise<DocumentState> {
  const waits = await db.query<{ kind: string; content: Uint8Array | null }>(
    `select kind, content from sync_outbox where vault_id = $1 and doc = $2 and kind <> 'digest'`,
    [vault.id, doc],
  )
  const taken = [...(await takenOf(db, vault.id, roster.keys().room(doc))).values()]
  const newest = Math.max(0, ...taken.map(({ position }) => position))
  const others = taken.filter(
    ({ device, keeps, agrees }) => device !== roster.device && keeps >= newest && agrees !== false && newest > 0,
  )
  if (newest === 0 || (await concerns(vault.documents, doc, record, waits))) return { state: 'here', devices: 1 }
  return { state: 'sent', devices: 1 + others.length }
}

async function concerns(
  documents: Pick<VaultDocuments, 'recordsIn'>,
  doc: string,
  record: string | undefined,
  waits: readonly { kind: string; content: Uint8Array | null }[],
): Promise<boolean> {
  if (record === undefined || waits.some(({ kind }) => kind === 'all')) return waits.length > 0
  // A snapshot that waits says nothing that is new.
  const updates = waits.flatMap(({ kind, content }) => (content && kind !== 'snapshot' ? [content] : []))
  if (updates.length === 0) return false
  const records = await documents.recordsIn(doc, updates)
  return records === null || records.has(record)
}
