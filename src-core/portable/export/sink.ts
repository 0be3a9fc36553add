import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { access, mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { LvaError } from '../../kernel/index.ts'
import type { Packing } from '../types.ts'

export type Pieces = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

/** Where the files of an export go. Nothing stands at the target before `finish`. */
export interface Sink {
  /** Whether it holds more than one file. */
  readonly holdsAttachments: boolean
  /** Writes one file; the next begins when it has ended. `path` has slashes. */
  write(path: string, pieces: Pieces, at: Date): Promise<void>
  finish(): Promise<void>
  /** Leaves nothing. */
  abort(): Promise<void>
}

/** @throws LvaError bad-input when something stands at the target */
export async function openSink(target: string, packing: Packing): Promise<Sink> {
  if (!(await isFree(target, packing))) {
    throw new LvaError('bad-input', `There is something at ${target} already.`, { advice: 'Choose another name.' })
  }
  const partial = `${target}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(dirname(target), { recursive: true })
  if (packing === 'folder') return folderSink(target, partial)
  return packing === 'zip' ? zipSink(target, partial) : fileSink(target, partial)
}

async function isFree(target: string, packing: Packing): Promise<boolean> {
  try {
    await access(target)
  } catch {
    return true
  }
  return (
    packing === 'folder' &&
    (await readdir(target).then(
      (names) => names.length === 0,
      () => false,
    ))
  )
}

async function folderSink(target: string, partial: string): Promise<Sink> {
  await mkdir(partial)
  return {
    holdsAttachments: true,
    async write(path, pieces) {
      const file = join(partial, ...path.split('/'))
      await mkdir(dirname(file), { recursive: true })
      await pipeline(Readable.from(pieces), createWriteStream(file, { flags: 'wx' }))
    },
    async finish() {
      // An empty folder may stand there; whatever else came meanwhile makes the renaming fail.
      await rmdir(target).catch(() => undefined)
      await rename(partial, target)
    },
    abort: () => rm(partial, { recursive: true, force: true }),
  }
}

function zipSink(target: string, partial: string): Sink {
  const zip = new ZipFile()
  // What breaks while a file is read is told to whoever writes that file.
  zip.on('error', () => undefined)
  const output = createWriteStream(partial, { flags: 'wx', mode: 0o600 })
  const writing = pipeline(zip.outputStream, output)
  // Told to whoever writes or finishes next.
  writing.catch(() => undefined)
  return {
    holdsAttachments: true,
    async write(path, pieces, at) {
      const input = Readable.from(pieces, { objectMode: false })
      zip.addReadStreamLazy(path, { mtime: at, mode: 0o100644, compress: !path.endsWith('.wav') }, (callback) =>
        callback(null, input),
      )
      await Promise.race([once(input, 'end'), writing])
    },
    async finish() {
      zip.end()
      await writing
      await syncFile(partial)
      await rename(partial, target)
    },
    async abort() {
      output.destroy()
      await writing.catch(() => undefined)
      await rm(partial, { force: true })
    },
  }
}

async function fileSink(target: string, partial: string): Promise<Sink> {
  return {
    holdsAttachments: false,
    write: (_path, pieces) => pipeline(Readable.from(pieces), createWriteStream(partial, { flags: 'wx', mode: 0o600 })),
    async finish() {
      await syncFile(partial)
      await rename(partial, target)
    },
    abort: () => rm(partial, { force: true }),
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
