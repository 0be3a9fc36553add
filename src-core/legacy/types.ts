import type { Flag } from './mapping.ts'

/** Where v1's data is: a database, a folder or a zip, and perhaps what Redis held. */
export interface V1Place {
  /** Absolute. */
  path: string
  /** `redis://…`, or the absolute path of a dump. */
  redis?: string | null | undefined
}

export type Phase = 'reading' | 'dumping' | 'writing' | 'waiting-for-index' | 'comparing' | 'searching' | 'removing'

export interface Progress {
  phase: Phase
  done: number
  /** 0 while nobody knows. */
  total: number
}

export type OnProgress = (progress: Progress) => void

/** What a dry run says. */
export interface InspectionReport {
  /** Name of the file, without folders. */
  name: string
  variant: 'v1' | 'v1-with-embeddings' | 'v1-with-sessions' | 'postgres'
  sha256: string
  /** Of the database. */
  bytes: number
  /** The import that executing it would be, or go on with. */
  importId: string
  rows: number
  sessions: number
  /** Instants of the first and the last row that have one. */
  from: string | null
  to: string | null
  /** Rows that the vault has already, and rows that it does not have. */
  known: number
  fresh: number
  flags: { flag: Flag; rows: number; examples: string[] }[]
  /** Rows with the same session, timestamp and texts as an earlier one. They are kept. */
  duplicates: number
  /** Rows whose id is in the vault with another content: changed by hand between two copies. They are kept. */
  changed: number
  /** Rows that will not be imported, and why. */
  refused: { id: string; reason: 'text-too-long' }[]
  /** Databases beside this one that are not read. */
  others: string[]
  redis: RedisReport | null
  /** Roughly. */
  needs: { bytes: number; seconds: number; indexSeconds: number }
  /** Bytes that are free where the vault lies. */
  free: number
}

export interface RedisReport {
  sessions: number
  exchanges: number
  /** Exchanges of which SQLite has no row. */
  missing: number
  /** Callers' numbers, which are left out. */
  phoneNumbers: number
  unreadable: number
}

export interface ImportReport {
  inspection: InspectionReport
  added: number
  known: number
  /** File name of the dump that was taken first; null where nothing was to be written, or on a server. */
  dump: string | null
}

export type DifferenceKind =
  | 'document-missing'
  | 'document-differs'
  | 'table-missing'
  | 'table-differs'
  | 'chunks-missing'
  | 'chunks-superfluous'
  | 'vectors-missing'
  | 'concepts-missing'
  | 'not-in-source'
  | 'not-found-by-search'

export interface VerifyReport {
  ok: boolean
  name: string
  sha256: string
  importId: string
  rows: number
  refused: number
  checked: { documents: number; tables: number; chunks: number; vectors: number; concepts: number; captures: number }
  /** What the learner did since, which is not compared. */
  changedSince: { edited: number; deleted: number; answered: number }
  counts: Partial<Record<DifferenceKind, number>>
  /** The first of them. */
  differences: { kind: DifferenceKind; id: string; detail: string }[]
  search: { queries: number; found: number; expected: number }
  /** Whether the index was complete when it was compared. */
  indexComplete: boolean
}

export interface RollbackReport {
  importId: string
  removed: number
  /** What the learner did since with what the import brought; all of it stays. */
  kept: {
    edited: string[]
    answered: string[]
    /** Captures that were added to its sessions. */
    added: string[]
    /** Sessions that were named and have captures left. */
    named: string[]
  }
}

export interface ImportRecord {
  id: string
  name: string
  sha256: string
  bytes: number
  rows: number
  startedAt: string
  state: 'running' | 'paused' | 'complete' | 'rolled-back' | 'partly-rolled-back'
  /** Instant of the last change of state. */
  at: string
  /** Captures in the vault that it brought. */
  captures: number
}

/** What the index must hold of captures; the floor of the memory tells. */
export interface DerivedAudit {
  /** Of each capture, what is wrong; captures in order are missing. */
  audit(captureIds: readonly string[]): Promise<
    {
      captureId: string
      chunks: number
      missingChunks: number
      superfluousChunks: number
      missingVectors: number
      isReadForConcepts: boolean
      missingConcepts: number
    }[]
  >
  /** Captures and notes that wait to be indexed, or to be read for concepts. */
  pending(): Promise<number>
  /** Captures that a search by words finds, best first. */
  search(query: string): Promise<string[]>
}
