import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** File that stands for the system's keychain; without it this machine has none, as a Linux server. */
const keychain = () => process.env.LVA_TEST_KEYCHAIN

function key(): Buffer {
  const file = keychain()
  if (!file) throw new Error('safeStorage has no keychain')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 })
  return readFileSync(file)
}

/** `electron.safeStorage`. */
export const safeStorage = {
  isEncryptionAvailable: () => Boolean(keychain()),
  getSelectedStorageBackend: () => (keychain() ? 'gnome_libsecret' : 'basic_text'),
  encryptString(plain: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv('aes-256-gcm', key(), nonce)
    const sealed = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
  },
  decryptString(bytes: Buffer): string {
    const decipher = createDecipheriv('aes-256-gcm', key(), bytes.subarray(0, NONCE_BYTES))
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    const plain = [decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]
    return Buffer.concat(plain).toString('utf8')
  },
}
