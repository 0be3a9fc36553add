import { readWav, wavLayout } from '../../../models/index.ts'
import { openFramed } from './framed.ts'
import { joined } from './joined.ts'
import type { OpenedSound } from './types.ts'

/** A WAV file, a second at a time. @throws LvaError audio-empty, audio-not-audio */
export function openWav(bytes: Buffer, pieceSeconds: number): OpenedSound {
  const { sampleRate, start, bytesPerFrame, frames: total } = wavLayout(bytes)
  const head = bytes.subarray(0, start)
  const frames = Array.from({ length: Math.ceil(total / sampleRate) }, (_, second) => {
    const samples = Math.min(sampleRate, total - second * sampleRate)
    const begin = start + second * sampleRate * bytesPerFrame
    return { start: begin, end: begin + samples * bytesPerFrame, samples }
  })
  const fileOf = (from: number, to: number) => joined([head, bytes.subarray(frames[from]?.start, frames[to - 1]?.end)])
  const decode = async (file: Uint8Array) => readWav(file, { maxSeconds: Number.POSITIVE_INFINITY }).samples
  return openFramed({ sampleRate, frames, leadIn: 0, fileOf }, decode, pieceSeconds)
}
