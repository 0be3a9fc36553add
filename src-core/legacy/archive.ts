import { createWriteStream, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Entry, ZipFile } from 'yauzl'
import { LvaError } from '../kernel/index.ts'
import { archiveRefused, DATABASE_NAME, noSpace, notFound } from './faults.ts'

/** An entry may unpack to so much, or else to so many times its packed size. Databases of texts shrink to a third, repetitive ones to a tenth. */
const HARMLESS_BYTES = 64 * 2 ** 20
const MOST_TIMES = 200
const NAME = new RegExp(`(^|/)${DATABASE_NAME.replace('.', '\\.')}$`)

/**
 * Unpacks v1's database from a zip into `to`, and nothing else: the one nearest to the root of the archive.
 * @throws LvaError legacy-archive-refused, legacy-not-found, cancelled
 */
export async function unpackDatabase(zip: string, to: string, signal?: AbortSignal): Promise<void> {
  const archive = await openZip(zip)
  try {
    // Reading the names checks all of them: yauzl refuses those that are absolute or climb out.
    const best = await nearest(archive)
    if (!best) throw notFound(`The zip holds no ${DATABASE_NAME}.`)
    if ((best.generalPurposeBitFlag & 1) === 1) throw archiveRefused('It is encrypted.')
    const most = Math.max(HARMLESS_BYTES, best.compressedSize * MOST_TIMES)
    if (best.uncompressedSize > most) throw archiveRefused('It would unpack to far more than it can hold.')
    const { bavail, bsize } = statfsSync(dirname(to))
    if (best.uncompressedSize > bavail * bsize) throw noSpace()
    const stream = await readEntry(archive, best)
    await pipeline(stream, atMost(most), createWriteStream(to, { mode: 0o600 }), signal ? { signal } : {})
  } catch (error) {
    if (error instanceof LvaError || (error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
    if (signal?.aborted) throw new LvaError('cancelled', 'Stopped.', { cause: error })
    throw archiveRefused('It holds names that lead out of it, or is damaged.', error)
  } finally {
    archive.close()
  }
}

async function openZip(path: string): Promise<ZipFile> {
  const { open } = await import('yauzl')
  return new Promise((resolve, reject) => {
    open(path, { autoClose: false, lazyEntries: true, validateEntrySizes: true }, (error, archive) =>
      error ? reject(archiveRefused('It is no zip, or a damaged one.', error)) : resolve(archive),
    )
  })
}

/** The database's entry with the fewest folders in its name. */
function nearest(archive: ZipFile): Promise<Entry | undefined> {
  return new Promise((resolve, reject) => {
    let best: Entry | undefined
    archive.on('entry', (entry: Entry) => {
      if (NAME.test(entry.fileName) && (!best || depth(entry.fileName) < depth(best.fileName))) best = entry
      archive.readEntry()
    })
    archive.once('end', () => resolve(best))
    archive.once('error', reject)
    archive.readEntry()
  })
}

function readEntry(archive: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) => {
    archive.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)))
  })
}

/** Passes bytes on until there are more than an honest entry has. */
function atMost(bytes: number): Transform {
  let left = bytes
  return new Transform({
    transform(chunk: Uint8Array, _, done) {
      left -= chunk.length
      done(left < 0 ? archiveRefused('It unpacks to far more than it says.') : null, chunk)
    },
  })
}

function depth(name: string): number {
  return name.split('/').length
}
