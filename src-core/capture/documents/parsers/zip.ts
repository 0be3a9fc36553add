import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { damaged, tooComplex, unsafe } from '../errors.ts'
import type { DocumentLimits } from '../types.ts'

/** Entries that one archive may have. */
const MOST_ENTRIES = 20_000
const BYTES_PER_MB = 2 ** 20

/** The parts of a packed document by name. */
export type Parts = ReadonlyMap<string, Uint8Array>

/**
 * Unpacks the wanted parts into memory. Nothing is written anywhere; names that lead out of the archive are refused all the same, since no
 * honest program makes them. What is unpacked is counted while it comes, whatever the archive says of its sizes.
 * @throws LvaError document-unsafe, document-too-complex, document-damaged
 */
export async function unpack(
  bytes: Uint8Array,
  limits: Pick<DocumentLimits, 'unpackedMb'>,
  isWanted: (name: string) => boolean,
): Promise<Parts> {
  const zip = await openZip(bytes)
  const parts = new Map<string, Uint8Array>()
  let room = limits.unpackedMb * BYTES_PER_MB
  let entries = 0
  try {
    await new Promise<void>((resolve, reject) => {
      zip.once('error', (error: Error) => reject(isUnsafeName(error) ? unsafe() : damaged(error)))
      zip.once('end', resolve)
      const next = async (entry: Entry) => {
        entries += 1
        if (entries > MOST_ENTRIES || (isWanted(entry.fileName) && entry.uncompressedSize > room)) throw tooComplex()
        if (entry.isEncrypted()) throw damaged()
        if (isWanted(entry.fileName) && !entry.fileName.endsWith('/')) {
          const part = await readEntry(zip, entry, room)
          room -= part.length
          parts.set(entry.fileName, part)
        }
        zip.readEntry()
      }
      zip.on('entry', (entry: Entry) => void next(entry).catch(reject))
      zip.readEntry()
    })
  } finally {
    zip.close()
  }
  return parts
}

function openZip(bytes: Uint8Array): Promise<ZipFile> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return new Promise((resolve, reject) => {
    yauzl.fromBuffer(buffer, { lazyEntries: true, validateEntrySizes: true, strictFileNames: false }, (error, zip) =>
      error ? reject(damaged(error)) : resolve(zip),
    )
  })
}

function readEntry(zip: ZipFile, entry: Entry, room: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) return reject(damaged(error))
      const pieces: Buffer[] = []
      let size = 0
      stream.on('data', (piece: Buffer) => {
        size += piece.length
        if (size > room) stream.destroy(tooComplex())
        else pieces.push(piece)
      })
      stream.once('error', reject)
      stream.once('end', () => resolve(Buffer.concat(pieces)))
    })
  })
}

function isUnsafeName(error: Error): boolean {
  return /absolute path|invalid relative path|invalid characters in fileName/.test(error.message)
}
