/** Root mean square of samples in [-1, 1]: 0 for silence, about 0.7 for the loudest sine. */
export function rootMeanSquare(samples: Float32Array): number {
  if (samples.length === 0) return 0
  let sum = 0
  for (const sample of samples) sum += sample * sample
  return Math.sqrt(sum / samples.length)
}

/** Samples in [-1, 1] as 16-bit integers; what is louder is clipped. */
export function toPcm16(samples: Float32Array): Int16Array<ArrayBuffer> {
  const pcm = new Int16Array(samples.length)
  for (const [index, sample] of samples.entries()) {
    const clipped = Math.max(-1, Math.min(1, sample))
    pcm[index] = Math.round(clipped * 32_767)
  }
  return pcm
}

/** Quietest level that the meter shows, in dB below full scale. */
const METER_FLOOR_DB = -56

/** Loudness for a meter: 0 at -56 dBFS and below, 1 at full scale, even steps in decibels as the ear hears them. */
export function meterLevel(rms: number): number {
  if (rms <= 0) return 0
  return Math.max(0, Math.min(1, 1 - (20 * Math.log10(rms)) / METER_FLOOR_DB))
}

const WAV_HEADER_BYTES = 44

/** A WAV file (RIFF, PCM, 16 bits, mono) of the given stretches. */
export function wavFile(stretches: readonly Int16Array<ArrayBuffer>[], sampleRate: number): Blob {
  const dataBytes = stretches.reduce((sum, stretch) => sum + stretch.byteLength, 0)
  const header = new DataView(new ArrayBuffer(WAV_HEADER_BYTES))
  const text = (at: number, value: string) => {
    for (const [index, letter] of [...value].entries()) header.setUint8(at + index, letter.charCodeAt(0))
  }
  text(0, 'RIFF')
  header.setUint32(4, WAV_HEADER_BYTES - 8 + dataBytes, true)
  text(8, 'WAVEfmt ')
  header.setUint32(16, 16, true)
  header.setUint16(20, 1, true)
  header.setUint16(22, 1, true)
  header.setUint32(24, sampleRate, true)
  header.setUint32(28, sampleRate * 2, true)
  header.setUint16(32, 2, true)
  header.setUint16(34, 16, true)
  text(36, 'data')
  header.setUint32(40, dataBytes, true)
  return new Blob([header, ...stretches], { type: 'audio/wav' })
}
