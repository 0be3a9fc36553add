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
