import type { LogLevel, WireError } from '../../kernel/index.ts'
import type { DocumentLimits, DocumentSource, ParsedDocument } from './types.ts'

/** From the core to the documents process. */
export type ReaderMessage =
  | { type: 'read'; id: number; source: DocumentSource; limits: DocumentLimits; logLevel: LogLevel }
  | { type: 'end' }

/** From the documents process to the core. `residentMb` is its size, in MB of 10^6 bytes. */
export type ReaderReply =
  | { type: 'progress'; id: number; done: number; total: number; residentMb: number }
  | { type: 'done'; id: number; parsed: ParsedDocument; residentMb: number }
  | { type: 'failed'; id: number; error: WireError; residentMb: number }
