import { LvaError } from '../kernel/index.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export function utf8(text: string): Uint8Array {
  return encoder.encode(text)
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

/** A number in so many bytes, the highest first. @param width 1, 2, 4 or 8 */
export function number(value: number, width: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0 || value >= 256 ** width)
    throw new LvaError('internal', `${value} does not fit ${width} bytes.`)
  const bytes = new Uint8Array(width)
  let rest = value
  for (let at = width - 1; at >= 0; at -= 1) {
    bytes[at] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}

/** Reads a message from its beginning to its end. Every method throws LvaError bad-input where the message is too short or odd. */
export class ByteReader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  number(width: number): number {
    let value = 0
    for (const byte of this.bytes(width)) value = value * 256 + byte
    // Beyond it a sum is rounded, and never to below it.
    if (value > Number.MAX_SAFE_INTEGER) throw malformed('a number is too large')
    return value
  }

  /** A view, not a copy. */
  bytes(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw malformed('it is too short')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at)
  }

  text(length: number): string {
    return textOf(this.bytes(length))
  }

  get left(): number {
    return this.#bytes.length - this.#at
  }

  /** @throws LvaError bad-input where something is left */
  end(): void {
    if (this.left > 0) throw malformed('it is too long')
  }
}

/** @throws LvaError bad-input where the bytes are no UTF-8 */
export function textOf(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw malformed('a text is no UTF-8')
  }
}

export function malformed(why: string): LvaError {
  return new LvaError('bad-input', `A message of the sync protocol cannot be read: ${why}.`, {
    advice: 'Update the app on all devices, and the relay.',
  })
}
