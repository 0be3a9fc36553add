import type { Config, PictureLanguage } from '../../kernel/index.ts'
import type { DocumentBlock, DocumentLine, DocumentPlace } from '../../vault/index.ts'

/** What a document is by its content. `unknown` is kept and cannot be read. */
export const DOCUMENT_FORMATS = [
  'pdf',
  'docx',
  'pptx',
  'xlsx',
  'odt',
  'odp',
  'ods',
  'xls',
  'rtf',
  'epub',
  'html',
  'csv',
  'markdown',
  'text',
  'vtt',
  'eml',
  'msg',
  'image',
  'audio',
  'unknown',
] as const
export type DocumentFormat = (typeof DOCUMENT_FORMATS)[number]

/** What is to be read. */
export interface DocumentSource {
  bytes: Uint8Array
  format: DocumentFormat
  /** Name of the file; a hint for formats that look alike, and never more. */
  name: string
  password?: string
  /** Of a recording: who is to hear it; without it, the recogniser of Settings. */
  recogniser?: string
  /** Language of the writing in pictures; without it, that of the limits. */
  pictureLanguage?: PictureLanguage
}

/** A piece of structure before its text has a place in the whole. */
export interface RawBlock {
  kind: DocumentBlock['kind']
  level?: number
  text: string
  place?: DocumentPlace
  /** Lines with places in `text`. */
  lines?: DocumentLine[]
}

/** What was read. `text.slice(block.start, block.end)` is a block's text. */
export interface ParsedDocument {
  /** Title that the document itself has, or empty. */
  title: string
  /** Pages, slides, sheets or chapters; null where there are none. */
  pages: number | null
  text: string
  blocks: DocumentBlock[]
  /** Of a recording: the models that heard it. */
  heardBy?: string
}

export type DocumentLimits = Config['documents']

export interface ParseContext {
  limits: DocumentLimits
  /** Pages, or seconds of sound; called as often as the parser likes. */
  onProgress(done: number, total: number): void
  signal: AbortSignal
}

/** Reads one kind of document. It gets bytes and answers text: it runs nothing that is in them and fetches nothing. */
export interface DocumentParser {
  readonly formats: readonly DocumentFormat[]
  /**
   * @throws LvaError document-damaged, document-locked, document-no-text, document-too-large, document-too-complex, document-unsafe,
   * document-not-supported
   */
  parse(source: DocumentSource, context: ParseContext): Promise<ParsedDocument>
}

/** Reads documents somewhere: in a process of its own, or, in tests, in this one. */
export type ReadDocument = (
  source: DocumentSource,
  options: { onProgress(done: number, total: number): void; signal: AbortSignal },
) => Promise<ParsedDocument>

/** Decodes a recording somewhere, as `ReadDocument` reads documents. */
export type DecodeSound = (
  bytes: Uint8Array,
  options: {
    /** Gets the sound a stretch at a time, mono, at `SPEECH_RATE`, with the length of the whole in seconds as far as it is known. */
    onSound(samples: Float32Array, seconds: number): Promise<void>
    signal: AbortSignal
  },
) => Promise<void>
