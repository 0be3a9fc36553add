import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { entropyOf } from './phrase.ts'

const KEY_BYTES = 32
const KEY_ID_BYTES = 16

/** What a recovery phrase makes keys for. Each purpose has a label of its own, so that no key tells anything of another. */
const LABELS = { backup: 'lva backup key v1', vault: 'lva vault key v1' } as const

export type KeyPurpose = keyof typeof LABELS

/**
 * The 32-byte key of a phrase for one purpose: HKDF-SHA256 (RFC 5869) over the phrase's entropy.
 * @throws LvaError phrase-invalid
 */
export function keyFromPhrase(phrase: string, purpose: KeyPurpose): Uint8Array {
  return expand(entropyOf(phrase), LABELS[purpose], KEY_BYTES)
}

/** What the vault key of a phrase makes for sync (docs/protocol.md §2). 32 bytes each. */
export interface PhraseVaultKeys {
  firstEpochKey: Uint8Array
  /** X25519. */
  agreementSecret: Uint8Array
  /** Ed25519. Its public key is the root of the vault. */
  signingSecret: Uint8Array
}

/** @throws LvaError phrase-invalid */
export function vaultKeysFromPhrase(phrase: string): PhraseVaultKeys {
  const vaultKey = keyFromPhrase(phrase, 'vault')
  return {
    firstEpochKey: expand(vaultKey, 'lva first epoch key v1', KEY_BYTES),
    agreementSecret: expand(vaultKey, 'lva phrase agreement v1', KEY_BYTES),
    signingSecret: expand(vaultKey, 'lva phrase signature v1', KEY_BYTES),
  }
}

/** Sixteen bytes, in hex, that tell keys apart and give nothing of them away. */
export function keyIdOf(backupKey: Uint8Array): string {
  return Buffer.from(expand(backupKey, 'lva backup key id v1', KEY_ID_BYTES)).toString('hex')
}

/** The key of one file, bound to its random salt and to every byte of its header. */
export function fileKeyOf(backupKey: Uint8Array, salt: Uint8Array, header: Uint8Array): Uint8Array {
  const info = new Uint8Array([...utf8('lva backup file v1'), ...header])
  return hkdf(sha256, backupKey, salt, info, KEY_BYTES)
}

function expand(key: Uint8Array, label: string, bytes: number): Uint8Array {
  return hkdf(sha256, key, undefined, utf8(label), bytes)
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
