import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { LvaError } from '../../kernel/index.ts'
import { ByteReader, joined, number, textOf, utf8 } from '../bytes.ts'
import { ID_BYTES, idBytes, idOf } from '../frames.ts'
import { LONGEST_NAME } from './device-name.ts'

/** The messages of a pairing, byte by byte (docs/protocol.md §10). */

const KEY_BYTES = 32
const SIGNATURE_BYTES = 64
const NUMBERS = 1_000_000
/** Most epochs of which the keys fit a message of a mailbox. */
const MOST_EPOCHS = 100

const TYPES = { hash: 1, oldKey: 2, newKey: 3, welcome: 4, refused: 5 } as const

/** What two devices share once each has the other's ephemeral key. */
export interface PairingKeys {
  /** Six digits for the learner to compare. */
  number: string
  seal(type: 'newKey' | 'welcome', plain: Uint8Array): Uint8Array
  /** @throws LvaError pairing-mismatch */
  open(type: 'newKey' | 'welcome', sealed: Uint8Array): Uint8Array
}

/** @param side whose secret it is */
export function pairingKeys(
  side: 'new' | 'old',
  { pairing, secret, theirs }: { pairing: string; secret: Uint8Array; theirs: Uint8Array },
): PairingKeys {
  const own = x25519.getPublicKey(secret)
  const [newKey, oldKey] = side === 'new' ? [own, theirs] : [theirs, own]
  const hash = sha256(newKey)
  const key = hkdf(sha256, agreed(secret, theirs), joined(hash, newKey, oldKey), utf8('lva pairing key v1'), KEY_BYTES)
  const cipher = (type: 'newKey' | 'welcome') =>
    xchacha20poly1305(key, joined(new Uint8Array(23), number(TYPES[type], 1)), utf8(pairing))
  const [first = 0, second = 0, third = 0] = sha256(joined(utf8('lva pairing v1'), hash, newKey, oldKey))
  const bits = (first << 12) | (second << 4) | (third >> 4)
  return {
    number: String(bits % NUMBERS).padStart(6, '0'),
    seal: (type, plain) => cipher(type).encrypt(plain),
    open(type, sealed) {
      try {
        return cipher(type).decrypt(sealed)
      } catch {
        throw mismatch()
      }
    },
  }
}

/** What the new device says of itself. */
export interface JoinRequest {
  device: string
  kind: string
  name: string
  signKey: Uint8Array
  agreeKey: Uint8Array
}

/** What the old device hands over. */
export interface Welcome {
  root: Uint8Array
  /** The device that adds. */
  by: string
  addedAt: number
  /** Of the new device's entry, by `by`. */
  signature: Uint8Array
  epochKeys: ReadonlyMap<number, Uint8Array>
}

export const pairingMessage = {
  hash: (hash: Uint8Array) => joined(number(TYPES.hash, 1), hash),
  oldKey: (key: Uint8Array) => joined(number(TYPES.oldKey, 1), key),
  newKey: (key: Uint8Array, sealed: Uint8Array) => joined(number(TYPES.newKey, 1), key, sealed),
  welcome: (sealed: Uint8Array) => joined(number(TYPES.welcome, 1), sealed),
  refused: () => number(TYPES.refused, 1),
}

/** What follows the type of a message. @throws LvaError pairing-mismatch for another type; pairing-refused */
export function contentOf(type: keyof typeof TYPES, message: Uint8Array): Uint8Array {
  if (message[0] === TYPES.refused) {
    throw new LvaError('pairing-refused', 'The other device said no.', {
      advice: 'If that was a mistake, begin again with a new code.',
    })
  }
  if (message[0] !== TYPES[type]) throw mismatch()
  return message.subarray(1)
}

export function packRequest({ device, kind, name, signKey, agreeKey }: JoinRequest): Uint8Array {
  const kindBytes = utf8(kind)
  return joined(signKey, agreeKey, idBytes(device), number(kindBytes.length, 1), kindBytes, utf8(name))
}

/** @throws LvaError bad-input */
export function readRequest(plain: Uint8Array): JoinRequest {
  const reader = new ByteReader(plain)
  const signKey = reader.bytes(KEY_BYTES).slice()
  const agreeKey = reader.bytes(KEY_BYTES).slice()
  const device = idOf(reader.bytes(ID_BYTES))
  const kind = reader.text(reader.number(1))
  return { device, kind, name: textOf(reader.rest()).slice(0, LONGEST_NAME), signKey, agreeKey }
}

export function packWelcome({ root, by, addedAt, signature, epochKeys }: Welcome): Uint8Array {
  const newest = [...epochKeys].sort(([a], [b]) => a - b)
  // The first names the rooms; of the others the newest are needed most.
  const kept = newest.length > MOST_EPOCHS ? [...newest.slice(0, 1), ...newest.slice(1 - MOST_EPOCHS)] : newest
  const keys = kept.flatMap(([epoch, key]) => [number(epoch, 4), key])
  return joined(root, idBytes(by), number(addedAt, 8), signature, ...keys)
}

/** @throws LvaError bad-input */
export function readWelcome(plain: Uint8Array): Welcome {
  const reader = new ByteReader(plain)
  const root = reader.bytes(KEY_BYTES).slice()
  const by = idOf(reader.bytes(ID_BYTES))
  const addedAt = reader.number(8)
  const signature = reader.bytes(SIGNATURE_BYTES).slice()
  const epochKeys = new Map<number, Uint8Array>()
  while (reader.left > 0) epochKeys.set(reader.number(4), reader.bytes(KEY_BYTES).slice())
  return { root, by, addedAt, signature, epochKeys }
}

export function mismatch(): LvaError {
  return new LvaError('pairing-mismatch', 'The two devices do not speak to each other; somebody may be in between.', {
    advice: 'Do not add it. Begin again with a new code.',
  })
}

function agreed(secret: Uint8Array, theirs: Uint8Array): Uint8Array {
  try {
    return x25519.getSharedSecret(secret, theirs)
  } catch {
    throw mismatch()
  }
}
