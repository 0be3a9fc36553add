import { LvaError } from '../../kernel/index.ts'
import { joined } from '../bytes.ts'
import { idOf } from '../frames.ts'

/** Crockford's base 32: no I, L, O and U; what people type for them is understood. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const QR_PREFIX = 'LVA1:'
export const PAIRING_BYTES = 8
const HASH_BYTES = 32
const CODE_LENGTH = 13
const QR_LENGTH = 64

/** What the new device shows. */
export interface PairingCode {
  /** The pairing id as people type it, in groups: `ABCD-EFGH-JKMN-P`. */
  code: string
  /** Content of the QR code; it fits the alphanumeric mode. */
  qr: string
}

/** What the old device was given. */
export interface PairingTarget {
  /** Mailbox at the relay: 16 hex digits. */
  pairing: string
  /** SHA-256 of the new device's ephemeral key, where the QR code was read. */
  hash?: Uint8Array
}

export function pairingCode(id: Uint8Array, hash: Uint8Array): PairingCode {
  const groups = base32(id).match(/.{1,4}/g) ?? []
  return { code: groups.join('-'), qr: QR_PREFIX + base32(joined(id, hash)) }
}

/** Reads a typed code, or the content of a QR code. @throws LvaError pairing-unknown */
export function readPairingCode(typed: string): PairingTarget {
  const text = typed.trim().toUpperCase()
  const isQr = text.startsWith(QR_PREFIX)
  const bytes = fromBase32((isQr ? text.slice(QR_PREFIX.length) : text).replace(/[\s-]/g, ''), isQr)
  const pairing = idOf(bytes.subarray(0, PAIRING_BYTES))
  return isQr ? { pairing, hash: bytes.slice(PAIRING_BYTES) } : { pairing }
}

/** The highest bits first; the last character is filled with zeros. */
function base32(bytes: Uint8Array): string {
  let bits = 0
  let value = 0
  let out = ''
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      out += ALPHABET[(value >> bits) & 31]
      value &= (1 << bits) - 1
    }
  }
  return bits > 0 ? out + ALPHABET[(value << (5 - bits)) & 31] : out
}

function fromBase32(text: string, isQr: boolean): Uint8Array {
  const bytes = new Uint8Array(isQr ? PAIRING_BYTES + HASH_BYTES : PAIRING_BYTES)
  if (text.length !== (isQr ? QR_LENGTH : CODE_LENGTH)) throw unknown()
  let bits = 0
  let value = 0
  let at = 0
  for (const typed of text) {
    const digit = ALPHABET.indexOf(typed.replace('O', '0').replace(/[IL]/, '1'))
    if (digit < 0) throw unknown()
    value = (value << 5) | digit
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[at] = value >> bits
    at += 1
    value &= (1 << bits) - 1
  }
  if (value !== 0) throw unknown()
  return bytes
}

export function unknown(): LvaError {
  return new LvaError('pairing-unknown', 'No device shows this code.', {
    advice: 'Compare it with the other screen; a code is good for ten minutes.',
  })
}
