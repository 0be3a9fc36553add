import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { malformed } from './bytes.ts'

export function deflated(bytes: Uint8Array): Uint8Array {
  return deflateRawSync(bytes)
}

/** @throws LvaError bad-input where it is damaged, or unfolds to more than `most` bytes */
export function inflated(bytes: Uint8Array, most: number): Uint8Array {
  try {
    // A Buffer would be a Buffer to whoever gets it, whose `slice` copies nothing.
    return Uint8Array.from(inflateRawSync(bytes, { maxOutputLength: most }))
  } catch {
    throw malformed('its body does not unfold')
  }
}
