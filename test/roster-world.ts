import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import { seededRandom } from '../src-core/kernel/index.ts'
import { newPhrase, vaultKeysFromPhrase } from '../src-core/keys/index.ts'
import { type NewDevice, PHRASE, type Signer } from '../src-core/sync/devices/statements.ts'

/** Devices and a phrase that sign, for tests of what is signed. */
const phraseKeys = vaultKeysFromPhrase(newPhrase(seededRandom(1)))

export const ROOT = ed25519.getPublicKey(phraseKeys.signingSecret)
export const FIRST_KEY = phraseKeys.firstEpochKey
export const PHRASE_AGREE_KEY = x25519.getPublicKey(phraseKeys.agreementSecret)
export const byPhrase: Signer = { by: PHRASE, sign: (message) => ed25519.sign(message, phraseKeys.signingSecret) }

export interface MadeDevice extends NewDevice {
  signSecret: Uint8Array
  agreeSecret: Uint8Array
  signer: Signer
}

/** @param number from 1 to 255 */
export function madeDevice(number: number): MadeDevice {
  const id = number.toString(16).padStart(2, '0').repeat(16)
  const signSecret = new Uint8Array(32).fill(number)
  const agreeSecret = new Uint8Array(32).fill(number ^ 0xff)
  return {
    id,
    kind: 'linux',
    signKey: ed25519.getPublicKey(signSecret),
    agreeKey: x25519.getPublicKey(agreeSecret),
    addedAt: 1_000 * number,
    signSecret,
    agreeSecret,
    signer: { by: id, sign: (message) => ed25519.sign(message, signSecret) },
  }
}

/** The entry alone. */
export function entryOf({ id, kind, signKey, agreeKey, addedAt }: MadeDevice): NewDevice {
  return { id, kind, signKey, agreeKey, addedAt }
}
