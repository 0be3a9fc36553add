import { createHash } from 'node:crypto'
import { isLvaError } from '../kernel/index.ts'
import { damaged, incomplete } from './faults.ts'
import {
  FOOTER_BYTES,
  HEADER_BYTES,
  keyIdInHeader,
  type Manifest,
  openHeader,
  openRecord,
  RECORD,
  readFooter,
  type StreamEntry,
  unpackChunk,
  unpackManifest,
} from './format.ts'
import type { BackupPlace } from './places/types.ts'

/** What is read of a file at once: records lie one after the other. */
const WINDOW_BYTES = 4 * 2 ** 20

/** A backup whose manifest has been read. Nothing of its content has been looked at yet. */
export interface OpenedBackup {
  readonly name: string
  readonly bytes: number
  readonly manifest: Manifest
  /** The bytes of a stream, checked chunk by chunk and at its end. @throws LvaError backup-damaged, backup-incomplete */
  stream(entry: StreamEntry): AsyncGenerator<Uint8Array>
  /** The bytes of a recording, checked against its name at the end. @throws LvaError backup-damaged, backup-incomplete */
  blob(entry: Manifest['blobs'][number]): AsyncGenerator<Uint8Array>
}

/**
 * Opens a backup in its place.
 * @throws LvaError not-found, backup-unreadable, backup-newer, phrase-wrong, backup-damaged, backup-incomplete
 */
export async function openBackup(
  place: BackupPlace,
  name: string,
  backupKey: Uint8Array,
  signal?: AbortSignal,
): Promise<OpenedBackup> {
  const present = new Map((await place.list(signal)).map((file) => [file.name, file.bytes]))
  const own = new SealedFile(place, name, present.get(name) ?? 0, backupKey, signal)
  const bytes = own.bytes
  const manifest = await readManifest(own, place, name, signal)
  const files = manifest.files.map((file, number) => {
    if (number === 0) return own
    const found = present.get(file.name)
    if (found === undefined) throw incomplete(name, file.name)
    if (found !== file.bytes) throw damaged(file.name)
    return new SealedFile(place, file.name, found, backupKey, signal)
  })
  const readChunk = async (number: number): Promise<Uint8Array> => {
    const [id, length, at, offset, recordLength] = manifest.chunks[number] as Manifest['chunks'][number]
    const file = files[at] as SealedFile
    const chunk = await unpackChunk(await file.record(RECORD.chunk, offset, recordLength), file.name)
    if (chunk.length !== length || sha256(chunk) !== id) throw damaged(file.name)
    return chunk
  }
  async function* read(numbers: readonly number[], length: number, expected: string): AsyncGenerator<Uint8Array> {
    const hash = createHash('sha256')
    let sum = 0
    for (const number of numbers) {
      const chunk = await readChunk(number)
      hash.update(chunk)
      sum += chunk.length
      yield chunk
    }
    if (sum !== length || hash.digest('hex') !== expected) throw damaged(name)
  }
  return {
    name,
    bytes,
    manifest,
    stream: (entry) => read(entry.chunks, entry.bytes, entry.sha256),
    blob: ([blob, length, numbers]) => read(numbers, length, blob),
  }
}

/** The key id that a file names, without any key. @throws LvaError not-found, backup-unreadable, backup-newer */
export async function keyIdOfFile(place: BackupPlace, name: string, signal?: AbortSignal): Promise<string> {
  return keyIdInHeader(await place.read(name, 0, HEADER_BYTES, signal), name)
}

async function readManifest(
  file: SealedFile,
  place: BackupPlace,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Manifest> {
  // A stranger's file is told from a damaged one before its end is looked at.
  await file.open()
  if (file.bytes < HEADER_BYTES + FOOTER_BYTES) throw damaged(name)
  const footer = await place.read(name, file.bytes - FOOTER_BYTES, file.bytes, signal)
  const { offset, length } = readFooter(footer, file.bytes, name)
  return unpackManifest(await file.record(RECORD.manifest, offset, length), name)
}

/** One file with the key of its records. */
class SealedFile {
  readonly name: string
  readonly bytes: number
  readonly #place: BackupPlace
  readonly #backupKey: Uint8Array
  readonly #signal: AbortSignal | undefined
  #fileKey: Uint8Array | undefined
  #window = { start: 0, bytes: new Uint8Array() as Uint8Array }

  constructor(place: BackupPlace, name: string, bytes: number, backupKey: Uint8Array, signal: AbortSignal | undefined) {
    this.#place = place
    this.name = name
    this.bytes = bytes
    this.#backupKey = backupKey
    this.#signal = signal
  }

  /** @throws LvaError not-found, backup-unreadable, backup-newer, phrase-wrong */
  async open(): Promise<Uint8Array> {
    this.#fileKey ??= openHeader(await this.#read(0, HEADER_BYTES), this.#backupKey, this.name).fileKey
    return this.#fileKey
  }

  /** @throws LvaError backup-damaged */
  async record(type: number, offset: number, length: number): Promise<Uint8Array> {
    const key = await this.open()
    if (offset < HEADER_BYTES || offset + length > this.bytes - FOOTER_BYTES) throw damaged(this.name)
    return openRecord(key, type, offset, await this.#read(offset, length), this.name)
  }

  async #read(offset: number, length: number): Promise<Uint8Array> {
    const { start, bytes } = this.#window
    if (offset < start || offset + length > start + bytes.length) {
      const end = Math.max(offset + length, Math.min(offset + WINDOW_BYTES, this.bytes))
      this.#window = { start: offset, bytes: await this.#fetch(offset, end) }
    }
    const from = offset - this.#window.start
    return this.#window.bytes.subarray(from, from + length)
  }

  async #fetch(start: number, end: number): Promise<Uint8Array> {
    try {
      return await this.#place.read(this.name, start, end, this.#signal)
    } catch (error) {
      // It was there when the folder was listed, or is the one that was asked for.
      if (isLvaError(error, 'not-found') && this.#fileKey) throw damaged(this.name, error)
      throw error
    }
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
