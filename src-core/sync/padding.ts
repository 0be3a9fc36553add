import { malformed } from './bytes.ts'

/** Shorter contents are padded to this, in bytes. */
export const SHORTEST = 64

/**
 * The length to which so many bytes are padded: Padmé keeps the highest bits of a length, so that it gives away O(log log n) of n, for at
 * most 12 % more (K. Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs 2019, §4).
 */
export function paddedLength(length: number): number {
  if (length <= SHORTEST) return SHORTEST
  const exponent = Math.floor(Math.log2(length))
  const kept = Math.floor(Math.log2(exponent)) + 1
  const step = 2 ** (exponent - kept)
  return Math.ceil(length / step) * step
}

export function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(paddedLength(bytes.length))
  out.set(bytes)
  return out
}

/** The first `length` bytes. @throws LvaError bad-input where the rest is no padding */
export function unpadded(bytes: Uint8Array, length: number): Uint8Array {
  if (length > bytes.length || paddedLength(length) !== bytes.length) throw malformed('its padding is odd')
  if (bytes.subarray(length).some((byte) => byte !== 0)) throw malformed('its padding is not empty')
  return bytes.subarray(0, length)
}
