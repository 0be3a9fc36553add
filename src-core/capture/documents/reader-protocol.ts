import type { LogLevel, WireError } from '../../kernel/index.ts'
import type { PictureResult, PictureWork } from '../pictures/work.ts'
import type { DocumentLimits, DocumentSource, ParsedDocument } from './types.ts'

/** From the core to the documents process. */
export type ReaderMessage =
  | { type: 'read'; id: number; source: DocumentSource; limits: DocumentLimits; logLevel: LogLevel }
  /** Answered with sound, a stretch for each `more`, the first one unasked. */
  | { type: 'decode'; id: number; bytes: Uint8Array; limits: DocumentLimits; logLevel: LogLevel }
  | { type: 'picture'; id: number; bytes: Uint8Array; work: PictureWork; limits: DocumentLimits; logLevel: LogLevel }
  | { type: 'more'; id: number }
  | { type: 'end' }

/** From the documents process to the core. `residentMb` is its size, in MB of 10^6 bytes. */
export type ReaderReply =
  | { type: 'progress'; id: number; done: number; total: number; residentMb: number }
  | { type: 'done'; id: number; parsed: ParsedDocument; residentMb: number }
  /** The next stretch, at `SPEECH_RATE`, of sound that has `seconds` in all. */
  | { type: 'sound'; id: number; samples: Float32Array; seconds: number; residentMb: number }
  | { type: 'decoded'; id: number; residentMb: number }
  | { type: 'picture'; id: number; result: PictureResult[PictureWork['kind']]; residentMb: number }
  | { type: 'failed'; id: number; error: WireError; residentMb: number }
