import { join } from 'node:path'
import {
  type BackupPlace,
  type BackupSecret,
  Backups,
  type BackupsOptions,
  folderPlace,
} from '../src-core/backup/index.ts'
import { type LvaError, loadConfig, silentLog } from '../src-core/kernel/index.ts'
import type { BackupWorld } from './backup-world.ts'

/** The keeper of backups over a `BackupWorld`, as the core puts it together; its storage is a folder whose failures a test decides. */
export interface BackupService {
  backups: Backups
  secrets: Map<BackupSecret, string>
  /** Where the storage really is. */
  storageFolder: string
  /** With this the storage fails, until it is taken away again. */
  trouble: { storage: LvaError | undefined }
  restarts(): number
}

export const STORAGE = {
  endpoint: 'https://storage.example',
  region: 'eu-test-1',
  bucket: 'vault',
  prefix: '',
  accessKeyId: 'AKID',
}

export function openBackupService(world: BackupWorld, more: Partial<BackupsOptions> = {}): BackupService {
  const secrets = new Map<BackupSecret, string>()
  const trouble: BackupService['trouble'] = { storage: undefined }
  const storageFolder = join(world.root, 'storage')
  let restarts = 0
  const { store, vault, clock, random, parts } = world
  const backups = new Backups({
    store,
    vault,
    clock,
    random,
    secrets: {
      get: async (name) => secrets.get(name),
      set: async (name, value) => void secrets.set(name, value),
      remove: async (name) => void secrets.delete(name),
      storage: async () => 'keyring',
    },
    config: loadConfig({}).backup,
    usualFolder: world.backups,
    appVersion: '0.0.0',
    cacheDir: parts.cacheDir,
    limits: parts.limits,
    statementTimeoutMs: parts.statementTimeoutMs,
    newId: parts.newId,
    log: silentLog,
    openS3: ({ bucket }) => failing(`s3://${bucket}`, folderPlace(storageFolder), trouble),
    restart: () => {
      restarts += 1
    },
    ...more,
  })
  return { backups, secrets, storageFolder, trouble, restarts: () => restarts }
}

function failing(label: string, place: BackupPlace, trouble: BackupService['trouble']): BackupPlace {
  const check = () => (trouble.storage ? Promise.reject(trouble.storage) : Promise.resolve())
  return {
    label,
    list: (signal) => check().then(() => place.list(signal)),
    read: (name, start, end, signal) => check().then(() => place.read(name, start, end, signal)),
    write: (name, pieces, signal) => check().then(() => place.write(name, pieces, signal)),
    delete: (name, signal) => check().then(() => place.delete(name, signal)),
  }
}
