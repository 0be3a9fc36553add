import { promisify } from 'node:util'
import { zstdCompress, zstdDecompress } from 'node:zlib'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { z } from 'zod'
import { fileKeyOf, keyIdOf } from '../keys/index.ts'
import { damaged, madeByNewer, notABackup, wrongKey } from './faults.ts'

/** The bytes of a backup file, as docs/backup.md §3 lays them out. */

export const SUFFIX = '.lvabackup'
const MAGIC = Buffer.from('LVABACK\n', 'latin1')
const END = Buffer.from('LVAEND\n\n', 'latin1')
const VERSION = 1
export const HEADER_BYTES = 60
export const FOOTER_BYTES = 24
const SALT_BYTES = 32
const HEAD_BYTES = 5
const TAG_BYTES = 16
const NONCE_BYTES = 24
/** A chunk is never larger unpacked; what claims to be is not unpacked. */
export const LARGEST_CHUNK = 2 ** 20
const LARGEST_MANIFEST = 256 * 2 ** 20
export const RECORD = { chunk: 1, manifest: 2 } as const
const PLAIN = 0
const ZSTD = 1

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

const whole = z.number().int().nonnegative()
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const streamSchema = z.object({ bytes: whole, sha256, rows: whole, chunks: z.array(whole) })

export const manifestSchema = z.object({
  createdAt: z.iso.datetime(),
  /** When the full file of this chain was made. */
  fullAt: z.iso.datetime(),
  appVersion: z.string(),
  vaultId: z.string(),
  counts: z.object({
    documents: whole,
    updates: whole,
    captures: whole,
    sessions: whole,
    notes: whole,
    settings: whole,
  }),
  /** Where chunks lie; the first is the file itself, whose length it cannot know. */
  files: z.array(z.object({ name: z.string(), bytes: whole })).min(1),
  /** Id, bytes, number in `files`, offset and length of the record. */
  chunks: z.array(z.tuple([sha256, whole, whole, whole, whole])),
  updates: streamSchema,
  tables: z.record(z.string(), streamSchema),
  /** Name, bytes, chunks. */
  blobs: z.array(z.tuple([sha256, whole, z.array(whole)])),
  /** Recordings that captures name and that were nowhere to be found, or were damaged. */
  missingBlobs: z.array(sha256),
})

export type Manifest = z.output<typeof manifestSchema>
export type StreamEntry = z.output<typeof streamSchema>

const NAME = /^lva-(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})\.lvabackup$/

/** The file name of a backup made at this instant. */
export function backupName(at: number): string {
  const [day, time] = new Date(at).toISOString().split('T') as [string, string]
  return `lva-${day.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}${SUFFIX}`
}

/** Milliseconds since 1970, to the second; undefined for a name that is none of ours. */
export function instantOfName(name: string): number | undefined {
  const parts = NAME.exec(name)?.slice(1)
  if (!parts) return undefined
  const [year, month, day, hour, minute, second] = parts.map(Number) as [number, number, number, number, number, number]
  const at = Date.UTC(year, month - 1, day, hour, minute, second)
  return backupName(at) === name ? at : undefined
}

/** The head of a file, and what seals its records. */
export interface Header {
  bytes: Uint8Array
  fileKey: Uint8Array
}

/** @param salt 32 random bytes, for this file alone */
export function newHeader(backupKey: Uint8Array, salt: Uint8Array): Header {
  const bytes = Buffer.alloc(HEADER_BYTES)
  MAGIC.copy(bytes)
  bytes.writeUInt16BE(VERSION, 8)
  bytes.write(keyIdOf(backupKey), 12, 'hex')
  bytes.set(salt, HEADER_BYTES - SALT_BYTES)
  return { bytes, fileKey: fileKeyOf(backupKey, salt, bytes) }
}

/** The key id that a file names. @throws LvaError backup-unreadable, backup-newer */
export function keyIdInHeader(bytes: Uint8Array, file: string): string {
  const header = Buffer.from(bytes)
  if (header.length < HEADER_BYTES || !header.subarray(0, 8).equals(MAGIC)) throw notABackup(file)
  if (header.readUInt16BE(8) > VERSION) throw madeByNewer(file)
  return header.toString('hex', 12, 28)
}

/** @throws LvaError backup-unreadable, backup-newer, phrase-wrong */
export function openHeader(bytes: Uint8Array, backupKey: Uint8Array, file: string): Header {
  if (keyIdInHeader(bytes, file) !== keyIdOf(backupKey)) throw wrongKey(file)
  const salt = bytes.subarray(HEADER_BYTES - SALT_BYTES, HEADER_BYTES)
  return { bytes, fileKey: fileKeyOf(backupKey, salt, bytes) }
}

