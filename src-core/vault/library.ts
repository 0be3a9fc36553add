import type * as Y from 'yjs'
import { isId, isPlainObject, isSha256, LONGEST_ID, LONGEST_TITLE, readInstant, wellFormed } from './door.ts'
import type { Collection, DocumentEntry, DocumentOrigin, GoneSound } from './types.ts'

/** A collection without the count of what is in it. */
export type CollectionEntry = Omit<Collection, 'documents'>

/** The part of the document `library` that holds documents and collections (docs/documents.md §1). */
export interface Library {
  documents: Y.Map<unknown>
  documentEdits: Y.Map<unknown>
  documentOrigins: Y.Map<unknown>
  documentTags: Y.Map<unknown>
  documentCollections: Y.Map<unknown>
  documentTombstones: Y.Map<unknown>
  collections: Y.Map<unknown>
  collectionNames: Y.Map<unknown>
  collectionTombstones: Y.Map<unknown>
}

export type LibraryMap = keyof Library

export const LIBRARY_MAPS: readonly LibraryMap[] = [
  'documents',
  'documentEdits',
  'documentOrigins',
  'documentTags',
  'documentCollections',
  'documentTombstones',
  'collections',
  'collectionNames',
  'collectionTombstones',
]

/** Those that hold something of a document or collection; the others say that it is gone. */
export const LIBRARY_PARTS = LIBRARY_MAPS.filter((map) => !map.endsWith('Tombstones'))

/** The longest tag, in UTF-16 code units. */
export const LONGEST_TAG = 100
/** The longest name or address of an origin; paths and addresses can be long. */
const LONGEST_ADDRESS = 4_000
const ORIGIN_KINDS: readonly DocumentOrigin['kind'][] = ['file', 'folder', 'address', 'text']

export function libraryOf(doc: Y.Doc): Library {
  return Object.fromEntries(LIBRARY_MAPS.map((name) => [name, doc.getMap(name)])) as unknown as Library
}

/** Keys are `<document id>/<rest>`: ids of documents hold no slash, since we make them ourselves. */
export function partKey(documentId: string, part: string): string {
  return `${documentId}/${part}`
}

/** What a changed key says something about; undefined where the key is none of ours. */
export function librarySubject(
  map: LibraryMap,
  key: string,
): { kind: 'document' | 'collection'; id: string } | undefined {
  const kind = map.startsWith('document') ? 'document' : 'collection'
  const isWhole = map === 'documents' || map === 'documentTombstones' || kind === 'collection'
  const id = isWhole ? key : key.slice(0, Math.max(0, key.indexOf('/')))
  return isId(id, LONGEST_ID) ? { kind, id } : undefined
}

/**
 * The parts of each document that lie under keys of their own. Reading them for one document means a look at every key, so that whoever
 * reads several asks once.
 */
export interface LibraryParts {
  origins: ReadonlyMap<string, string[]>
  tags: ReadonlyMap<string, string[]>
  collections: ReadonlyMap<string, string[]>
}

export function libraryParts(library: Library, ids: ReadonlySet<string>): LibraryParts {
  return {
    origins: partsOf(library.documentOrigins, ids),
    tags: partsOf(library.documentTags, ids),
    collections: partsOf(library.documentCollections, ids),
  }
}

function partsOf(map: Y.Map<unknown>, ids: ReadonlySet<string>): Map<string, string[]> {
  const parts = new Map<string, string[]>()
  for (const key of map.keys()) {
    const slash = key.indexOf('/')
    const id = key.slice(0, Math.max(0, slash))
    if (!ids.has(id)) continue
    const known = parts.get(id)
    if (known) known.push(key.slice(slash + 1))
    else parts.set(id, [key.slice(slash + 1)])
  }
  return parts
}

