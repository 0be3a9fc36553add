import { basename, extname } from 'node:path'
import { type Closable, isLvaError, type Log, LvaError, toLvaError } from '../../kernel/index.ts'
import type { BlobStore, Database } from '../../store/index.ts'
import type {
  DocumentFilter,
  DocumentOrigin,
  DocumentVersion,
  LibraryDocument,
  Page,
  Vault,
} from '../../vault/index.ts'
import { emptyFile, locked, notSupported, tooLarge } from './errors.ts'
import type { FetchedPage } from './fetch-address.ts'
import type { DocumentQueue, QueueNews, QueueState } from './queue.ts'
import { isLockedOffice, sniff } from './sniff.ts'
import { type DocumentStretch, DocumentTexts } from './texts.ts'
import type { DocumentLimits } from './types.ts'

const BYTES_PER_MB = 2 ** 20
/** Length of the title that a pasted text gets from its beginning, in UTF-16 code units. */
const TITLE_FROM_TEXT = 80
/** Files whose bytes are kept side by side: each waits for the disk. */
const KEPT_AT_ONCE = 8
const TO_READ_AGAIN: readonly LibraryDocument['state'][] = ['failed', 'cancelled']

export interface DocumentsParts {
  db: Database
  vault: Pick<Vault, 'id' | 'library'>
  blobs: Pick<BlobStore, 'put' | 'get' | 'has'>
  queue: DocumentQueue
  fetchAddress(address: string, signal?: AbortSignal): Promise<FetchedPage>
  limits: DocumentLimits
  log: Log
}

/** A document with how far reading it is. */
export type ShownDocument = LibraryDocument & { progress: { done: number; total: number } | null }

export interface GivenFile {
  bytes: Uint8Array
  name: string
  path?: string | undefined
}

export interface AddedDocument {
  document: ShownDocument
  /** False where a document with the same bytes was there. */
  isNew: boolean
}

/** Models and moment of a transcript. */
interface Heard {
  heardBy: string | null
  /** ISO 8601. */
  readAt: string | null
}

export interface Transcripts {
  present: Heard | null
  earlier: Heard | null
}

export interface Placing {
  collectionId?: string | undefined
  tags?: string[] | undefined
}

/** What becomes a document, its bytes kept already. */
interface Given {
  version: DocumentVersion
  title: string
  origin: Omit<DocumentOrigin, 'at'>
}

/** What comes in as a document: its bytes are kept, once; reading them is the queue's. */
export class Documents implements Closable {
  readonly #parts: DocumentsParts
  readonly #texts: DocumentTexts

  constructor(parts: DocumentsParts) {
    this.#parts = parts
    this.#texts = new DocumentTexts(parts.db, parts.vault.id)
  }

  get queue(): DocumentQueue {
    return this.#parts.queue
  }

  /**
   * Keeps bytes as a document. Resolves once they are durable.
   * @throws LvaError document-empty, document-too-large, document-not-supported, document-locked, not-found (the collection), disk-full
   */
  async addFile(
    bytes: Uint8Array,
    { name, path, ...how }: Placing & { name: string; path?: string | undefined; password?: string | undefined },
  ): Promise<AddedDocument> {
    const [added] = await this.addFiles([{ bytes, name, path }], how)
    if (!added) throw new Error('one file was given and none was answered')
    if ('error' in added) throw added.error
    return added
  }

