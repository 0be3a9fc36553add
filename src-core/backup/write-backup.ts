import { createHash } from 'node:crypto'
import { isLvaError, type Random } from '../kernel/index.ts'
import type { BlobStore, Database } from '../store/index.ts'
import type { VaultSnapshot } from '../vault/index.ts'
import { cutByContent, cutEvenly } from './chunker.ts'
import {
  footerOf,
  type Header,
  LARGEST_CHUNK,
  type Manifest,
  newHeader,
  packChunk,
  packManifest,
  RECORD,
  type StreamEntry,
  sealRecord,
} from './format.ts'
import { LOCAL_TABLES, readTable } from './tables.ts'
import { encodeUpdate } from './update-stream.ts'

/** What a backup is made of. */
export interface BackupSource {
  db: Database
  vaultId: string
  snapshot: VaultSnapshot
  blobs: BlobStore
}

/** An earlier, proven backup of the same place and key, on which the next one builds. */
export interface BackupBase {
  manifest: Manifest
  /** Bytes of the base's own file. */
  bytes: number
}

export interface BackupRequest {
  name: string
  /** Milliseconds since 1970. */
  at: number
  backupKey: Uint8Array
  appVersion: string
  random: Random
  /** Without it the backup is a full one. */
  base?: BackupBase
  /** Bytes read so far, and altogether as far as one knows. */
  onProgress?: (done: number, total: number) => void
}

/** Makes the bytes of one backup file as they are needed; `manifest` is there once all of them have been taken. */
export class BackupWriter {
  readonly #source: BackupSource
  readonly #request: BackupRequest
  readonly #header: Header
  #manifest: Manifest | undefined
  #offset = 0
  #out: Uint8Array[] = []
  #read = 0
  #total = 0
  /** Number of each chunk by its id. */
  readonly #numbers = new Map<string, number>()
  readonly #chunks: Manifest['chunks'] = []
  readonly #files: Manifest['files']
  /** Chunks of the base by id, and the number that each of its files has here. */
  readonly #known: ReadonlyMap<string, Manifest['chunks'][number]>
  readonly #fileNumbers = new Map<number, number>()

  constructor(source: BackupSource, request: BackupRequest) {
    this.#source = source
    this.#request = request
    this.#header = newHeader(request.backupKey, request.random.bytes(32))
    this.#files = [{ name: request.name, bytes: 0 }]
    this.#known = new Map(request.base?.manifest.chunks.map((chunk) => [chunk[0], chunk]))
  }

