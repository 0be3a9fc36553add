import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLvaError } from '../../kernel/index.ts'
import { readWav, writeWav } from './wav.ts'

const LIMITS = { maxSeconds: 3_600 }

interface Layout {
  code?: number
  channels?: number
  rate?: number
  bits: number
  extensible?: boolean
  /** Chunks between the format and the sound. */
  between?: Buffer[]
  dataSize?: number
}

/** A WAV file with the given bytes of sound. */
function wav(layout: Layout, sound: Buffer): Buffer {
  const { code = 1, channels = 1, rate = 16_000, bits, extensible = false, between = [], dataSize } = layout
  const format = Buffer.alloc(extensible ? 40 : 16)
  format.writeUInt16LE(extensible ? 0xfffe : code, 0)
  format.writeUInt16LE(channels, 2)
  format.writeUInt32LE(rate, 4)
  format.writeUInt32LE((rate * channels * bits) / 8, 8)
  format.writeUInt16LE((channels * bits) / 8, 12)
  format.writeUInt16LE(bits, 14)
  if (extensible) {
    format.writeUInt16LE(22, 16)
    format.writeUInt16LE(code, 24)
  }
  const data = chunk('data', sound)
  if (dataSize !== undefined) data.writeUInt32LE(dataSize, 4)
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), ...between, data])
  return chunk('RIFF', body)
}

function chunk(name: string, body: Buffer): Buffer {
  const head = Buffer.alloc(8, name)
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}

const int16 = (...values: number[]) => Buffer.from(Int16Array.from(values).buffer)
const float32 = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer)
const samplesOf = (file: Buffer) => [...readWav(file, LIMITS).samples]

describe('reading', () => {
  it('knows integers of 8, 16, 24 and 32 bits', () => {
    expect(samplesOf(wav({ bits: 8 }, Buffer.from([0, 128, 192])))).toEqual([-1, 0, 0.5])
    expect(samplesOf(wav({ bits: 16 }, int16(-32_768, 0, 16_384)))).toEqual([-1, 0, 0.5])
    expect(samplesOf(wav({ bits: 24 }, Buffer.from([0, 0, 0x80, 0, 0, 0, 0, 0, 0x40])))).toEqual([-1, 0, 0.5])
    expect(samplesOf(wav({ bits: 32 }, Buffer.from(Int32Array.of(-(2 ** 31), 0, 2 ** 30).buffer)))).toEqual([
      -1, 0, 0.5,
    ])
  })

  it('knows floats of 32 and 64 bits, and makes numbers of what is none', () => {
    const sound = float32(-1, 0.25, Number.NaN, Number.POSITIVE_INFINITY, 7)
    expect(samplesOf(wav({ code: 3, bits: 32 }, sound))).toEqual([-1, 0.25, 0, 0, 1])
    expect(samplesOf(wav({ code: 3, bits: 64 }, Buffer.from(Float64Array.of(0.5, -0.5).buffer)))).toEqual([0.5, -0.5])
  })

  it('takes the mean of several channels', () => {
    expect(samplesOf(wav({ bits: 16, channels: 2 }, int16(16_384, 0, -16_384, -16_384)))).toEqual([0.25, -0.5])
  })

  it('knows the extensible header, and passes over chunks of odd length', () => {
    const between = [chunk('LIST', Buffer.from('odd'))]
    const file = wav({ bits: 16, extensible: true, between, rate: 44_100 }, int16(16_384))
    expect(readWav(file, LIMITS)).toEqual({ samples: Float32Array.of(0.5), sampleRate: 44_100 })
  })

  it('reads a file at any place of a larger buffer', () => {
    const file = Buffer.concat([Buffer.from('x'), wav({ bits: 16 }, int16(16_384))]).subarray(1)
    expect(samplesOf(file)).toEqual([0.5])
  })

  it('reads a file that was cut off, or whose size was never written, as far as it goes', () => {
    const sound = int16(16_384, -16_384, 16_384)
    expect(samplesOf(wav({ bits: 16 }, sound).subarray(0, -3))).toEqual([0.5])
    expect(samplesOf(wav({ bits: 16, dataSize: 0xffff_ffff }, sound))).toEqual([0.5, -0.5, 0.5])
    expect(samplesOf(wav({ bits: 16, dataSize: 0 }, sound))).toEqual([0.5, -0.5, 0.5])
  })

  it('says what is wrong with a file that is none', () => {
    const failure = (bytes: Uint8Array) => {
      try {
        readWav(bytes, { maxSeconds: 1 })
      } catch (error) {
        return isLvaError(error) ? error.code : error
      }
      return 'read'
    }
    expect(failure(new Uint8Array())).toBe('audio-empty')
    expect(failure(wav({ bits: 16 }, Buffer.alloc(0)))).toBe('audio-empty')
    expect(failure(wav({ bits: 16 }, int16(1)).subarray(0, 40))).toBe('audio-empty')
    expect(failure(Buffer.from('ID3 this is an mp3, or so it says, and long enough'))).toBe('audio-not-audio')
    expect(failure(wav({ bits: 16 }, int16(1)).subarray(0, 20))).toBe('audio-not-audio')
    expect(failure(wav({ bits: 4, code: 17 }, int16(1, 2)))).toBe('audio-not-audio')
    expect(failure(wav({ bits: 16, channels: 0 }, int16(1, 2)))).toBe('audio-not-audio')
    expect(failure(wav({ bits: 16, rate: 0 }, int16(1, 2)))).toBe('audio-not-audio')
    expect(failure(wav({ bits: 16, rate: 1_000 }, Buffer.alloc(2 * 1_001)))).toBe('audio-too-long')
    expect(failure(wav({ bits: 16, rate: 1_000 }, Buffer.alloc(2 * 1_000)))).toBe('read')
  })

  it('never fails otherwise, whatever the bytes are', () => {
    const head = wav({ bits: 16 }, int16(1, 2, 3))
    const damaged = fc
      .tuple(fc.array(fc.tuple(fc.nat(head.length - 1), fc.nat(255))), fc.nat(head.length))
      .map(([changes, end]) => {
        const bytes = Buffer.from(head)
        for (const [at, value] of changes) bytes[at] = value
        return bytes.subarray(0, end)
      })
    fc.assert(
      fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 100 })), (bytes) => {
        try {
          const { samples, sampleRate } = readWav(bytes, LIMITS)
          expect(samples.every((sample) => sample >= -1 && sample <= 1)).toBe(true)
          expect(sampleRate).toBeGreaterThan(0)
        } catch (error) {
          expect(error).toMatchObject({ code: expect.stringMatching(/^audio-/) })
        }
      }),
      { seed: 8, numRuns: 500 },
    )
  })
})

describe('writing', () => {
  it('writes what reading gives back, to the precision of 16 bits', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 1 }), (values) => {
        const samples = Float32Array.from(values)
        const back = readWav(writeWav({ samples, sampleRate: 22_050 }), LIMITS)
        expect(back.sampleRate).toBe(22_050)
        expect(back.samples).toHaveLength(samples.length)
        for (const [index, sample] of samples.entries()) {
          expect(Math.abs((back.samples[index] ?? 9) - sample)).toBeLessThanOrEqual(1 / 32_768)
        }
      }),
      { seed: 9 },
    )
  })

  it('makes samples out of range the loudest or silent', () => {
    const samples = Float32Array.of(5, -5, Number.NaN)
    expect([...readWav(writeWav({ samples, sampleRate: 8_000 }), LIMITS).samples]).toEqual([32_767 / 32_768, -1, 0])
  })
})
