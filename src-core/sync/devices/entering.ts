import type { Random } from '../../kernel/index.ts'
import type { VaultDocuments } from '../../vault/index.ts'
import { toHex } from '../bytes.ts'
import { DEVICES_DOCUMENT } from '../roster.ts'
import { vaultKeys } from '../vault-keys.ts'
import { sealName } from './device-name.ts'
import type { PhraseMember } from './found-vault.ts'
import { type Identity, keptEpochKeys, publicKeysOf } from './identity.ts'
import type { Welcome } from './pairing-messages.ts'
import { forgetStatements, rosterWriter, writeDevice, writeName, writePhraseKey } from './roster-document.ts'
import type { NewDevice } from './statements.ts'

/** This device, about to become one of the vault. */
export interface Newcomer {
  identity: Identity
  kind: string
  now: number
  random: Random
}

type Documents = Pick<VaultDocuments, 'change' | 'apply'>

/** Writes the entry that the phrase signs. @returns what the device keeps of the vault */
export async function enterByPhrase(
  documents: Documents,
  { root, epochKeys, signer, agreeKey, devices }: PhraseMember,
  newcomer: Newcomer,
): Promise<NonNullable<Identity['vault']>> {
  const { identity, kind, now } = newcomer
  const entry: NewDevice = { id: identity.device, kind, ...publicKeysOf(identity), addedAt: now }
  if (devices) await documents.apply(DEVICES_DOCUMENT, devices)
  const name = nameOf(newcomer, epochKeys)
  await documents.change(DEVICES_DOCUMENT, (doc) => {
    // A vault that begins anew, such as at another relay: an account in its first epoch takes nothing of devices whose revocation began a later one.
    if (!devices) forgetStatements(doc)
    rosterWriter(doc, signer).device(entry)
    if (!devices) writePhraseKey(doc, agreeKey.key, agreeKey.signature)
    writeName(doc, identity.device, name)
  })
  return { root: toHex(root), epochKeys: keptEpochKeys(epochKeys) }
}

/** Writes the entry that another device has signed. @returns what the device keeps of the vault */
export async function enterByWelcome(
  documents: Documents,
  { root, by, addedAt, signature, epochKeys }: Welcome,
  newcomer: Newcomer,
): Promise<NonNullable<Identity['vault']>> {
  const { identity, kind } = newcomer
  const entry = { id: identity.device, kind, ...publicKeysOf(identity), addedAt, by, signature }
  const name = nameOf(newcomer, epochKeys)
  await documents.change(DEVICES_DOCUMENT, (doc) => {
    writeDevice(doc, entry)
    writeName(doc, identity.device, name)
  })
  return { root: toHex(root), epochKeys: keptEpochKeys(epochKeys) }
}

function nameOf({ identity, random }: Newcomer, epochKeys: ReadonlyMap<number, Uint8Array>) {
  return sealName(identity.name, identity.device, vaultKeys(epochKeys), random)
}
