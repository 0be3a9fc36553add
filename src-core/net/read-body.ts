import type { IncomingMessage } from 'node:http'
import { pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { LvaError } from '../kernel/index.ts'

const BYTES_PER_KB = 1_024
/** A zero byte within so many tells that something is no text; UTF-16 is not sent on the web. */
const LOOKED_AT_BYTES = 4_096

const UNPACKERS: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
}

/** Types whose answers are words. */
const TEXT_TYPE = /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml)$|application\/xhtml\+xml$)/

/**
 * The body of an answer, unpacked. What comes and what it unpacks to are counted while they come, and reading stops at the limit.
 * @param type of the content, without parameters
 * @throws LvaError answer-too-large, answer-not-text
 */
export async function readBody(
  response: IncomingMessage,
  type: string,
  { limitBytes, textOnly = false }: { limitBytes: number; textOnly?: boolean },
): Promise<Uint8Array> {
  try {
    if (textOnly && type !== '' && !TEXT_TYPE.test(type)) throw notText()
    if (Number(response.headers['content-length']) > limitBytes) throw tooLarge(limitBytes)
    const pieces: Buffer[] = []
    let size = 0
    for await (const piece of within(limitBytes, unpacked(response, limitBytes))) {
      if (textOnly && size < LOOKED_AT_BYTES && piece.subarray(0, LOOKED_AT_BYTES - size).includes(0)) throw notText()
      size += piece.length
      pieces.push(piece)
    }
    return new Uint8Array(Buffer.concat(pieces))
  } finally {
    response.destroy()
  }
}

async function* within(limitBytes: number, pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let size = 0
  for await (const piece of pieces) {
    size += piece.length
    if (size > limitBytes) throw tooLarge(limitBytes)
    yield piece
  }
}

function unpacked(response: IncomingMessage, limitBytes: number): AsyncIterable<Buffer> {
  const packing = (response.headers['content-encoding'] ?? '').trim().toLowerCase()
  if (packing === '' || packing === 'identity') return response
  const make = Object.hasOwn(UNPACKERS, packing) ? UNPACKERS[packing] : undefined
  // Packed twice, or in a way that was not asked for.
  if (!make) throw notText()
  const unpacker = make()
  // The reader of the unpacker meets the error.
  pipeline(within(limitBytes, response), unpacker, () => undefined)
  return unpacker as unknown as AsyncIterable<Buffer>
}

function tooLarge(limitBytes: number): LvaError {
  const limit = Math.round(limitBytes / BYTES_PER_KB)
  return new LvaError('answer-too-large', `What the address sent is larger than ${limit} KB.`, {
    advice: 'Open it in your browser, or add it to your documents.',
    params: { limit },
  })
}

function notText(): LvaError {
  return new LvaError('answer-not-text', 'What the address sent is no text.', {
    advice: 'Open it in your browser; add it to your documents if it is a file.',
  })
}