  /**
   * Keeps files as documents, all in one transaction. One that cannot be taken does not keep the others out, not even where that was not
   * foreseen. Resolves once they are durable.
   * @returns what became of each, in their order
   * @param signal stops it as long as none of them is a document yet
   * @throws LvaError not-found (the collection), disk-full
   */
  async addFiles(
    files: readonly GivenFile[],
    how: Placing & { password?: string | undefined },
    signal?: AbortSignal,
  ): Promise<(AddedDocument | { error: LvaError })[]> {
    const { queue } = this.#parts
    const refusal = (error: unknown) => this.#refusal(error)
    const kept: (DocumentVersion | { error: LvaError })[] = []
    for (let from = 0; from < files.length; from += KEPT_AT_ONCE) {
      const some = files.slice(from, from + KEPT_AT_ONCE)
      kept.push(...(await Promise.all(some.map(({ bytes, name }) => this.keepBytes(bytes, name).catch(refusal)))))
    }
    signal?.throwIfAborted()
    const taken = files.flatMap(({ name, path = null }, index) => {
      const version = kept[index]
      if (!version || 'error' in version) return []
      const own = basename(name)
      return [{ version, title: titleOf(own), origin: { kind: 'file' as const, name: own, address: path } }]
    })
    if (how.password !== undefined) for (const { version } of taken) queue.keepPassword(version.sha256, how.password)
    const results = await this.#addEach(taken, how)
    const added = results.flatMap((one) => ('error' in one ? [] : [one]))
    // Whoever adds one again, with a password perhaps, wants it read.
    const again = added.flatMap(({ document: { id, state } }) => (TO_READ_AGAIN.includes(state) ? [id] : []))
    if (again.length > 0) await queue.retry(again, how.password)
    const waiting = new Map((await this.getMany(again)).map((document) => [document.id, document]))
    const answers = results.map((one) =>
      'error' in one ? one : { ...one, document: waiting.get(one.document.id) ?? one.document },
    )
    return kept.flatMap((one) => ('error' in one ? { error: one.error } : (answers.shift() ?? [])))
  }

  /** @throws LvaError address-refused, address-unreachable, timeout, and as `addFile` */
  async addAddress(address: string, placing: Placing, signal?: AbortSignal) {
    const page = await this.#parts.fetchAddress(address, signal)
    const version = await this.keepBytes(page.bytes, new URL(page.address).pathname)
    // The page's own title is known when it has been read.
    return this.#addOne(version, '', { kind: 'address', name: page.address, address: page.address }, placing)
  }

