import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { vaultKeys } from '../vault-keys.ts'
import { blobSeal, PIECE_BYTES, pieceCount, plainBytes, SEALED_PIECE_BYTES, sealedBytes } from './sealed-blob.ts'

const key = (byte: number) => new Uint8Array(32).fill(byte)
const keys = vaultKeys(
  new Map([
    [1, key(1)],
    [2, key(2)],
  ]),
)
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const PLAIN = seededRandom(5).bytes(1_000)
const seal = blobSeal(keys, 1, sha(PLAIN))

describe('a sealed blob', () => {
  it('opens piece by piece where each was sealed', () => {
    expect(seal.open(0, seal.seal(0, PLAIN, true), true)).toEqual(PLAIN)
    expect(seal.head).toHaveLength(21)
  })

  it('is the same bytes on every device, and others under another name in another epoch', () => {
    const again = blobSeal(keys, 1, sha(PLAIN))
    expect(again.seal(3, PLAIN, false)).toEqual(seal.seal(3, PLAIN, false))
    const next = blobSeal(keys, 2, sha(PLAIN))
    expect(next.name).not.toBe(seal.name)
    expect(next.seal(3, PLAIN, false)).not.toEqual(seal.seal(3, PLAIN, false))
  })

  it('does not open cut off, in another order, of another blob, or with any bit changed', () => {
    const notOpened = expect.objectContaining({ code: 'sync-not-opened' })
    const middle = seal.seal(0, PLAIN, false)
    expect(() => seal.open(0, middle, true)).toThrow(notOpened)
    expect(() => seal.open(1, middle, false)).toThrow(notOpened)
    expect(() => blobSeal(keys, 1, sha(key(9))).open(0, middle, false)).toThrow(notOpened)
    expect(() => blobSeal(keys, 2, sha(PLAIN)).open(0, middle, false)).toThrow(notOpened)
    expect(() => seal.open(0, middle.subarray(0, -1), false)).toThrow(notOpened)
    for (const at of [0, 500, middle.length - 1]) {
      const changed = Uint8Array.from(middle)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => seal.open(0, changed, false)).toThrow(notOpened)
    }
  })

  it('has a length that tells the length of the blob', () => {
    for (const length of [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES]) {
      expect(plainBytes(sealedBytes(length))).toBe(length)
    }
    expect(pieceCount(0)).toBe(1)
    expect(pieceCount(PIECE_BYTES + 1)).toBe(2)
    for (const odd of [0, 21, 36, 21 + SEALED_PIECE_BYTES + 3]) expect(() => plainBytes(odd)).toThrow()
  })
})
