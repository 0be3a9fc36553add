import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PcmBuffer } from './pcm.ts'

describe('PcmBuffer', () => {
  it('gives back the same samples however the bytes were cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -32_768, max: 32_767 }), { maxLength: 60 }),
        fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 }),
        fc.integer({ min: 0, max: 70 }),
        (samples, cuts, start) => {
          const bytes = new Uint8Array(Int16Array.from(samples).buffer)
          const buffer = new PcmBuffer(16_000)
          let at = 0
          for (const cut of cuts) {
            buffer.push(bytes.subarray(at, at + cut))
            at += cut
          }
          buffer.push(bytes.subarray(Math.min(at, bytes.length)))
          expect(buffer.length).toBe(samples.length)
          expect(Array.from(buffer.from(start), (sample) => Math.round(sample * 0x8000))).toEqual(samples.slice(start))
        },
      ),
    )
  })

  it('counts seconds at its rate', () => {
    const buffer = new PcmBuffer(8_000)
    buffer.push(new Uint8Array(16_000))
    expect(buffer.seconds).toBe(1)
  })
})