  /** @throws LvaError text-empty, document-too-large */
  async addText(text: string, title: string | undefined, placing: Placing) {
    if (text.trim() === '') {
      throw new LvaError('text-empty', 'There is no text to keep.', { advice: 'Paste or type something first.' })
    }
    const bytes = new TextEncoder().encode(text.toWellFormed())
    this.#refuseLarge(bytes)
    const version = { sha256: await this.#parts.blobs.put(bytes), format: 'markdown', size: bytes.length }
    const name = title?.trim() || beginning(text)
    return this.#addOne(version, name, { kind: 'text', name, address: null }, placing)
  }

  /** Keeps bytes for a document that the caller makes, or of which they are the next version. @throws like `addFile` */
  async keepBytes(bytes: Uint8Array, name: string): Promise<DocumentVersion> {
    if (bytes.length === 0) throw emptyFile()
    this.#refuseLarge(bytes)
    const format = sniff(bytes, name)
    if (format === 'unknown') throw isLockedOffice(bytes) ? locked() : notSupported(extname(name).slice(1, 20))
    return { sha256: await this.#parts.blobs.put(bytes), format, size: bytes.length }
  }

  async get(id: string): Promise<ShownDocument> {
    return this.#show(await this.#parts.vault.library.get(id))
  }

  /** Those of them that there are. */
  async getMany(ids: readonly string[]): Promise<ShownDocument[]> {
    return (await this.#parts.vault.library.getMany(ids)).map((document) => this.#show(document))
  }

  async list(filter: DocumentFilter, page: { cursor?: string | null; limit: number }): Promise<Page<ShownDocument>> {
    const { items, next } = await this.#parts.vault.library.list(filter, page)
    return { items: items.map((document) => this.#show(document)), next }
  }

  /** @throws LvaError not-found */
  async text(id: string, options: { from?: number; around?: number; limit: number }): Promise<DocumentStretch> {
    await this.#parts.vault.library.get(id)
    return this.#texts.stretch(id, options)
  }

  /** Who heard a recording, and the transcript before. @throws LvaError not-found */
  async transcripts(id: string): Promise<Transcripts> {
    const { db, vault } = this.#parts
    await vault.library.get(id)
    const [row] = await db.query<{ heard_by: string | null; read_at: Date | null; before: Heard | null }>(
      `select t.heard_by, t.read_at, case when e.document_id is null then null
         else json_build_object('heardBy', e.heard_by, 'readAt', to_char(e.read_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end as before
       from document_texts t left join earlier_transcripts e using (vault_id, document_id, sha256)
       where t.vault_id = $1 and t.document_id = $2 and t.read_at is not null`,
      [vault.id, id],
    )
    return {
      present: row ? { heardBy: row.heard_by, readAt: row.read_at?.toISOString() ?? null } : null,
      earlier: row?.before ?? null,
    }
  }

  /** The bytes as they came. @throws LvaError not-found, vault-damaged */
  async file(id: string): Promise<Uint8Array> {
    return this.#parts.blobs.get((await this.#parts.vault.library.get(id)).sha256)
  }

  /** Bytes have come from another device: documents that could not be read without them are read. Without a name, all that can be by now. */
  async arrived(sha256?: string): Promise<void> {
    const { db, vault, blobs, queue } = this.#parts
    const rows = await db.query<{ id: string; sha256: string }>(
      `select document_id as id, sha256 from document_texts
       where vault_id = $1 and state = 'failed' and error_code = 'attachment-elsewhere' and ($2::text is null or sha256 = $2)`,
      [vault.id, sha256 ?? null],
    )
    const ids: string[] = []
    for (const row of rows) if (await blobs.has(row.sha256)) ids.push(row.id)
    if (ids.length > 0) await queue.retry(ids)
  }

  queueState(): Promise<QueueState> {
    return this.#parts.queue.state()
  }

  onNews(listener: (news: QueueNews) => void): () => void {
    return this.#parts.queue.onNews(listener)
  }

  close(): Promise<void> {
    return this.#parts.queue.close()
  }

  async #addOne(version: DocumentVersion, title: string, origin: Omit<DocumentOrigin, 'at'>, placing: Placing) {
    const [added] = await this.#add([{ version, title, origin }], placing)
    if (!added) throw new Error('one document was added and none was answered')
    return added
  }

  /** All in one transaction; one after the other where an error that was not foreseen undid it, so that it stays with its file. */
  async #addEach(given: readonly Given[], placing: Placing): Promise<(AddedDocument | { error: LvaError })[]> {
    try {
      return await this.#add(given, placing)
    } catch (error) {
      if (isLvaError(error)) throw error
      if (given.length === 1) return [this.#refusal(error)]
    }
    const results: (AddedDocument | { error: LvaError })[] = []
    for (const one of given) results.push(...(await this.#addEach([one], placing)))
    return results
  }

  /** What is wrong with one file alone. @throws what concerns all of them */
  #refusal(error: unknown): { error: LvaError } {
    if (isLvaError(error, 'disk-full')) throw error
    if (!isLvaError(error)) this.#parts.log.error({ error }, 'a file could not be kept')
    return { error: toLvaError(error) }
  }

  async #add(given: readonly Given[], { collectionId, tags = [] }: Placing): Promise<AddedDocument[]> {
    if (given.length === 0) return []
    const collections = collectionId === undefined ? [] : [collectionId]
    const added = await this.#parts.vault.library.add(
      given.map(({ version, title, origin }) => ({ ...version, title, origin, tags, collections })),
    )
    const shown = new Map((await this.getMany(added.map(({ id }) => id))).map((document) => [document.id, document]))
    const answers: AddedDocument[] = []
    // One that is not there any more says so.
    for (const { id, isNew } of added) answers.push({ document: shown.get(id) ?? (await this.get(id)), isNew })
    return answers
  }

  #refuseLarge(bytes: Uint8Array): void {
    const { fileMb } = this.#parts.limits
    if (bytes.length > fileMb * BYTES_PER_MB) throw tooLarge(fileMb)
  }

  #show(document: LibraryDocument): ShownDocument {
    return { ...document, progress: this.#parts.queue.progressOf(document.id) }
  }
}

/** The name of a file without its ending, at most as long as a title may be. */
export function titleOf(name: string): string {
  const ending = extname(name)
  return (ending.length <= 10 ? name.slice(0, name.length - ending.length) : name).slice(0, 500).toWellFormed() || name
}

function beginning(text: string): string {
  const line = text.trim().split(/\r?\n/, 1)[0] ?? ''
  return line
    .replace(/^#+\s*/, '')
    .slice(0, TITLE_FROM_TEXT)
    .toWellFormed()
}
