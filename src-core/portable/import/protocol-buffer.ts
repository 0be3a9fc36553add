/** A field of a protocol buffer: a whole number, or bytes. */
export interface Field {
  number: number
  value: bigint | Uint8Array
}

/**
 * The fields of a message in their order (protobuf.dev, "Encoding"); those of fixed width come as their bytes.
 * @throws RangeError when it ends in the middle or is no protocol buffer
 */
export function readFields(bytes: Uint8Array): Field[] {
  const fields: Field[] = []
  let at = 0
  const varint = (): bigint => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at]
      if (byte === undefined) throw new RangeError('The message ends in the middle.')
      at += 1
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new RangeError('A number is too long.')
  }
  const take = (length: number): Uint8Array => {
    if (length > bytes.length - at) throw new RangeError('The message ends in the middle.')
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const tag = varint()
    const number = Number(tag >> 3n)
    switch (Number(tag & 7n)) {
      case 0:
        fields.push({ number, value: varint() })
        break
      case 1:
        fields.push({ number, value: take(8) })
        break
      case 2:
        fields.push({ number, value: take(Number(varint())) })
        break
      case 5:
        fields.push({ number, value: take(4) })
        break
      default:
        throw new RangeError('A field has a kind that there is not.')
    }
  }
  return fields
}
