import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../../src-core/kernel/index.ts'
import type { SecretBox } from './sealed-file-store.ts'

/** One entry of the system's keyring. */
export interface KeyringEntry {
  /** The stored bytes, or null when there are none. @throws when there is no keyring or it is locked */
  read(): Promise<Uint8Array | null>
  write(secret: Uint8Array): Promise<void>
}

const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Bound to each sealed file, so that bytes sealed for another purpose never open as one. */
const PURPOSE = Buffer.from('lva secrets v1')

/**
 * Seals with AES-256-GCM under a random key that the system's keyring holds. The sealed form is nonce (12 bytes), tag (16),
 * ciphertext.
 * @returns null when this machine has no keyring that can be used now
 */
export async function openKeyringBox(entry: KeyringEntry, random: Random): Promise<SecretBox | null> {
  const key = await readOrMakeKey(entry, random).catch(() => null)
  if (!key) return null
  return {
    kind: 'keyring',
    async seal(plain) {
      const nonce = random.bytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(PURPOSE)
      const ciphertext = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext])
    },
    async open(sealed) {
      const nonce = sealed.subarray(0, NONCE_BYTES)
      const tag = sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES)
      const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES }).setAAD(PURPOSE)
      decipher.setAuthTag(tag)
      const plain = [decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]
      return Buffer.concat(plain).toString('utf8')
    },
  }
}

/** Reads back what it wrote: a keyring that accepts a key and forgets it is none. */
async function readOrMakeKey(entry: KeyringEntry, random: Random): Promise<Uint8Array | null> {
  const kept = await entry.read()
  if (kept?.length === KEY_BYTES) return kept
  await entry.write(random.bytes(KEY_BYTES))
  const written = await entry.read()
  return written?.length === KEY_BYTES ? written : null
}
