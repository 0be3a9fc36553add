import type { Clock } from './clock.ts'

/** Where the program draws its randomness. */
export interface Random {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array
  /** A number in [0, 1). */
  fraction(): number
}

export const systemRandom: Random = {
  bytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
  fraction: () => Math.random(),
}

/** A repeatable source for tests: the mulberry32 generator over a 32-bit seed. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return { fraction, bytes: (length) => Uint8Array.from({ length }, () => Math.floor(fraction() * 256)) }
}

/** Makes identifiers. */
export type NewId = () => string

/**
 * Makes UUID version 7 strings (RFC 9562 §5.7): 48 bits of milliseconds, then a 12-bit counter and 62 random bits. Two ids of
 * one maker always sort in the order in which they were made, also when the clock stands still or goes back.
 */
export function idMaker(clock: Clock, random: Random): NewId {
  let lastMs = 0
  let counter = 0
  return () => {
    const now = clock.now()
    if (now > lastMs) {
      lastMs = now
      counter = 0
    } else if (++counter > 0xfff) {
      lastMs += 1
      counter = 0
    }
    const bytes = random.bytes(16)
    const view = new DataView(bytes.buffer, bytes.byteOffset)
    view.setUint16(0, Math.floor(lastMs / 2 ** 32))
    view.setUint32(2, lastMs % 2 ** 32)
    view.setUint16(6, 0x7000 | counter)
    view.setUint8(8, 0x80 | (view.getUint8(8) & 0x3f))
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}
