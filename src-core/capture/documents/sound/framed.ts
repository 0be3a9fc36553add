import { isLvaError } from '../../../kernel/index.ts'
import { damaged } from '../errors.ts'
import type { FramedSound, OpenedSound } from './types.ts'

/** Decodes one small file to one channel at the rate that is given. Rejects when nothing in it can be decoded. */
export type DecodeFile = (file: Uint8Array<ArrayBuffer>, sampleRate: number) => Promise<Float32Array<ArrayBuffer>>

/** Seconds that are decoded at once. */
export const PIECE_SECONDS = 10

/**
 * Decodes a run of frames after the other. What cannot be decoded in the middle of a file becomes silence of the same length, so that all
 * that follows keeps its time.
 * @throws LvaError from `pieces`: document-damaged when nothing at all can be decoded, sound-decoder-missing
 */
export function openFramed(sound: FramedSound, decode: DecodeFile, pieceSeconds: number): OpenedSound {
  const { sampleRate, frames, leadIn, fileOf } = sound
  const total = frames.reduce((sum, { samples }) => sum + samples, 0)
  async function* pieces() {
    let isAnyDecoded = false
    let reason: unknown
    for (let from = 0; from < frames.length; ) {
      let to = from
      let own = 0
      while (to < frames.length && own < pieceSeconds * sampleRate) own += frames[to++]?.samples ?? 0
      const decoded = await decode(fileOf(Math.max(0, from - leadIn), to), sampleRate).catch((error: unknown) => {
        // Ours does not speak of this piece.
        if (isLvaError(error, 'sound-decoder-missing')) throw error
        reason = error
        return undefined
      })
      isAnyDecoded ||= decoded !== undefined && decoded.length > 0
      // What was decoded of the frames before stands in front.
      if (decoded) yield from === 0 ? decoded : decoded.subarray(Math.max(0, decoded.length - own))
      else yield new Float32Array(own)
      from = to
    }
    if (!isAnyDecoded) throw damaged(reason)
  }
  return { sampleRate, seconds: total / sampleRate, pieces }
}
