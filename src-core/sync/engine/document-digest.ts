import { sha256 } from '@noble/hashes/sha2.js'
import * as Y from 'yjs'
import { ByteReader, joined, number } from '../bytes.ts'
import { varUint } from './pieces.ts'

/** What a digest frame says (docs/protocol.md §11). */
export interface Digest {
  /** Its device keeps the room up to here. */
  position: number
  /** 32 bytes. */
  hash: Uint8Array
}

const HASH_BYTES = 32

/** SHA-256 of what a document holds: two devices that took the same updates have the same, whatever the order. */
export function documentHash(doc: Y.Doc): Uint8Array {
  const states = Array.from(Y.decodeStateVector(Y.encodeStateVector(doc))).sort(byClient)
  const parts = [varUint(states.length), ...states.flatMap(([client, clock]) => [varUint(client), varUint(clock)])]
  const deleted = Array.from(Y.createDeleteSetFromStructStore(doc.store).clients).sort(byClient)
  for (const [client, ranges] of deleted) {
    const merged = withoutSeams(ranges)
    parts.push(varUint(client), varUint(merged.length))
    for (const { clock, len } of merged) parts.push(varUint(clock), varUint(len))
  }
  return sha256(joined(...parts))
}

export function encodeDigest({ position, hash }: Digest): Uint8Array {
  return joined(number(position, 8), hash)
}

/** @throws LvaError bad-input */
export function decodeDigest(bytes: Uint8Array): Digest {
  const reader = new ByteReader(bytes)
  const digest = { position: reader.number(8), hash: reader.bytes(HASH_BYTES) }
  reader.end()
  return digest
}

function byClient([a]: [number, unknown], [b]: [number, unknown]): number {
  return a - b
}

function withoutSeams(ranges: readonly { clock: number; len: number }[]): { clock: number; len: number }[] {
  const merged: { clock: number; len: number }[] = []
  for (const { clock, len } of [...ranges].sort((a, b) => a.clock - b.clock)) {
    const last = merged.at(-1)
    if (last && last.clock + last.len === clock) last.len += len
    else merged.push({ clock, len })
  }
  return merged
}
