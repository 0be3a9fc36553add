import { DEVICES_DOCUMENT } from '../roster.ts'
import { wrapKey } from '../wrapped-key.ts'
import type { RevokingParts } from './revoking.ts'
import { rosterWriter } from './roster-document.ts'
import { epochKeyId, PHRASE, type WrappedEpochKey } from './statements.ts'
import type { VaultRoster } from './vault-roster.ts'

/** A key that `devices` gives to nobody under this name, or gives another one for. */
interface Missing {
  receiver: string
  agreeKey: Uint8Array
  epoch: number
}

/**
 * Gives epoch keys to devices, and to the phrase, that `devices` gives none of that epoch, such as one that was added while another was
 * revoked elsewhere (docs/protocol.md §10). The relay is asked first: a revocation that was cut off stands there alone.
 * @throws LvaError relay-unreachable and what else the relay refuses with; nothing is given then
 */
export async function handMissingKeys(parts: RevokingParts): Promise<void> {
  const { http, session, documents, roster, random } = parts
  if (missingKeys(roster).length === 0) return
  const atRelay = await session.authorized((token) => http.devices(token))
  const isThere = new Set(atRelay.flatMap(({ id, revokedAt }) => (revokedAt === null ? [id] : [])))
  // What came while the relay was asked counts.
  const keys = missingKeys(roster).flatMap(({ receiver, agreeKey, epoch }): WrappedEpochKey[] => {
    const key = roster.epochKeys().get(epoch)
    if (!key || !(receiver === PHRASE || isThere.has(receiver))) return []
    const wrapped = wrapKey(key, epoch, agreeKey, random.bytes(32))
    return [{ epoch, keyId: epochKeyId(key), receiver, wrapped }]
  })
  if (keys.length === 0) return
  await documents.change(DEVICES_DOCUMENT, (doc) => {
    const writer = rosterWriter(doc, { by: roster.device, sign: roster.sign })
    for (const key of keys) writer.epochKey(key)
  })
}

function missingKeys(roster: VaultRoster): Missing[] {
  const { devices, phraseKey, keysOf } = roster.state()
  const own = devices.get(roster.device)
  if (!own || own.revoked) return []
  const receivers = Array.from(devices.values()).flatMap(({ id, agreeKey, revoked }) =>
    revoked || id === roster.device ? [] : [{ receiver: id, agreeKey }],
  )
  if (phraseKey) receivers.push({ receiver: PHRASE, agreeKey: phraseKey.key })
  return receivers.flatMap((receiver) => {
    const given = keysOf(receiver.receiver)
    return Array.from(roster.epochKeys()).flatMap(([epoch, key]): Missing[] => {
      // The first comes from the phrase alone, and of two keys of one epoch the smaller is taken.
      const known = given.get(epoch)
      const isGiven = epoch === 1 || (known !== undefined && known.keyId <= epochKeyId(key))
      return isGiven ? [] : [{ ...receiver, epoch }]
    })
  })
}
