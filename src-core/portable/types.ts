import type { CaptureSource, DeliveryCounts } from '../vault/index.ts'

export type ExportFormat = 'jsonl' | 'markdown' | 'csv'

/** How an export is packed: as one file, a folder of files, or an archive of them. */
export type Packing = 'file' | 'folder' | 'zip'

export interface ExportFilter {
  /** ISO 8601 instants; `from` inclusive, `to` exclusive. */
  from?: string
  to?: string
  sessionId?: string
  source?: CaptureSource
  kind?: 'captures' | 'notes' | 'documents'
  /** Notes and documents with this tag. */
  tag?: string
  /** Documents of this collection. */
  collectionId?: string
}

export interface ExportResult {
  /** Absolute path of the file or folder. */
  path: string
  sessions: number
  captures: number
  notes: number
  documents: number
  attachments: number
  /** Recordings, attachments and documents whose bytes this data folder does not have. */
  missing: number
}

export const IMPORT_KINDS = [
  'json-lines',
  'markdown',
  'obsidian',
  'logseq',
  'notion',
  'anki',
  'chatgpt',
  'claude',
  'bookmarks',
] as const

export type ImportKind = (typeof IMPORT_KINDS)[number]

/** Why something in a source was left out, or how it was changed. A screen has words for each. */
export const PROBLEMS = [
  'cut-off',
  'malformed',
  'not-utf8',
  'too-large',
  'unsafe-name',
  'link-outside',
  'encrypted',
  'unreadable',
  'missing-attachment',
  'refused',
] as const

export type ProblemCode = (typeof PROBLEMS)[number]

export interface Problem {
  code: ProblemCode
  /** File in the source, with a line or an entry where there is one. */
  place: string
  /** English, for the command line and reports. Never what the learner said. */
  detail: string
}

/** What an import found, and, once it is done, what came of it. */
export interface ImportReport {
  kind: ImportKind
  name: string
  /** What is (or would be) new, what the vault has already, and what the learner deleted here. */
  counts: DeliveryCounts
  attachments: number
  attachmentBytes: number
  /** Instants of the first and the last capture or note, or null. */
  from: string | null
  to: string | null
  /** Keys of the preferences in the source that would be, or were, taken. */
  settings: string[]
  /** Corrections of concepts that would be, or were, taken. */
  corrections: number
  /** The first hundred. */
  problems: Problem[]
  problemCount: number
}

export type Progress = (done: number, total: number | null) => void
