import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Clock, isLvaError, LvaError } from '../../kernel/index.ts'
import type { BlobStore } from '../../store/index.ts'
import type { RelayAnswer, RelayHttp, RelayRequest } from '../devices/relay-http.ts'
import type { Session } from '../devices/session.ts'
import type { VaultKeys } from '../vault-keys.ts'
import {
  type BlobSeal,
  blobNotOpened,
  blobSeal,
  HEAD_BYTES,
  PIECE_BYTES,
  pieceCount,
  plainBytes,
  SEALED_PIECE_BYTES,
  sealedBytes,
} from './sealed-blob.ts'

export interface TransferParts {
  http: Pick<RelayHttp, 'send'>
  session: Pick<Session, 'authorized'>
  keys: VaultKeys
  blobs: BlobStore
  clock: Clock
  signal: AbortSignal
  /** Sealed bytes that have gone or come, of how many. */
  onProgress?: (done: number, total: number) => void
}

/** A cut line is tried again so often for one piece, with longer and longer pauses. */
const TRIES = 4
const FIRST_PAUSE_MS = 500
const MOST_STALLS = 20
/** A piece has so long, both ways. */
const PIECE_MS = 120_000

/**
 * Sends a blob, going on where an upload of any device was cut. One piece of it is in memory.
 * @returns sealed bytes that were sent, 0 where it was there; and the epoch under whose name it is there
 * @throws LvaError over-quota, relay-unreachable; not-found where this device has no such blob, vault-damaged where its bytes are others
 */
export async function uploadBlob(sha256: string, parts: TransferParts): Promise<{ sent: number; epoch: number }> {
  const { keys, blobs, onProgress } = parts
  const seal = blobSeal(keys, keys.epoch, sha256)
  const size = await blobs.size(sha256)
  // What was sealed before a revocation need not be sent again.
  const whole = await find(sha256, parts)
  if (whole) return { sent: 0, epoch: whole.epoch }
  const known = await stateOf(seal.name, parts)
  const plain = { bytes: size ?? 0, read: (start: number, end: number) => blobs.read(sha256, start, end) }
  const length = sealedBytes(plain.bytes)
  // The head, or nothing where it is there, asks whether the rest fits: a full relay is not a reason to read all of the bytes each time.
  const head = seal.head.subarray(known?.offset ?? 0)
  let offset = await put(seal.name, known?.offset ?? 0, length, head, parts)
  let sent = head.length
  // What is damaged would stand under this name for all devices.
  await checkBytes(sha256, parts)
  let farthest = offset
  let stalls = 0
  while (offset < length) {
    const chunk = await sealedFrom(seal, plain, offset)
    offset = await put(seal.name, offset, length, chunk, parts)
    sent += chunk.length
    stalls = offset > farthest ? 0 : stalls + 1
    farthest = Math.max(farthest, offset)
    // Another device may be sending the same blob just now; a relay that never gets on is not waited for.
    if (stalls > MOST_STALLS) throw blobNotOpened()
    onProgress?.(offset, length)
  }
  return { sent, epoch: keys.epoch }
}

/**
 * Fetches a blob piece by piece and keeps it. A piece that is cut, changed or out of its place does not open, and nothing is kept.
 * @throws LvaError not-found where the relay has it not, or not whole; sync-not-opened; relay-unreachable
 */
export async function downloadBlob(sha256: string, parts: TransferParts): Promise<void> {
  const found = await find(sha256, parts)
  if (!found) {
    throw new LvaError('not-found', 'This file has not come to the relay yet.', {
      advice: 'Open the app on the device that has it, and let it send.',
    })
  }
  const kept = await parts.blobs.put(checked(sha256, opened(found.seal, found.length, parts)))
  if (kept !== sha256) throw blobNotOpened()
}

/** Whether the relay has all of it, under the name of any epoch. @throws LvaError relay-unreachable */
export async function isBlobAtRelay(sha256: string, parts: TransferParts): Promise<boolean> {
  return (await find(sha256, parts)) !== undefined
}

async function find(
  sha256: string,
  parts: TransferParts,
): Promise<{ seal: BlobSeal; epoch: number; length: number } | undefined> {
  for (let epoch = parts.keys.epoch; epoch >= 1; epoch -= 1) {
    let seal: BlobSeal
    try {
      seal = blobSeal(parts.keys, epoch, sha256)
    } catch (error) {
      if (isLvaError(error, 'sync-key-missing')) continue
      throw error
    }
    const state = await stateOf(seal.name, parts)
    if (state && state.offset === state.length) return { seal, epoch, length: state.length }
  }
  return undefined
}

