import { basename, extname } from 'node:path'
import { type Closable, LvaError } from '../../kernel/index.ts'
import type { BlobStore, Database } from '../../store/index.ts'
import type {
  DocumentFilter,
  DocumentOrigin,
  DocumentVersion,
  LibraryDocument,
  Page,
  Vault,
} from '../../vault/index.ts'
import { locked, notSupported, tooLarge } from './errors.ts'
import type { FetchedPage } from './fetch-address.ts'
import type { DocumentQueue, QueueNews, QueueState } from './queue.ts'
import { isLockedOffice, sniff } from './sniff.ts'
import { type DocumentStretch, DocumentTexts } from './texts.ts'
import type { DocumentLimits } from './types.ts'

const BYTES_PER_MB = 2 ** 20
/** Length of the title that a pasted text gets from its beginning, in UTF-16 code units. */
const TITLE_FROM_TEXT = 80
const TO_READ_AGAIN: readonly LibraryDocument['state'][] = ['failed', 'cancelled']

export interface DocumentsParts {
  db: Database
  vault: Pick<Vault, 'id' | 'library'>
  blobs: Pick<BlobStore, 'put' | 'get' | 'has'>
  queue: DocumentQueue
  fetchAddress(address: string, signal?: AbortSignal): Promise<FetchedPage>
  limits: DocumentLimits
}

/** A document with how far reading it is. */
export type ShownDocument = LibraryDocument & { progress: { done: number; total: number } | null }

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
    file: Placing & { name: string; path?: string | undefined; password?: string | undefined },
  ): Promise<{ document: ShownDocument; isNew: boolean }> {
    const version = await this.keepBytes(bytes, file.name)
    const name = basename(file.name)
    if (file.password !== undefined) this.#parts.queue.keepPassword(version.sha256, file.password)
    const added = await this.#add(version, titleOf(name), { kind: 'file', name, address: file.path ?? null }, file)
    if (!TO_READ_AGAIN.includes(added.document.state)) return added
    // Whoever adds it again, with a password perhaps, wants it read.
    await this.#parts.queue.retry([added.document.id], file.password)
    return { ...added, document: await this.get(added.document.id) }
  }

  /** @throws LvaError address-refused, address-unreachable, timeout, and as `addFile` */
  async addAddress(address: string, placing: Placing, signal?: AbortSignal) {
    const page = await this.#parts.fetchAddress(address, signal)
    const version = await this.keepBytes(page.bytes, new URL(page.address).pathname)
    // The page's own title is known when it has been read.
    return this.#add(version, '', { kind: 'address', name: page.address, address: page.address }, placing)
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
    return this.#add(version, name, { kind: 'text', name, address: null }, placing)
  }

  /** Keeps bytes for a document that the caller makes, or of which they are the next version. @throws like `addFile` */
  async keepBytes(bytes: Uint8Array, name: string): Promise<DocumentVersion> {
    if (bytes.length === 0) {
      throw new LvaError('document-empty', 'The file is empty.', { advice: 'There is nothing in it to keep.' })
    }
    this.#refuseLarge(bytes)
    const format = sniff(bytes, name)
    if (format === 'unknown') throw isLockedOffice(bytes) ? locked() : notSupported(extname(name).slice(1, 20))
    return { sha256: await this.#parts.blobs.put(bytes), format, size: bytes.length }
  }

  async get(id: string): Promise<ShownDocument> {
    return this.#show(await this.#parts.vault.library.get(id))
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

  async #add(version: DocumentVersion, title: string, origin: Omit<DocumentOrigin, 'at'>, placing: Placing) {
    const { library } = this.#parts.vault
    const collections = placing.collectionId === undefined ? [] : [placing.collectionId]
    const [added] = await library.add([{ ...version, title, origin, tags: placing.tags ?? [], collections }])
    if (!added) throw new Error('one document was added and none was answered')
    return { document: await this.get(added.id), isNew: added.isNew }
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
