import { createHash } from 'node:crypto'
import { blobNotFound, checkBlobName } from './names.ts'
import type { BlobStore } from './types.ts'

/** Blobs that are gone when the program ends, for tests. */
export function memoryBlobs(): BlobStore {
  const blobs = new Map<string, Uint8Array>()
  return {
    put: async (data) => {
      const pieces: Uint8Array[] = []
      for await (const piece of data instanceof Uint8Array ? [data] : data) pieces.push(piece.slice())
      const bytes = new Uint8Array(Buffer.concat(pieces))
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      blobs.set(sha256, bytes)
      return sha256
    },
    get: async (sha256) => {
      checkBlobName(sha256)
      const bytes = blobs.get(sha256)
      if (!bytes) throw blobNotFound(sha256)
      return bytes.slice()
    },
    read: async (sha256, start, end) => {
      checkBlobName(sha256)
      const bytes = blobs.get(sha256)
      if (!bytes) throw blobNotFound(sha256)
      return bytes.slice(start, end)
    },
    has: async (sha256) => {
      checkBlobName(sha256)
      return blobs.has(sha256)
    },
    size: async (sha256) => {
      checkBlobName(sha256)
      return blobs.get(sha256)?.length
    },
    delete: async (sha256) => {
      checkBlobName(sha256)
      blobs.delete(sha256)
    },
    list: async function* () {
      yield* [...blobs.keys()].sort()
    },
  }
}
