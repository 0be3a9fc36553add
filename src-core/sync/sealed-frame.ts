import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { LvaError, type Random } from '../kernel/index.ts'
import { ByteReader, joined, malformed, number, utf8 } from './bytes.ts'
import { idBytes } from './frames.ts'
import { deflated, inflated } from './packing.ts'
import { padded, unpadded } from './padding.ts'
import type { VaultKeys } from './vault-keys.ts'

/** What a frame holds (docs/protocol.md §3). */
export type FrameKind = 'update' | 'snapshot' | 'whisper' | 'digest'

const KINDS = { update: 1, snapshot: 2, whisper: 3, digest: 4 } as const satisfies Record<FrameKind, number>

const VERSION = 1
const NONCE_BYTES = 24
const TAG_BYTES = 16
export const SIGNATURE_BYTES = 64
/** Bytes before the ciphertext. */
const HEAD_BYTES = 1 + 1 + 4 + NONCE_BYTES
/** Nothing sealed is shorter. */
export const SHORTEST_FRAME = HEAD_BYTES + 64 + TAG_BYTES + SIGNATURE_BYTES
/** Most bytes that a body may unfold to. */
const LARGEST_BODY = 64 * 2 ** 20

/** Where a frame stands. The relay passes it on beside the frame, and neither opens anywhere else. */
export interface FramePlace {
  /** 32 hex digits. */
  room: string
  device: string
  /** 0 for whispers. */
  sequence: number
}

export interface FrameContent {
  kind: FrameKind
  /** Of the document. */
  name: string
  payload: Uint8Array
}

/** Signs as this device: Ed25519, 64 bytes. */
export type Sign = (message: Uint8Array) => Uint8Array
/** Whether the device signed it. */
export type Verify = (device: string, message: Uint8Array, signature: Uint8Array) => boolean

/** Seals and signs what a device sends. */
export function sealFrame(
  content: FrameContent,
  place: FramePlace,
  { keys, sign, random }: { keys: VaultKeys; sign: Sign; random: Random },
): Uint8Array {
  const { epoch } = keys
  const nonce = random.bytes(NONCE_BYTES)
  const associated = associatedData(content.kind, epoch, place)
  const sealed = xchacha20poly1305(keys.roomKey(epoch, place.room), nonce, associated).encrypt(packed(content))
  const signature = sign(joined(associated, nonce, sealed))
  return joined(number(VERSION, 1), number(KINDS[content.kind], 1), number(epoch, 4), nonce, sealed, signature)
}

/**
 * Checks and opens a frame of another device.
 * @throws LvaError sync-not-opened where signature, key, place or room do not fit; sync-key-missing; bad-input where it is no frame
 */
export function openFrame(
  sealed: Uint8Array,
  place: FramePlace,
  { keys, verify }: { keys: VaultKeys; verify: Verify },
): FrameContent {
  const { kind, epoch } = readFrameHead(sealed)
  const nonce = sealed.subarray(HEAD_BYTES - NONCE_BYTES, HEAD_BYTES)
  const ciphertext = sealed.subarray(HEAD_BYTES, sealed.length - SIGNATURE_BYTES)
  const associated = associatedData(kind, epoch, place)
  if (!verify(place.device, joined(associated, nonce, ciphertext), sealed.subarray(-SIGNATURE_BYTES)))
    throw notOpened(place)
  const content = unpacked(kind, opened(keys.roomKey(epoch, place.room), nonce, associated, ciphertext, place))
  if (keys.room(content.name) !== place.room) throw notOpened(place)
  return content
}

/** What of a sealed frame is in clear. @throws LvaError bad-input */
export function readFrameHead(sealed: Uint8Array): { kind: FrameKind; epoch: number } {
  if (sealed.length < SHORTEST_FRAME) throw malformed('a sealed frame is too short')
  const reader = new ByteReader(sealed)
  if (reader.number(1) !== VERSION) throw malformed('a sealed frame is of a version that is not known')
  const kindNumber = reader.number(1)
  const kind = (Object.keys(KINDS) as FrameKind[]).find((one) => KINDS[one] === kindNumber)
  if (!kind) throw malformed('a sealed frame is of a kind that is not known')
  return { kind, epoch: reader.number(4) }
}

function associatedData(kind: FrameKind, epoch: number, { room, device, sequence }: FramePlace): Uint8Array {
  return joined(
    utf8('lva sealed v1'),
    number(KINDS[kind], 1),
    number(epoch, 4),
    idBytes(room),
    idBytes(device),
    number(sequence, 8),
  )
}

function opened(
  key: Uint8Array,
  nonce: Uint8Array,
  associated: Uint8Array,
  ciphertext: Uint8Array,
  place: FramePlace,
): Uint8Array {
  try {
    return xchacha20poly1305(key, nonce, associated).decrypt(ciphertext)
  } catch {
    throw notOpened(place)
  }
}

function packed({ name, payload }: FrameContent): Uint8Array {
  const nameBytes = utf8(name)
  const body = joined(number(nameBytes.length, 2), nameBytes, payload)
  const small = deflated(body)
  const [packing, shown] = small.length < body.length ? [1, small] : [0, body]
  return padded(joined(number(packing, 1), number(shown.length, 4), shown))
}

function unpacked(kind: FrameKind, plain: Uint8Array): FrameContent {
  const reader = new ByteReader(plain)
  const packing = reader.number(1)
  const length = reader.number(4)
  const shown = unpadded(plain, 5 + length).subarray(5)
  if (packing > 1) throw malformed('its packing is not known')
  const body = new ByteReader(packing === 1 ? inflated(shown, LARGEST_BODY) : shown)
  const name = body.text(body.number(2))
  return { kind, name, payload: body.rest().slice() }
}

function notOpened({ device, sequence }: FramePlace): LvaError {
  return new LvaError('sync-not-opened', 'A frame of another device does not open; nothing of it was taken.', {
    advice: 'Check in Settings, Devices, that you know this device. The relay may be damaged or dishonest.',
    params: { device, sequence },
  })
}
