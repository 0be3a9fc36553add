import type { Clock, Random } from '../../kernel/index.ts'
import type { VaultDocuments } from '../../vault/index.ts'
import { DEVICES_DOCUMENT } from '../roster.ts'
import { wrapKey } from '../wrapped-key.ts'
import type { RelayDevice, RelayHttp } from './relay-http.ts'
import { rosterWriter } from './roster-document.ts'
import type { KnownDevice } from './roster-state.ts'
import type { Session } from './session.ts'
import { epochKeyId, PHRASE, type WrappedEpochKey } from './statements.ts'
import type { VaultRoster } from './vault-roster.ts'

const KEY_BYTES = 32

export interface RevokingParts {
  http: RelayHttp
  session: Session
  documents: Pick<VaultDocuments, 'change'>
  roster: VaultRoster
  clock: Clock
  random: Random
}

/**
 * Takes a device out of the vault: the relay ends it, then `devices` says so and brings the key of the next epoch. Calling it again finishes
 * what was cut off in between.
 * @throws LvaError not-found where neither the vault nor the account has it; what the relay refuses with
 */
export async function revokeDevice(device: string, parts: RevokingParts): Promise<void> {
  const { http, session, documents, roster, clock } = parts
  const { epoch, lastSequence } = await session.authorized((token) => http.revoke(token, device))
  const atRelay = await session.authorized((token) => http.devices(token))
  const { devices } = roster.state()
  const vouched = Array.from(devices.values()).flatMap(({ id, by }) => (by === device ? [id] : []))
  const keys = roster.state().keysOf(roster.device).has(epoch) ? [] : newKeys(epoch, device, atRelay, parts)
  await documents.change(DEVICES_DOCUMENT, (doc) => {
    const writer = rosterWriter(doc, { by: roster.device, sign: roster.sign })
    const known = devices.get(device)
    // What was said of it stands: a relay that has forgotten it may name a later sequence.
    if (known && !known.revoked) writer.revocation({ device, epoch, lastSequence, vouched, at: clock.now() })
    for (const key of keys) writer.epochKey(key)
  })
}

/** A new key, wrapped for the phrase and for everybody whom neither the document nor the relay calls revoked. */
function newKeys(
  epoch: number,
  leaving: string,
  atRelay: readonly RelayDevice[],
  { roster, random }: RevokingParts,
): WrappedEpochKey[] {
  const { devices, phraseKey } = roster.state()
  const gone = new Set(atRelay.flatMap(({ id, revokedAt }) => (revokedAt ? [id] : []))).add(leaving)
  const stays = ({ id, revoked }: KnownDevice) => !revoked && !gone.has(id)
  const receivers = Array.from(devices.values())
    .filter(stays)
    .map(({ id, agreeKey }) => ({ id, agreeKey }))
  if (phraseKey) receivers.push({ id: PHRASE, agreeKey: phraseKey.key })
  const key = random.bytes(KEY_BYTES)
  const keyId = epochKeyId(key)
  return receivers.map(({ id, agreeKey }) => ({
    epoch,
    keyId,
    receiver: id,
    wrapped: wrapKey(key, epoch, agreeKey, random.bytes(KEY_BYTES)),
  }))
}