  get manifest(): Manifest {
    if (!this.#manifest) throw new Error('the backup is not finished')
    return this.#manifest
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    const { snapshot, db, vaultId } = this.#source
    const request = this.#request
    const blobNames = await this.#blobNames()
    this.#total = snapshot.bytes + blobNames.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#emit(this.#header.bytes)
    yield* this.#flush()

    const updates = newStream()
    yield* this.#stream(
      updates,
      mapped(snapshot.updates(), (row) => encodeUpdate(row)),
    )
    const tables: Manifest['tables'] = {}
    for (const table of Object.keys(LOCAL_TABLES)) {
      const entry = newStream()
      yield* this.#stream(entry, readTable(db, table, vaultId))
      tables[table] = closed(entry)
    }
    const blobs: Manifest['blobs'] = []
    const missingBlobs: string[] = []
    const kept = new Map(request.base?.manifest.blobs.map((blob) => [blob[0], blob]))
    for (const { name, bytes } of blobNames) {
      const earlier = kept.get(name)
      if (earlier) blobs.push([name, earlier[1], earlier[2].map((number) => this.#fromBase(number))])
      else {
        const content = await this.#readBlob(name)
        if (content) {
          const numbers: number[] = []
          for (const part of cutEvenly(content, LARGEST_CHUNK)) {
            numbers.push(await this.#chunk(part))
            yield* this.#flush()
          }
          blobs.push([name, content.length, numbers])
        } else missingBlobs.push(name)
      }
      this.#progress(bytes)
    }
    const createdAt = new Date(request.at).toISOString()
    this.#manifest = {
      createdAt,
      fullAt: request.base?.manifest.fullAt ?? createdAt,
      appVersion: request.appVersion,
      vaultId,
      counts: snapshot.counts,
      files: this.#files,
      chunks: this.#chunks,
      updates: closed(updates),
      tables,
      blobs,
      missingBlobs,
    }
    const offset = this.#offset
    this.#emit(sealRecord(this.#header.fileKey, RECORD.manifest, offset, await packManifest(this.#manifest)))
    this.#emit(footerOf(offset, this.#offset - offset))
    yield* this.#flush()
  }

  /** Names and bytes of the blobs on the disk, and of those that captures or documents name and only an earlier backup still has. */
  async #blobNames(): Promise<{ name: string; bytes: number }[]> {
    const { blobs, snapshot } = this.#source
    const names = new Set<string>(snapshot.blobs)
    for await (const name of blobs.list()) names.add(name)
    const found: { name: string; bytes: number }[] = []
    for (const name of [...names].sort()) found.push({ name, bytes: (await blobs.size(name)) ?? 0 })
    return found
  }

  async #readBlob(name: string): Promise<Uint8Array | undefined> {
    try {
      return await this.#source.blobs.get(name)
    } catch (error) {
      if (isLvaError(error, 'not-found') || isLvaError(error, 'vault-damaged')) return undefined
      throw error
    }
  }

  async *#stream(entry: OpenStream, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const counted = mapped(pieces, (piece) => {
      entry.hash.update(piece)
      entry.bytes += piece.length
      entry.rows += 1
      this.#progress(piece.length)
      return piece
    })
    for await (const chunk of cutByContent(counted)) {
      entry.chunks.push(await this.#chunk(chunk))
      yield* this.#flush()
    }
  }

  /** The number of a chunk, which is written unless it is in this file, or in one that this one builds on. */
  async #chunk(bytes: Uint8Array): Promise<number> {
    const id = createHash('sha256').update(bytes).digest('hex')
    const number = this.#numbers.get(id)
    if (number !== undefined) return number
    const earlier = this.#known.get(id)
    if (earlier) return this.#addFromBase(earlier)
    const offset = this.#offset
    this.#emit(sealRecord(this.#header.fileKey, RECORD.chunk, offset, await packChunk(bytes)))
    return this.#add([id, bytes.length, 0, offset, this.#offset - offset])
  }

  #fromBase(number: number): number {
    const chunk = this.#request.base?.manifest.chunks[number]
    if (!chunk) throw new Error('the base has no such chunk')
    return this.#numbers.get(chunk[0]) ?? this.#addFromBase(chunk)
  }

  #addFromBase([id, bytes, file, offset, length]: Manifest['chunks'][number]): number {
    return this.#add([id, bytes, this.#fileNumber(file), offset, length])
  }

  #fileNumber(ofBase: number): number {
    const known = this.#fileNumbers.get(ofBase)
    if (known !== undefined) return known
    const { base } = this.#request
    const file = base?.manifest.files[ofBase]
    if (!base || !file) throw new Error('the base names no such file')
    // Its manifest could not know how long its own file would be.
    const number = this.#files.push(ofBase === 0 ? { name: file.name, bytes: base.bytes } : file) - 1
    this.#fileNumbers.set(ofBase, number)
    return number
  }

  #add(chunk: Manifest['chunks'][number]): number {
    const number = this.#chunks.push(chunk) - 1
    this.#numbers.set(chunk[0], number)
    return number
  }

  #emit(bytes: Uint8Array): void {
    this.#out.push(bytes)
    this.#offset += bytes.length
  }

  *#flush(): Generator<Uint8Array> {
    yield* this.#out.splice(0)
  }

  #progress(bytes: number): void {
    this.#read += bytes
    this.#request.onProgress?.(Math.min(this.#read, this.#total), this.#total)
  }
}

interface OpenStream {
  hash: ReturnType<typeof createHash>
  bytes: number
  rows: number
  chunks: number[]
}

function newStream(): OpenStream {
  return { hash: createHash('sha256'), bytes: 0, rows: 0, chunks: [] }
}

function closed({ hash, bytes, rows, chunks }: OpenStream): StreamEntry {
  return { bytes, rows, chunks, sha256: hash.digest('hex') }
}

async function* mapped<A, B>(values: AsyncIterable<A>, change: (value: A) => B): AsyncGenerator<B> {
  for await (const value of values) yield change(value)
}