/** One record at its place in the file. */
export function sealRecord(fileKey: Uint8Array, type: number, offset: number, plaintext: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEAD_BYTES + plaintext.length + TAG_BYTES)
  const head = headOf(type, plaintext.length + TAG_BYTES)
  record.set(head)
  xchacha20poly1305(fileKey, nonceOf(offset), head).encrypt(plaintext, record.subarray(HEAD_BYTES))
  return record
}

/** @throws LvaError backup-damaged */
export function openRecord(
  fileKey: Uint8Array,
  type: number,
  offset: number,
  record: Uint8Array,
  file: string,
): Uint8Array {
  const head = headOf(type, record.length - HEAD_BYTES)
  if (record.length < HEAD_BYTES + TAG_BYTES || Buffer.compare(record.subarray(0, HEAD_BYTES), head) !== 0)
    throw damaged(file)
  try {
    return xchacha20poly1305(fileKey, nonceOf(offset), head).decrypt(record.subarray(HEAD_BYTES))
  } catch (cause) {
    throw damaged(file, cause)
  }
}

/** A chunk as it is sealed: packed where that makes it smaller. */
export async function packChunk(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = await compress(bytes)
  const [kind, content] = packed.length < bytes.length ? [ZSTD, packed] : [PLAIN, bytes]
  const result = new Uint8Array(content.length + 1)
  result[0] = kind
  result.set(content, 1)
  return result
}

/** @throws LvaError backup-damaged */
export async function unpackChunk(packed: Uint8Array, file: string): Promise<Uint8Array> {
  const content = packed.subarray(1)
  if (packed[0] === PLAIN) return content
  if (packed[0] !== ZSTD) throw damaged(file)
  try {
    return await decompress(content, { maxOutputLength: LARGEST_CHUNK })
  } catch (cause) {
    throw damaged(file, cause)
  }
}

export async function packManifest(manifest: Manifest): Promise<Uint8Array> {
  return compress(Buffer.from(JSON.stringify(manifest)))
}

/** @throws LvaError backup-damaged */
export async function unpackManifest(packed: Uint8Array, file: string): Promise<Manifest> {
  let manifest: Manifest
  try {
    const json = await decompress(packed, { maxOutputLength: LARGEST_MANIFEST })
    manifest = manifestSchema.parse(JSON.parse(json.toString('utf8')))
  } catch (cause) {
    throw damaged(file, cause)
  }
  // A storage that hands out one file under another's name is found out here.
  const agrees = manifest.files[0]?.name === file && instantOfName(file) !== undefined
  const { chunks, files, updates, tables, blobs } = manifest
  const used = [updates, ...Object.values(tables)].flatMap((stream) => stream.chunks)
  const isWhole =
    used.every((number) => number < chunks.length) &&
    blobs.every(([, , numbers]) => numbers.every((number) => number < chunks.length)) &&
    chunks.every(([, bytes, at]) => at < files.length && bytes <= LARGEST_CHUNK)
  if (!agrees || !isWhole) throw damaged(file)
  return manifest
}

export function footerOf(offset: number, length: number): Uint8Array {
  const footer = Buffer.alloc(FOOTER_BYTES)
  footer.writeBigUInt64BE(BigInt(offset), 0)
  footer.writeUInt32BE(length, 8)
  END.copy(footer, 16)
  return footer
}

/** Where the manifest's record is. @throws LvaError backup-damaged, also for a file whose end is missing */
export function readFooter(bytes: Uint8Array, fileBytes: number, file: string): { offset: number; length: number } {
  const footer = Buffer.from(bytes)
  if (footer.length !== FOOTER_BYTES || !footer.subarray(16).equals(END) || footer.readUInt32BE(12) !== 0)
    throw damaged(file)
  const offset = Number(footer.readBigUInt64BE(0))
  const length = footer.readUInt32BE(8)
  if (offset < HEADER_BYTES || offset + length !== fileBytes - FOOTER_BYTES) throw damaged(file)
  return { offset, length }
}

function headOf(type: number, length: number): Uint8Array {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt8(type, 0)
  head.writeUInt32BE(Math.max(0, length), 1)
  return head
}

function nonceOf(offset: number): Uint8Array {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeBigUInt64BE(BigInt(offset), NONCE_BYTES - 8)
  return nonce
}
