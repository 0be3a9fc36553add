import type { StoredUpdate } from '../vault/index.ts'
import { damaged } from './faults.ts'

/** The rows of `doc_updates` as one stream of bytes (docs/backup.md §3), and back. */

const NAME_HEAD = 2
const ROW_HEAD = 8 + 8 + 4

export function encodeUpdate({ doc, seq, update, createdAt }: StoredUpdate): Uint8Array {
  const name = Buffer.from(doc, 'utf8')
  const bytes = Buffer.alloc(NAME_HEAD + name.length + ROW_HEAD + update.length)
  let at = bytes.writeUInt16BE(name.length, 0)
  at += name.copy(bytes, at)
  at = bytes.writeBigUInt64BE(BigInt(seq), at)
  at = bytes.writeBigInt64BE(BigInt(createdAt), at)
  at = bytes.writeUInt32BE(update.length, at)
  bytes.set(update, at)
  return bytes
}

/** @param file named by the error for bytes that are no rows. @throws LvaError backup-damaged */
export async function* decodeUpdates(pieces: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<StoredUpdate> {
  let rest = Buffer.alloc(0)
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let needed = NAME_HEAD
  for await (const piece of pieces) {
    waiting.push(piece)
    waitingBytes += piece.length
    // A large row comes in many pieces, which are put together once.
    if (rest.length + waitingBytes < needed) continue
    rest = Buffer.concat([rest, ...waiting])
    waiting = []
    waitingBytes = 0
    let at = 0
    for (;;) {
      const row = rest.subarray(at)
      needed = NAME_HEAD
      if (row.length < needed) break
      const nameEnd = NAME_HEAD + row.readUInt16BE(0)
      needed = nameEnd + ROW_HEAD
      if (row.length < needed) break
      needed += row.readUInt32BE(nameEnd + 16)
      if (row.length < needed) break
      yield {
        doc: row.toString('utf8', NAME_HEAD, nameEnd),
        seq: Number(row.readBigUInt64BE(nameEnd)),
        createdAt: Number(row.readBigInt64BE(nameEnd + 8)),
        update: Uint8Array.from(row.subarray(nameEnd + ROW_HEAD, needed)),
      }
      at += needed
    }
    rest = rest.subarray(at)
  }
  if (rest.length + waitingBytes > 0) throw damaged(file)
}
