import type { Closable } from '../../kernel/index.ts'
import type { Problem } from '../types.ts'

/** A file of a source. */
export interface SourceFile {
  /** With slashes, without a leading one. */
  path: string
  /** Bytes, as the folder or archive says. */
  bytes: number
  /** Milliseconds since 1970. */
  changedAt: number
}

/** What is imported: a folder, an archive or a single file. It is only read. */
export interface Source extends Closable {
  readonly name: string
  /** In the order of their paths. */
  readonly files: readonly SourceFile[]
  /** What was left out while the files were listed. */
  readonly problems: readonly Problem[]
  /** Folders that hold only what is left out, such as `.obsidian`; they tell what the source is. */
  readonly marks: ReadonlySet<string>
  read(file: SourceFile): AsyncIterable<Uint8Array>
}
