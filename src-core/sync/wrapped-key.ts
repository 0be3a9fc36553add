import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { x25519 } from '@noble/curves/ed25519.js'
import { hkdf } from '@noble/hashes/hkdf.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { LvaError } from '../kernel/index.ts'
import { joined, number, utf8 } from './bytes.ts'

const KEY_BYTES = 32
/** Bytes of a wrapped epoch key: an ephemeral public key, the key, its tag. */
export const WRAPPED_BYTES = 80
/** A wrap key seals once. */
const NONCE = new Uint8Array(24)

/**
 * Seals an epoch key for one receiver (docs/protocol.md §2).
 * @param receiver X25519 public key
 * @param ephemeralSecret 32 random bytes that nobody keeps
 * @throws LvaError bad-input for a public key of small order
 */
export function wrapKey(
  epochKey: Uint8Array,
  epoch: number,
  receiver: Uint8Array,
  ephemeralSecret: Uint8Array,
): Uint8Array {
  const ephemeral = x25519.getPublicKey(ephemeralSecret)
  const key = wrapKeyOf(agreement(ephemeralSecret, receiver), ephemeral, receiver, epoch)
  return joined(ephemeral, xchacha20poly1305(key, NONCE).encrypt(epochKey))
}

/** @throws LvaError sync-not-opened where it was not sealed for this secret and epoch */
export function unwrapKey(wrapped: Uint8Array, epoch: number, receiverSecret: Uint8Array): Uint8Array {
  if (wrapped.length !== WRAPPED_BYTES) throw notOpened()
  const ephemeral = wrapped.subarray(0, KEY_BYTES)
  const receiver = x25519.getPublicKey(receiverSecret)
  const key = wrapKeyOf(agreement(receiverSecret, ephemeral), ephemeral, receiver, epoch)
  try {
    return xchacha20poly1305(key, NONCE).decrypt(wrapped.subarray(KEY_BYTES))
  } catch {
    throw notOpened()
  }
}

function agreement(secret: Uint8Array, theirs: Uint8Array): Uint8Array {
  try {
    return x25519.getSharedSecret(secret, theirs)
  } catch {
    // The library refuses an agreement of zeros, which a point of small order gives (RFC 7748 §6.1).
    throw new LvaError('bad-input', 'A public key of the vault is none.', { advice: 'Add the device anew.' })
  }
}

function wrapKeyOf(shared: Uint8Array, ephemeral: Uint8Array, receiver: Uint8Array, epoch: number): Uint8Array {
  const info = joined(utf8('lva key wrap v1'), number(epoch, 4))
  return hkdf(sha256, shared, joined(ephemeral, receiver), info, KEY_BYTES)
}

function notOpened(): LvaError {
  return new LvaError('sync-not-opened', 'A key of the vault was not made for this device.', {
    advice: 'Add this device anew from another one, or with the recovery phrase.',
  })
}
