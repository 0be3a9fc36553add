import type { BackupStatus } from './types.ts'

/** Keeps the backup key and the storage's secret where this machine keeps keys. */
export interface BackupSecrets {
  get(name: BackupSecret): Promise<string | undefined>
  set(name: BackupSecret, value: string): Promise<void>
  remove(name: BackupSecret): Promise<void>
  storage(): Promise<BackupStatus['keyStorage']>
}

/** `backupKey`: 64 hex digits. */
export type BackupSecret = 'backupKey' | 's3Secret'
