export { diskBlobs } from './blobs/disk.ts'
export { memoryBlobs } from './blobs/memory.ts'
export type { BlobStore } from './blobs/types.ts'
export { isAbsent, readPart, replaceFile, syncFolder, writeAll } from './durable.ts'
export { askForErasure, strangersIn, WINDOW_GOES } from './erase.ts'
export { withFileErrors } from './file-error.ts'
export { type DataFolder, dataFolder } from './folder.ts'
export {
  claimJobs,
  completeJobs,
  countJobs,
  DEFAULT_RETRIES,
  enqueueJobs,
  failJob,
  type Job,
  type JobCounts,
  nextJobDue,
  type RetryPolicy,
  releaseJobs,
  requeueRunningJobs,
} from './jobs.ts'
export { type HostKind, LOCK_FILE, type LockHolder } from './lock.ts'
export {
  type AppliedMigration,
  appliedMigrations,
  MIGRATIONS_FOLDER,
  type Migration,
  migrate,
  pendingMigrations,
  readMigrations,
} from './migrations.ts'
export { type OpeningTimes, openStore, type Store, type StoreOptions, settleFolder } from './open-store.ts'
export { openPglite, type PgliteDatabase, type PgliteOptions } from './pglite/database.ts'
export { openServer, type ServerOptions } from './server/database.ts'
export {
  type AgentTotal,
  type ModelTotal,
  recordSpending,
  type SpendingEntry,
  spendingByAgent,
  spendingByModel,
  spentMicroUsd,
} from './spending.ts'
export { SqlError, sqlStateOf } from './sql-error.ts'
export { askForSwap, BEFORE_RESTORE, lastSwap, RESTORED, type Swap } from './swap.ts'
export { buildTemplate, findTemplate, TEMPLATE_FOLDER, templateName } from './template.ts'
export type { Database, Queries, QueryOptions, Row, SqlValue } from './types.ts'
