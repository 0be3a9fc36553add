import { join } from 'node:path'
import { systemClock, systemRandom } from '../../src-core/kernel/index.ts'
import { openKeyringBox } from './keyring-box.ts'
import { createSealedFileStore } from './sealed-file-store.ts'
import { createSessionStore, type SecretStore } from './secret-store.ts'
import { systemKeyringEntry } from './system-keyring.ts'

/** Where hosts without Electron keep keys: a file sealed by the system's keyring where there is one, else only in memory. */
export async function openPlainHostStore(dataDir: string): Promise<SecretStore> {
  const box = await openKeyringBox(systemKeyringEntry(), systemRandom)
  return box ? createSealedFileStore(join(dataDir, 'secrets.keyring'), box, systemClock) : createSessionStore()
}
