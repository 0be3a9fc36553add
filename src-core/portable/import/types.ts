import type {
  BroughtMemory,
  Capture,
  ConceptCorrections,
  DeliveredDocument,
  NewCard,
  Note,
  Session,
  Settings,
} from '../../vault/index.ts'
import type { Source, SourceFile } from '../sources/types.ts'
import type { Problem } from '../types.ts'

/** A file that comes along: the recording of a capture, or what a note or capture shows. */
export interface Attachment {
  file: SourceFile
  /** As the text names it. */
  name: string
  /** What the bytes must be, where the source says. */
  sha256?: string
  /** How the bytes are packed inside the file, where they are. */
  packed?: 'zstd'
}

/** What a format finds in a source, in an order in which sessions come before their captures. */
export type ImportItem =
  | { type: 'session'; session: Pick<Session, 'id' | 'title' | 'createdAt'> }
  | { type: 'capture'; capture: Capture; attachments: Attachment[]; place: string }
  | { type: 'note'; note: Note; attachments: Attachment[]; place: string }
  | { type: 'document'; document: DeliveredDocument; file: SourceFile | undefined; place: string }
  | { type: 'concepts'; corrections: ConceptCorrections }
  | { type: 'memory'; memory: BroughtMemory }
  | { type: 'card'; card: NewCard }
  | { type: 'settings'; settings: Partial<Settings> }
  | { type: 'problem'; problem: Problem }

export interface ReadContext {
  source: Source
  /** UTF-16 code units of a text, at most. */
  longestText: number
  /** Stands for instants that the source does not know. */
  now: string
  signal: AbortSignal
}

/** Reads one kind of source as a stream. Faults of the source are items; only what makes all of it unreadable is thrown. */
export type ReadFormat = (context: ReadContext) => AsyncGenerator<ImportItem>
