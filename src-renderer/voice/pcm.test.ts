import { describe, expect, test } from 'vitest'
import { meterLevel, rootMeanSquare, toPcm16, wavFile } from './pcm.ts'

describe('pcm', () => {
  test('16-bit samples reach both ends and never wrap around', () => {
    expect([...toPcm16(Float32Array.of(0, 1, -1, 2, -2, 0.5))]).toEqual([0, 32767, -32767, 32767, -32767, 16384])
  })

  test('loudness of silence, of a square wave and of a sine', () => {
    expect(rootMeanSquare(new Float32Array(100))).toBe(0)
    expect(rootMeanSquare(new Float32Array(0))).toBe(0)
    expect(rootMeanSquare(Float32Array.of(0.5, -0.5))).toBeCloseTo(0.5)
    const sine = Float32Array.from({ length: 4800 }, (_, index) => Math.sin((2 * Math.PI * index) / 48))
    expect(rootMeanSquare(sine)).toBeCloseTo(Math.SQRT1_2, 3)
  })

  test('the meter goes from nothing to full in even decibels', () => {
    expect(meterLevel(0)).toBe(0)
    expect(meterLevel(1e-9)).toBe(0)
    expect(meterLevel(1)).toBe(1)
    expect(meterLevel(10 ** (-28 / 20))).toBeCloseTo(0.5)
  })

  test('a WAV file says what it holds', async () => {
    const wav = new DataView(await wavFile([Int16Array.of(1, 2), Int16Array.of(-3)], 48_000).arrayBuffer())
    const word = (at: number) => String.fromCharCode(...[0, 1, 2, 3].map((offset) => wav.getUint8(at + offset)))
    expect([word(0), word(8), word(12), word(36)]).toEqual(['RIFF', 'WAVE', 'fmt ', 'data'])
    expect(wav.byteLength).toBe(50)
    expect(wav.getUint32(4, true)).toBe(42)
    expect(wav.getUint32(24, true)).toBe(48_000)
    expect(wav.getUint32(40, true)).toBe(6)
    expect([44, 46, 48].map((at) => wav.getInt16(at, true))).toEqual([1, 2, -3])
  })
})
