import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { fromHex, joined, number, utf8 } from '../bytes.ts'
import { ID_BYTES, idBytes, idOf } from '../frames.ts'
import type { Sign } from '../sealed-frame.ts'

/** Stands for the recovery phrase where a device id could. */
export const PHRASE = 'phrase'

const KEY_ID_BYTES = 8

/** Who signs: a device by its id, or `PHRASE`. */
export interface Signer {
  by: string
  sign: Sign
}

export interface NewDevice {
  id: string
  /** A short word, such as `linux`. */
  kind: string
  /** Ed25519 and X25519 public keys, 32 bytes each. */
  signKey: Uint8Array
  agreeKey: Uint8Array
  /** Milliseconds since 1970. */
  addedAt: number
}

export interface Revocation {
  device: string
  /** Which it began. */
  epoch: number
  lastSequence: number
  /** Ids of the devices that the revoked one had added. */
  vouched: readonly string[]
  at: number
}

export interface WrappedEpochKey {
  epoch: number
  keyId: string
  /** A device id, or `PHRASE`. */
  receiver: string
  wrapped: Uint8Array
}

/** What is signed of each (docs/protocol.md §10). */
export const signed = {
  device: ({ id, kind, signKey, agreeKey, addedAt }: NewDevice) =>
    joined(utf8('lva device v1'), idBytes(id), signKey, agreeKey, number(addedAt, 8), utf8(kind)),
  revocation: ({ device, epoch, lastSequence, vouched, at }: Revocation) =>
    joined(
      utf8('lva revocation v1'),
      idBytes(device),
      number(epoch, 4),
      number(lastSequence, 8),
      number(at, 8),
      ...[...vouched].sort().map(idBytes),
    ),
  epochKey: ({ epoch, keyId, receiver, wrapped }: WrappedEpochKey) =>
    joined(
      utf8('lva epoch key v1'),
      number(epoch, 4),
      fromHex(keyId),
      receiver === PHRASE ? new Uint8Array(ID_BYTES) : idBytes(receiver),
      wrapped,
    ),
  phraseKey: (key: Uint8Array) => joined(utf8('lva phrase v1'), key),
}

/** Tells the keys of one epoch apart: 16 hex digits. */
export function epochKeyId(epochKey: Uint8Array): string {
  return idOf(sha256(joined(utf8('lva epoch key id v1'), epochKey)).subarray(0, KEY_ID_BYTES))
}

export type VerifyWith = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** Remembers what it has found: a document is read again at each of its changes, and most of it is as it was. */
export function rememberingVerifier(): VerifyWith {
  const found = new Map<string, boolean>()
  return (publicKey, message, signature) => {
    const name = Buffer.from(sha256(joined(publicKey, signature, message))).toString('base64')
    const known = found.get(name)
    if (known !== undefined) return known
    const holds = isSignature(publicKey, message, signature)
    found.set(name, holds)
    return holds
  }
}

function isSignature(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, message, publicKey)
  } catch {
    // A key that is no point of the curve.
    return false
  }
}
