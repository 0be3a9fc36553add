import type { WireError } from '../kernel/index.ts'
import type { Keep } from './retention.ts'
import type { S3Address } from './state.ts'

/** How far a backup, a check or a restore is. */
export interface BackupProgress {
  phase: 'writing' | 'documents' | 'recordings' | 'tables'
  /** Label of the place. */
  place: string
  /** Bytes while writing and reading documents, else recordings or documents. */
  done: number
  total: number
}

/** `good`: proven on this device. `unproven`: not looked at here. `locked`: of another phrase. `foreign`: no backup. */
export type BackupStanding = 'good' | 'unproven' | 'failed' | 'locked' | 'foreign'

export interface BackupEntry {
  place: string
  name: string
  /** ISO 8601, from the name; null for a name that is none of ours. */
  createdAt: string | null
  bytes: number
  standing: BackupStanding
  /** Known once it was proven. */
  content: {
    captures: number
    notes: number
    sessions: number
    recordings: number
    missing: number
    full: boolean
  } | null
}

/** How much a vault holds, to compare one with another. */
export interface CopyContent {
  captures: number
  notes: number
  sessions: number
  recordings: number
}

/** A whole data folder beside the present one. */
export interface DataCopy {
  /** Folder inside the data folder. */
  id: string
  /** `restored` from a backup, or `before` a restore: what was put aside. */
  kind: 'restored' | 'before'
  /** ISO 8601 */
  at: string
  /** Name of the backup; null for what was put aside. */
  backup: string | null
  content: CopyContent
  /** Put aside by the last swap: swapping it in takes that back. */
  undoes: boolean
}

export interface PlaceStatus {
  kind: 'folder' | 's3'
  label: string
  /** ISO 8601 of the last good backup. */
  lastGoodAt: string | null
  lastGoodName: string | null
  failure: WireError | null
  failingSince: string | null
  stale: boolean
}

export interface BackupStatus {
  /** Whether there is a phrase. */
  setUp: boolean
  /** Whether the key is known now. */
  keyKnown: boolean
  keyStorage: 'safe-storage' | 'keyring' | 'session'
  automatic: boolean
  folder: string
  s3: (S3Address & { hasSecret: boolean }) | null
  places: PlaceStatus[]
  /** How many are kept. */
  keep: Keep
  /** What is at work. */
  running: { what: 'backup' | 'verify' | 'restore'; progress: BackupProgress | null } | null
  /** The worst of it: what the learner should do something about. */
  problem: 'failing' | 'key-unknown' | 'stale' | null
  copies: DataCopy[]
}
