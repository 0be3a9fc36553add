import type { V1Row } from '../row.ts'

/** What the thread that reads v1's file is asked, and answers. One request at a time. */
export type ReaderRequest =
  | { type: 'open'; path: string }
  /** SHA-256 of the file. */
  | { type: 'hash' }
  /** The next rows after an id, in the order of ids; from the first when it is null. */
  | { type: 'rows'; after: string | null; most: number; mostBytes: number }
  | { type: 'rowsById'; ids: string[] }
  | { type: 'rowsOfSession'; sessionId: string }
  /** Makes a full-text index of the rows with v1's tokenizer in a file beside nothing of v1's, for `find`. */
  | { type: 'indexRows'; file: string; after: string | null; most: number }
  | { type: 'find'; query: string; most: number }

export type ReaderAnswer =
  | { type: 'opened'; info: FileInfo }
  | { type: 'hashed'; sha256: string }
  | { type: 'rows'; rows: V1Row[] }
  | { type: 'indexed'; last: string | null }
  | { type: 'found'; ids: string[] }
  | { type: 'failed'; reason: Failure; detail: string }

export type Failure =
  | 'empty'
  | 'not-sqlite'
  | 'other-program'
  | 'columns-missing'
  | 'damaged'
  | 'no-space'
  | 'unexpected'

export interface FileInfo {
  /** What else the file has: tells which version of the program wrote it last. */
  variant: 'v1' | 'v1-with-embeddings' | 'v1-with-sessions'
  rows: number
}
