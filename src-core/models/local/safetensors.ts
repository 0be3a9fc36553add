/** Shape and half-precision values of one tensor. */
export interface HalfTensor {
  shape: number[]
  /** IEEE 754 binary16 values, row by row, as their 16 bits. */
  bits: Uint16Array<ArrayBuffer>
}

interface TensorEntry {
  dtype: string
  shape: number[]
  data_offsets: [number, number]
}

/**
 * Reads the half-precision tensors of a safetensors file: 8 bytes little-endian length, that many bytes of JSON naming each tensor's
 * type, shape and place, then the values (https://github.com/huggingface/safetensors#format).
 * @param bytes the whole file
 * @returns the F16 tensors by name; other types are passed over. Their bits are copies, so `bytes` may be freed
 * @throws Error when the file does not follow the format
 */
export function readSafetensors(bytes: Uint8Array): Map<string, HalfTensor> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const headerLength = Number(view.getBigUint64(0, true))
  const valuesStart = 8 + headerLength
  if (valuesStart > bytes.byteLength) throw new Error('safetensors: the header is longer than the file')
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, valuesStart))) as Record<string, TensorEntry>
  const tensors = new Map<string, HalfTensor>()
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__' || entry.dtype !== 'F16') continue
    const [start, end] = entry.data_offsets
    // A copy made this way is aligned, and also a copy when `bytes` is a Buffer, whose `slice` is a view.
    const values = new Uint8Array(bytes.subarray(valuesStart + start, valuesStart + end))
    const count = entry.shape.reduce((product, size) => product * size, 1)
    if (values.byteLength !== count * 2) throw new Error(`safetensors: ${name} does not fill its shape`)
    tensors.set(name, { shape: entry.shape, bits: new Uint16Array(values.buffer) })
  }
  return tensors
}
