import { expect, it } from 'vitest'
import { readSafetensors } from './safetensors.ts'

function file(header: object, values: number[]): Buffer {
  const json = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(json.length))
  return Buffer.concat([length, json, Buffer.from(Uint16Array.from(values).buffer)])
}

it('reads half-precision tensors and passes over the rest', () => {
  const bytes = file(
    {
      __metadata__: { format: 'pt' },
      ids: { dtype: 'I64', shape: [1], data_offsets: [0, 8] },
      weight: { dtype: 'F16', shape: [2, 1], data_offsets: [8, 12] },
    },
    [0, 0, 0, 0, 0x3c00, 0xc000],
  )
  const tensors = readSafetensors(bytes)
  expect([...tensors.keys()]).toEqual(['weight'])
  expect(tensors.get('weight')).toEqual({ shape: [2, 1], bits: Uint16Array.of(0x3c00, 0xc000) })
})

it('refuses a file that is cut off', () => {
  const whole = file({ weight: { dtype: 'F16', shape: [2], data_offsets: [0, 4] } }, [1, 2])
  expect(() => readSafetensors(whole.subarray(0, -2))).toThrow(/does not fill/)
  expect(() => readSafetensors(whole.subarray(0, 20))).toThrow(/longer than the file/)
})
