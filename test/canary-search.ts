import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib'

/** Looks for a word wherever it could have leaked to, in every form that it could have there. */

/** A word of ASCII letters as it may stand in bytes. What it is called, and what to look for. */
export function formsOf(word: string): Map<string, Buffer> {
  const utf8 = Buffer.from(word)
  const forms = new Map<string, Buffer>([
    ['utf-8', utf8],
    ['utf-16le', Buffer.from(word, 'utf16le')],
    ['utf-16be', Buffer.from(word, 'utf16le').swap16()],
    ['hex', Buffer.from(utf8.toString('hex'))],
    ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
    ['capitals', Buffer.from(word.toUpperCase())],
    ['reversed', Buffer.from(utf8).reverse()],
  ])
  for (const before of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(before), utf8]).toString('base64')
    // Without the letters that its neighbours have a part in.
    const whole = encoded.slice(before === 0 ? 0 : before + 1, Math.floor(((before + utf8.length) * 4) / 3))
    forms.set(`base64 after ${before}`, Buffer.from(whole))
  }
  return forms
}

/**
 * Looks for words in bytes, also in what is packed there by gzip or zlib, which begin with marks of theirs.
 * @param isPlainDeflateTried at every place, since nothing marks where it begins: slow, for a megabyte at most
 * @returns for each word the forms in which it is there
 */
export function foundIn(bytes: Buffer, words: readonly string[], isPlainDeflateTried = false): Map<string, string[]> {
  const found = new Map(words.map((word) => [word, new Set(formsIn(bytes, word))]))
  for (const content of unpacked(bytes, isPlainDeflateTried)) {
    for (const [word, forms] of found) if (formsIn(content, word).length > 0) forms.add('packed')
  }
  return new Map(Array.from(found, ([word, forms]) => [word, [...forms]]))
}

export function formsIn(bytes: Buffer, word: string): string[] {
  return [...formsOf(word)].filter(([, form]) => bytes.includes(form)).map(([name]) => name)
}

const STREAM_AT_MOST = 1 << 20
/** Less than that holds no word. */
const SHORTEST = 8

function* unpacked(bytes: Buffer, isPlainDeflateTried: boolean): Generator<Buffer> {
  const limits = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: STREAM_AT_MOST }
  for (let at = 0; at + SHORTEST < bytes.length; at += 1) {
    const [first, second] = [bytes[at] as number, bytes[at + 1] as number]
    const isGzip = first === 0x1f && second === 0x8b
    const isZlib = first === 0x78 && [0x01, 0x5e, 0x9c, 0xda].includes(second)
    // A block of plain deflate begins with one bit and its kind, which 3 is none of.
    if (!isGzip && !isZlib && !(isPlainDeflateTried && (first >> 1) % 4 !== 3)) continue
    const unpack = isGzip ? gunzipSync : isZlib ? inflateSync : inflateRawSync
    try {
      const content = unpack(bytes.subarray(at, at + STREAM_AT_MOST), limits)
      if (content.length >= SHORTEST) yield content
    } catch {
      // It only looked like one.
    }
  }
}

/** Every file below a folder, by its path, with its bytes. */
export function* filesIn(folder: string): Generator<[path: string, bytes: Buffer]> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    yield [path, readFileSync(path)]
  }
}

const PIECE = 1 << 24
/** Longer than any form of a word, so that none is missed between two pieces. */
const OVERLAP = 1 << 12

/** Everything that a running process has in memory, piece by piece. Linux; for a child of this process, or as root. */
export function* memoryOf(pid: number): Generator<Buffer> {
  const file = openSync(`/proc/${pid}/mem`, 'r')
  try {
    for (const line of readFileSync(`/proc/${pid}/maps`, 'utf8').split('\n')) {
      const [, from, to, rights] = /^([0-9a-f]+)-([0-9a-f]+) (\S+)/.exec(line) ?? []
      if (!from || !to || !rights?.startsWith('r') || /\[v(var|syscall)/.test(line)) continue
      const end = BigInt(`0x${to}`)
      for (let at = BigInt(`0x${from}`); at < end; at += BigInt(PIECE - OVERLAP)) {
        const length = Number(end - at < BigInt(PIECE) ? end - at : BigInt(PIECE))
        const piece = Buffer.alloc(length)
        try {
          const read = readSync(file, piece, 0, length, at)
          yield piece.subarray(0, read)
        } catch {
          // Given back meanwhile, or a device's.
        }
      }
    }
  } finally {
    closeSync(file)
  }
}
