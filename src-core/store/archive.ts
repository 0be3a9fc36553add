import { closeSync, createReadStream, createWriteStream, futimesSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { open, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'

/**
 * A folder as one file: a gzipped tar in the ustar format (POSIX.1-2017, pax, "ustar Interchange Format"), which every `tar` reads. Only
 * plain files and folders, which is what a database consists of. Owners are left out, times of files kept: the database's thread goes by them
 * after a crash (`pglite/worker.ts`).
 */

const BLOCK = 512
const FILE_TYPE = '0'
const FOLDER_TYPE = '5'
/** Fast: a database is packed while somebody waits. */
const COMPRESSION_LEVEL = 1

/**
 * Packs all that is in `folder` into `file`, a file at a time, and waits until it is on the disk. The gzip checksum in it tells
 * `unpackFolder` whether it is whole.
 */
export async function packFolder(folder: string, file: string): Promise<void> {
  await pipeline(Readable.from(tarBlocks(folder)), createGzip({ level: COMPRESSION_LEVEL }), createWriteStream(file))
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Unpacks `file` into `folder`, which must not exist yet. The files are left to the operating system to write down, which it does within
 * half a minute: to sync a thousand of them would take seconds.
 * @throws when the archive is damaged or ends early
 */
export async function unpackFolder(file: string, folder: string): Promise<void> {
  mkdirSync(folder, { mode: 0o700 })
  const reader = new TarReader(folder)
  try {
    await pipeline(
      createReadStream(file, { highWaterMark: 1 << 20 }),
      createGunzip({ chunkSize: 1 << 20 }),
      async (chunks) => {
        for await (const chunk of chunks as AsyncIterable<Buffer>) reader.take(chunk)
      },
    )
    reader.end()
  } finally {
    reader.close()
  }
}

async function* tarBlocks(folder: string): AsyncGenerator<Buffer> {
  // Folders come before what is in them.
  const entries = (await readdir(folder, { recursive: true })).sort()
  for (const entry of entries) {
    const path = join(folder, entry)
    const name = entry.replaceAll('\\', '/')
    const stats = await stat(path)
    if (stats.isDirectory()) yield header(name, 0, FOLDER_TYPE, stats.mtimeMs)
    else {
      const content = await readFile(path)
      yield header(name, content.length, FILE_TYPE, stats.mtimeMs)
      yield content
      yield Buffer.alloc(padding(content.length))
    }
  }
  yield Buffer.alloc(2 * BLOCK)
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

function header(name: string, size: number, type: string, mtimeMs: number): Buffer {
  if (Buffer.byteLength(name) > 99) throw new Error(`a path is too long for the archive: ${name}`)
  const block = Buffer.alloc(BLOCK)
  const octal = (value: number, offset: number, length: number) =>
    block.write(value.toString(8).padStart(length - 1, '0'), offset, 'latin1')
  block.write(name, 0, 'utf8')
  octal(type === FOLDER_TYPE ? 0o700 : 0o600, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(size, 124, 12)
  octal(Math.floor(mtimeMs / 1_000), 136, 12)
  block.write(type, 156, 'latin1')
  block.write('ustar\u000000', 257, 'latin1')
  // The sum of all bytes with the field of the sum itself as spaces.
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

interface OpenFile {
  path: string
  descriptor: number
  modified: number
  /** Bytes that are yet to come: of the file, and of the filling up to a whole block behind it. */
  left: number
  filling: number
}

/** Takes the archive in pieces of any size, and keeps no more of it than a header: a table's file may have a gigabyte. */
class TarReader {
  readonly #folder: string
  /** The beginning of a header. */
  #rest: Buffer = Buffer.alloc(0)
  #file: OpenFile | undefined
  #ended = false

  constructor(folder: string) {
    this.#folder = folder
  }

  take(chunk: Buffer): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    while (!this.#ended) {
      if (this.#file) data = this.#fill(this.#file, data)
      if (this.#file || data.length < BLOCK) break
      if (data[0] === 0) this.#ended = true
      else {
        this.#begin(data)
        data = data.subarray(BLOCK)
      }
    }
    this.#rest = data
  }

  /** @throws when the archive has not come to its end */
  end(): void {
    if (!this.#ended) throw new Error('the archive ends too early')
  }

  /** Lets go of a file that did not come to its end. */
  close(): void {
    if (this.#file) closeSync(this.#file.descriptor)
    this.#file = undefined
  }

  /** Synchronous, like all of this: for a thousand small files that is three times as fast, and unpacking them is all that is going on. */
  #begin(header: Buffer): void {
    const name = header.toString('utf8', 0, header.indexOf(0))
    if (name.split('/').includes('..') || name.startsWith('/')) throw new Error('the archive leaves its folder')
    const path = join(this.#folder, name)
    if (header[156] === FOLDER_TYPE.charCodeAt(0)) {
      mkdirSync(path, { mode: 0o700 })
      return
    }
    const size = Number.parseInt(header.toString('latin1', 124, 136), 8)
    const modified = Number.parseInt(header.toString('latin1', 136, 148), 8)
    this.#file = { path, descriptor: openSync(path, 'w', 0o600), modified, left: size, filling: padding(size) }
  }

  /** @returns what comes after the file */
  #fill(file: OpenFile, data: Buffer): Buffer {
    const content = data.subarray(0, file.left)
    for (let at = 0; at < content.length; ) at += writeSync(file.descriptor, content, at)
    file.left -= content.length
    const behind = data.subarray(content.length)
    const skipped = Math.min(file.filling, behind.length)
    file.filling -= skipped
    if (file.left === 0 && file.filling === 0) {
      futimesSync(file.descriptor, file.modified, file.modified)
      this.close()
    }
    return behind.subarray(skipped)
  }
}
