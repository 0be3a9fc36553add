import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { LvaError } from '../../kernel/index.ts'
import { isAbsent, readPart, syncFolder, writeAll } from '../durable.ts'
import { withFileErrors } from '../file-error.ts'
import { blobNotFound, checkBlobName, isBlobName } from './names.ts'
import type { BlobStore } from './types.ts'

/** Files on their way; emptied when the store is opened. */
const PARTIAL_FOLDER = 'partial'

/**
 * Blobs as files: `<folder>/ab/abcdef...`, 256 folders by the first two digits. A file is written under another name, synced and renamed,
 * so that a crash or a full disk leaves nothing that looks like a blob. One process at a time, as for the whole data folder.
 * @throws LvaError folder-not-writable
 */
export async function diskBlobs(folder: string): Promise<BlobStore> {
  const partial = join(folder, PARTIAL_FOLDER)
  await withFileErrors(folder, () => {
    mkdirSync(partial, { recursive: true, mode: 0o700 })
    for (const name of readdirSync(partial)) rmSync(join(partial, name), { force: true })
  })
  return new DiskBlobs(folder, partial)
}

class DiskBlobs implements BlobStore {
  readonly #folder: string
  readonly #partial: string

  constructor(folder: string, partial: string) {
    this.#folder = folder
    this.#partial = partial
  }

  async put(data: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
    return withFileErrors(this.#folder, async () => {
      const temporary = join(this.#partial, randomUUID())
      try {
        const sha256 = await writeSynced(temporary, data instanceof Uint8Array ? [data] : data)
        const place = this.#folderOf(sha256)
        await mkdir(place, { recursive: true, mode: 0o700 })
        await rename(temporary, join(place, sha256))
        await syncFolder(place)
        return sha256
      } catch (error) {
        await rm(temporary, { force: true })
        throw error
      }
    })
  }

  async get(sha256: string): Promise<Uint8Array> {
    checkBlobName(sha256)
    let bytes: Buffer
    try {
      bytes = await readFile(this.#file(sha256))
    } catch (error) {
      throw isAbsent(error) ? blobNotFound(sha256) : error
    }
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new LvaError('vault-damaged', 'An attachment on the disk is damaged.', {
        advice: 'Put it back from a backup of the data folder, or delete what it belongs to.',
        params: { sha256 },
      })
    }
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  async read(sha256: string, start: number, end: number): Promise<Uint8Array> {
    checkBlobName(sha256)
    let file: FileHandle
    try {
      file = await open(this.#file(sha256), 'r')
    } catch (error) {
      throw isAbsent(error) ? blobNotFound(sha256) : error
    }
    try {
      return await readPart(file, start, end)
    } finally {
      await file.close()
    }
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.size(sha256)) !== undefined
  }

  async size(sha256: string): Promise<number | undefined> {
    checkBlobName(sha256)
    try {
      return (await stat(this.#file(sha256))).size
    } catch (error) {
      if (isAbsent(error)) return undefined
      throw error
    }
  }

  async delete(sha256: string): Promise<void> {
    checkBlobName(sha256)
    await withFileErrors(this.#folder, () => rm(this.#file(sha256), { force: true }))
  }

  async *list(): AsyncGenerator<string> {
    for (const place of (await readdir(this.#folder)).sort()) {
      if (!/^[0-9a-f]{2}$/.test(place)) continue
      yield* (await readdir(join(this.#folder, place))).filter(isBlobName).sort()
    }
  }

  #folderOf(sha256: string): string {
    return join(this.#folder, sha256.slice(0, 2))
  }

  #file(sha256: string): string {
    return join(this.#folderOf(sha256), sha256)
  }
}

/** @returns the SHA-256 of what was written */
async function writeSynced(path: string, pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'wx', 0o600)
  try {
    let at = 0
    for await (const piece of pieces) {
      hash.update(piece)
      await writeAll(file, piece, at)
      at += piece.length
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}
