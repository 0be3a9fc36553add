/** Backups that prove themselves (docs/backup.md). */

export { type BackupSettings, Backups, type BackupsOptions } from './backups.ts'
export { keyUnknown } from './faults.ts'
export { backupName, instantOfName, type Manifest, SUFFIX } from './format.ts'
export { keyIdOfFile, type OpenedBackup, openBackup } from './open-backup.ts'
export { folderPlace } from './places/folder.ts'
export { type S3Options, s3Place } from './places/s3.ts'
export type { BackupPlace, PlacedFile } from './places/types.ts'
export { proveBackup, type RestoreParts, type RestoreProgress, type RestoreReport, restoreBackup } from './restore.ts'
export type { BackupSecret, BackupSecrets } from './secrets.ts'
export type { S3Address } from './state.ts'
export type * from './types.ts'
export { type BackupBase, type BackupRequest, type BackupSource, BackupWriter } from './write-backup.ts'
