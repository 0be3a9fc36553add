/** What PGlite's thread is told when it starts. */
export interface EngineStart {
  /** Data folder. It is made by initdb when it holds no database. */
  folder: string
  /** False lets the operating system write in its own time: only for a folder that is thrown away when something fails. */
  fsync: boolean
  /** Postgres, when this process has compiled it before. */
  program?: WebAssembly.Module
}

/** One request is under way at a time, so that answers need no number. */
export type EngineRequest = { type: 'ask'; bytes: Uint8Array<ArrayBuffer> } | { type: 'close' }

export type EngineMessage =
  | { type: 'opened'; program: WebAssembly.Module }
  | { type: 'answer'; bytes: Uint8Array<ArrayBuffer> }
  | { type: 'closed' }
  /** The engine stopped for good. `lines` are the last words of Postgres on its standard error. */
  | { type: 'died'; reason: string; lines: string[] }
