import { safeStorage } from 'electron'
import type { SecretBox } from '../secrets/sealed-file-store.ts'

/**
 * Seals with the operating system's key, by Electron.
 * @returns null where Electron has only its built-in password, which hides nothing from whoever can read the file
 */
export function openSafeStorageBox(): SecretBox | null {
  if (!safeStorage.isEncryptionAvailable()) return null
  if (process.platform === 'linux' && safeStorage.getSelectedStorageBackend() === 'basic_text') return null
  return {
    kind: 'safe-storage',
    seal: async (plain) => safeStorage.encryptString(plain),
    open: async (sealed) => safeStorage.decryptString(Buffer.from(sealed)),
  }
}