async function* opened(seal: BlobSeal, length: number, parts: TransferParts): AsyncGenerator<Uint8Array> {
  const pieces = pieceCount(plainBytes(length))
  const head = await range(seal.name, 0, HEAD_BYTES, parts)
  if (head.some((byte, at) => byte !== seal.head[at])) throw blobNotOpened()
  for (let piece = 0; piece < pieces; piece += 1) {
    const start = HEAD_BYTES + piece * SEALED_PIECE_BYTES
    const end = Math.min(start + SEALED_PIECE_BYTES, length)
    yield seal.open(piece, await range(seal.name, start, end, parts), piece === pieces - 1)
    parts.onProgress?.(end, length)
  }
}

/** @throws LvaError not-found, vault-damaged */
async function checkBytes(sha256: string, { blobs, signal }: TransferParts): Promise<void> {
  const hash = createHash('sha256')
  for (let at = 0; ; ) {
    signal.throwIfAborted()
    const piece = await blobs.read(sha256, at, at + PIECE_BYTES)
    if (piece.length === 0) break
    hash.update(piece)
    at += piece.length
  }
  if (hash.digest('hex') === sha256) return
  throw new LvaError('vault-damaged', 'An attachment on the disk is damaged, and is not sent.', {
    advice: 'Put it back from a backup of the data folder, or delete what it belongs to.',
    params: { sha256 },
  })
}

/** Fails before the end where what came is another blob, so that the store keeps nothing of it. */
async function* checked(sha256: string, pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  for await (const piece of pieces) {
    hash.update(piece)
    yield piece
  }
  if (hash.digest('hex') !== sha256) throw blobNotOpened()
}

/** The sealed bytes from there to the end of their piece. */
async function sealedFrom(
  seal: BlobSeal,
  plain: { bytes: number; read(start: number, end: number): Promise<Uint8Array> },
  offset: number,
): Promise<Uint8Array> {
  if (offset < HEAD_BYTES) return seal.head.subarray(offset)
  const piece = Math.floor((offset - HEAD_BYTES) / SEALED_PIECE_BYTES)
  const isLast = piece === pieceCount(plain.bytes) - 1
  const sealed = seal.seal(piece, await plain.read(piece * PIECE_BYTES, (piece + 1) * PIECE_BYTES), isLast)
  return sealed.subarray((offset - HEAD_BYTES) % SEALED_PIECE_BYTES)
}

/** Deletes it at the relay, under its name of that epoch; what is not there is deleted already. */
export async function deleteBlob(name: string, parts: TransferParts): Promise<void> {
  await send(name, '', { method: 'DELETE' }, parts)
}

async function stateOf(name: string, parts: TransferParts): Promise<{ offset: number; length: number } | undefined> {
  const answer = await send(name, '', { method: 'HEAD' }, parts)
  if (answer.status === 404) return undefined
  return { offset: Number(answer.headers.get('upload-offset')), length: Number(answer.headers.get('upload-length')) }
}

/** @returns where the relay goes on */
async function put(name: string, offset: number, length: number, body: Uint8Array, parts: TransferParts) {
  const headers = { 'upload-length': String(length) }
  const answer = await send(name, `?offset=${offset}`, { method: 'PUT', body, headers }, parts)
  const said = z
    .object({ offset: z.number().max(length) })
    .safeParse(JSON.parse(new TextDecoder().decode(answer.bytes)))
  if (!said.success) throw blobNotOpened()
  return said.data.offset
}

async function range(name: string, start: number, end: number, parts: TransferParts): Promise<Uint8Array> {
  const answer = await send(name, '', { headers: { range: `bytes=${start}-${end - 1}` } }, parts)
  if (answer.status !== 206 || answer.bytes.length !== end - start) throw blobNotOpened()
  return answer.bytes
}

function send(name: string, query: string, request: RelayRequest, parts: TransferParts): Promise<RelayAnswer> {
  const { http, session, signal } = parts
  return retried(parts, () =>
    session.authorized((token) =>
      http.send(`/v1/blobs/${name}${query}`, { ...request, token, signal, withinMs: PIECE_MS }),
    ),
  )
}

async function retried<T>({ clock, signal }: TransferParts, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      signal.throwIfAborted()
      const mayHelp = isLvaError(error, 'relay-unreachable') || isLvaError(error, 'relay-unavailable')
      if (!mayHelp || attempt === TRIES) throw error
      await clock.sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1), signal)
    }
  }
}
