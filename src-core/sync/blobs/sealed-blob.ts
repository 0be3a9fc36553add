import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { LvaError } from '../../kernel/index.ts'
import { fromHex, joined, number, utf8 } from '../bytes.ts'
import { idBytes } from '../frames.ts'
import type { VaultKeys } from '../vault-keys.ts'

/** Bytes of a piece before it is sealed. */
export const PIECE_BYTES = 2 ** 20
const TAG_BYTES = 16
/** Of a sealed piece; the last one may be shorter. */
export const SEALED_PIECE_BYTES = PIECE_BYTES + TAG_BYTES
const VERSION = 1
const PREFIX_BYTES = 16
export const HEAD_BYTES = 1 + 4 + PREFIX_BYTES

/** Seals and opens the pieces of one blob in one epoch (docs/protocol.md §7). Sealing twice gives the same bytes. */
export interface BlobSeal {
  /** At the relay: 32 hex digits. */
  readonly name: string
  readonly head: Uint8Array
  /** @param plain `PIECE_BYTES` unless it is the last */
  seal(piece: number, plain: Uint8Array, isLast: boolean): Uint8Array
  /** @throws LvaError sync-not-opened where it is another piece, of another blob, cut or changed */
  open(piece: number, sealed: Uint8Array, isLast: boolean): Uint8Array
}

/** @param sha256Hex of the blob. @throws LvaError sync-key-missing */
export function blobSeal(keys: VaultKeys, epoch: number, sha256Hex: string): BlobSeal {
  const digest = fromHex(sha256Hex)
  const key = keys.blobKey(epoch, digest)
  const name = keys.blobName(epoch, digest)
  const prefix = hkdf(sha256, key, new Uint8Array(), utf8('lva blob nonce v1'), PREFIX_BYTES)
  const cipher = (piece: number, isLast: boolean) =>
    xchacha20poly1305(
      key,
      joined(prefix, number(piece, 8)),
      joined(utf8('lva blob v1'), idBytes(name), number(piece, 8), number(isLast ? 1 : 0, 1)),
    )
  return {
    name,
    head: joined(number(VERSION, 1), number(epoch, 4), prefix),
    seal: (piece, plain, isLast) => cipher(piece, isLast).encrypt(plain),
    open(piece, sealed, isLast) {
      try {
        return cipher(piece, isLast).decrypt(sealed)
      } catch {
        throw blobNotOpened()
      }
    },
  }
}

/** Pieces of a blob of so many bytes; an empty one has one. */
export function pieceCount(plainBytes: number): number {
  return Math.max(1, Math.ceil(plainBytes / PIECE_BYTES))
}

export function sealedBytes(plainBytes: number): number {
  return HEAD_BYTES + plainBytes + TAG_BYTES * pieceCount(plainBytes)
}

/** Bytes before sealing, of what has so many sealed. @throws LvaError sync-not-opened for a length that no sealed blob has */
export function plainBytes(sealedLength: number): number {
  const body = sealedLength - HEAD_BYTES
  const pieces = Math.ceil(body / SEALED_PIECE_BYTES)
  const plain = body - pieces * TAG_BYTES
  if (pieces < 1 || plain < 0 || sealedBytes(plain) !== sealedLength) throw blobNotOpened()
  return plain
}

export function blobNotOpened(): LvaError {
  return new LvaError('sync-not-opened', 'A file at the relay does not open; nothing of it was kept.', {
    advice: 'It is sent again by a device that has it.',
  })
}
