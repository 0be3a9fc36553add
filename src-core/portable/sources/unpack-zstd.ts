import { Readable } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'
import { LvaError } from '../../kernel/index.ts'

/**
 * What is compressed by Zstandard, unpacked as it is read.
 * @param most bytes that it may unpack to
 * @throws LvaError archive-unsafe when it unpacks to more; what zlib throws when it is damaged
 */
export async function* unpackZstd(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  most: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  const packed = Readable.from(pieces)
  const unpacked = packed.pipe(createZstdDecompress())
  packed.on('error', (error) => unpacked.destroy(error))
  try {
    for await (const piece of unpacked) {
      bytes += piece.length
      if (bytes > most) {
        throw new LvaError(
          'archive-unsafe',
          `The archive is refused: a part of it unpacks to more than ${most} bytes.`,
          {
            advice: 'It is not what an export looks like.',
          },
        )
      }
      yield piece
    }
  } finally {
    packed.destroy()
    unpacked.destroy()
  }
}
