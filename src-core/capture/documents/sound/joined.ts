/** Bytes one after the other, in memory of their own. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return laidInto(new Uint8Array(lengthOf(parts)), parts)
}

/** Samples one after the other. */
export function joinedSamples(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  return laidInto(new Float32Array(lengthOf(parts)), parts)
}

function lengthOf(parts: readonly { length: number }[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0)
}

function laidInto<Whole extends Uint8Array | Float32Array>(whole: Whole, parts: readonly ArrayLike<number>[]): Whole {
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
