import { seededRandom } from '../kernel/index.ts'

/** Bytes of a chunk of a stream: at least, usually, at most. */
const LEAST = 16 * 1024
const MOST = 256 * 1024
/** Sixteen bits that are zero once in 64 KiB. They are the topmost, which the last 32 bytes have moved. */
const CUT = 0xffff0000

/**
 * One random word for each byte. Other numbers would cut elsewhere, and only cost that nothing of the backups before is found again.
 */
const GEAR = (() => {
  const random = seededRandom(0x6c7661)
  return Uint32Array.from({ length: 256 }, () => Math.floor(random.fraction() * 2 ** 32))
})()

/**
 * Cuts a stream where its content says so: a byte that is put in or taken out moves the cuts around it and no others, so that the rest of
 * the stream is found again among the chunks of an earlier backup. The rolling hash is "gear" of Xia et al., "Ddelta", 2014.
 *
 *     |--- LEAST, never cut ---|--- cut where the hash has 16 zeros ---| MOST, always cut
 */
export async function* cutByContent(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const chunk = new Uint8Array(MOST)
  let length = 0
  let hash = 0
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length; ) {
      // Up to the least length nothing can be cut; it is copied without a look at it.
      if (length < LEAST) {
        const part = piece.subarray(at, at + LEAST - length)
        chunk.set(part, length)
        length += part.length
        at += part.length
        continue
      }
      const byte = piece[at++] as number
      chunk[length++] = byte
      hash = ((hash << 1) + (GEAR[byte] as number)) | 0
      if ((hash & CUT) !== 0 && length < MOST) continue
      yield chunk.slice(0, length)
      length = 0
      hash = 0
    }
  }
  if (length > 0) yield chunk.slice(0, length)
}

/** Cuts bytes that never change into equal parts. */
export function* cutEvenly(bytes: Uint8Array, length: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}