/** `undefined` for a record that cannot be read, null for a document that is deleted. */
export function readLibraryDocument(
  library: Library,
  id: string,
  parts: LibraryParts,
): DocumentEntry | null | undefined {
  const record = library.documents.get(id)
  if (!isPlainObject(record)) return undefined
  const createdAt = readInstant(record.createdAt)
  const first = readVersion(record)
  if (!createdAt || !first) return undefined
  if (library.documentTombstones.has(id)) return null
  const later = library.documentEdits.get(partKey(id, 'version'))
  const version = isPlainObject(later) ? readVersion(later) : undefined
  const updatedAt = version && isPlainObject(later) ? readInstant(later.at) : null
  const renamed = library.documentEdits.get(partKey(id, 'title'))
  const missing = library.documentEdits.get(partKey(id, 'missing'))
  return {
    id,
    title: readTitle(isPlainObject(renamed) ? renamed.title : undefined) ?? readTitle(record.title) ?? '',
    ...(version ?? first),
    origins: (parts.origins.get(id) ?? [])
      .sort()
      .flatMap((part) => readOrigin(library.documentOrigins.get(partKey(id, part)))),
    tags: (parts.tags.get(id) ?? []).map((tag) => wellFormed(tag).slice(0, LONGEST_TAG).toWellFormed()).sort(),
    collections: (parts.collections.get(id) ?? []).filter((part) => isId(part, LONGEST_ID)).sort(),
    createdAt,
    updatedAt: updatedAt ?? createdAt,
    missingAt: isPlainObject(missing) ? readInstant(missing.at) : null,
    sound: version && isPlainObject(later) ? readGoneSound(later.sound) : null,
    keepsSound: library.documentEdits.has(partKey(id, 'keepsSound')),
  }
}

/** Ids of live documents by their present bytes, of the wanted bytes alone. */
export function liveBySha(library: Library, wanted: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>()
  const none = libraryParts(library, new Set())
  for (const [id, record] of library.documents) {
    const latest = (library.documentEdits.get(partKey(id, 'version')) ?? record) as { sha256?: unknown }
    if (typeof latest.sha256 !== 'string' || !wanted.has(latest.sha256) || found.has(latest.sha256)) continue
    if (readLibraryDocument(library, id, none)?.sha256 === latest.sha256) found.set(latest.sha256, id)
  }
  return found
}

export function originRecord({ kind, name, address }: Omit<DocumentOrigin, 'at'>, at: string): DocumentOrigin {
  return { kind, name: wellFormed(name), address: address === null ? null : wellFormed(address), at }
}

export function readCollection(library: Library, id: string): CollectionEntry | null | undefined {
  const record = library.collections.get(id)
  const createdAt = isPlainObject(record) ? readInstant(record.createdAt) : null
  if (!createdAt) return undefined
  if (library.collectionTombstones.has(id)) return null
  const named = library.collectionNames.get(id)
  return { id, name: readTitle(isPlainObject(named) ? named.name : undefined) ?? '', createdAt }
}

function readVersion(value: Record<string, unknown>): Pick<DocumentEntry, 'sha256' | 'format' | 'size'> | undefined {
  const { sha256, format, size } = value
  return isSha256(sha256) && isFormat(format) && isSize(size) ? { sha256, format, size } : undefined
}

export function readGoneSound(value: unknown): GoneSound | null {
  if (!isPlainObject(value)) return null
  const { sha256, size, days } = value
  const at = readInstant(value.at)
  return isSha256(sha256) && isSize(size) && isSize(days) && at ? { sha256, size, at, days } : null
}

export function isFormat(value: unknown): value is string {
  return typeof value === 'string' && /^[a-z0-9-]{1,40}$/.test(value)
}

export function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function readTitle(value: unknown): string | undefined {
  return typeof value === 'string' ? wellFormed(value).slice(0, LONGEST_TITLE).toWellFormed() : undefined
}

function readOrigin(value: unknown): DocumentOrigin[] {
  if (!isPlainObject(value)) return []
  const kind = ORIGIN_KINDS.find((known) => known === value.kind)
  const at = readInstant(value.at)
  if (!kind || !at || typeof value.name !== 'string') return []
  const text = (given: string) => wellFormed(given).slice(0, LONGEST_ADDRESS).toWellFormed()
  return [{ kind, name: text(value.name), address: typeof value.address === 'string' ? text(value.address) : null, at }]
}
