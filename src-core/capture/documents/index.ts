/** Documents: what comes in as a file, a page or a text, is kept as bytes and read in the background. See docs/documents.md. */

export { documentFailure } from './document-failure.ts'
export {
  type AddedDocument,
  Documents,
  type DocumentsParts,
  type GivenFile,
  type Placing,
  type ShownDocument,
} from './documents.ts'
export { fileUnreadable } from './errors.ts'
export { type FetchedPage, fetchAddress } from './fetch-address.ts'
export { type FolderState, filesIn, WatchedFolders } from './folders.ts'
export { parseDocument } from './parse.ts'
export { writeVtt } from './parsers/vtt.ts'
export type { XmlNode } from './parsers/xml.ts'
export { DocumentQueue, type QueueNews, type QueueState } from './queue.ts'
export { readAtRest } from './read-unchanged.ts'
export { createRemoteReader, type RemoteReader, type RemoteReaderOptions } from './remote-reader.ts'
export { serveReader } from './serve-reader.ts'
export { createSoundReader } from './sound.ts'
export type {
  DecodeSound,
  DocumentFormat,
  DocumentLimits,
  DocumentParser,
  DocumentSource,
  ParseContext,
  ParsedDocument,
  ReadDocument,
} from './types.ts'

/** Reads XML without entities of its own; loaded when the first comes. */
export const loadXml = () => import('./parsers/xml.ts')
