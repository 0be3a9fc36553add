import { setImmediate } from 'node:timers/promises'
import { cleanSample } from './wav.ts'

/** Length of a frame, in seconds: about the shortest sound of speech. */
export const FRAME_SECONDS = 0.02

/** Level of digital silence; nothing is below it. */
const LOWEST_DB = -100
/** What lies below is the hum and the offset of a microphone, and no speech. */
const HIGH_PASS_HZ = 100

/** Frames that are measured without a pause: some milliseconds of work. */
const PIECE = 500

/**
 * How loud each frame is: its root mean square above `HIGH_PASS_HZ`, in decibels of full scale. A last, shorter frame counts too. Other
 * work of the process goes on between the pieces of a long recording.
 * @param samples mono; what is no number counts as silence
 */
export async function frameLevels(samples: Float32Array, sampleRate: number): Promise<Float32Array> {
  const frame = Math.round(FRAME_SECONDS * sampleRate)
  const levels = new Float32Array(Math.ceil(samples.length / frame))
  const remainder = highPass(sampleRate)
  for (let first = 0; first < levels.length; first += PIECE) {
    for (let index = first; index < Math.min(levels.length, first + PIECE); index++) {
      const end = Math.min(samples.length, (index + 1) * frame)
      let energy = 0
      for (let at = index * frame; at < end; at++) energy += remainder(cleanSample(samples[at] as number)) ** 2
      levels[index] = Math.max(LOWEST_DB, 10 * Math.log10(energy / (end - index * frame)))
    }
    if (first + PIECE < levels.length) await setImmediate()
  }
  return levels
}

/** What is left of each sample when a first-order low pass, which follows hum and offset, is taken from it. */
function highPass(sampleRate: number): (sample: number) => number {
  const follow = 1 - Math.exp((-2 * Math.PI * HIGH_PASS_HZ) / sampleRate)
  let low = 0
  return (sample) => {
    low += follow * (sample - low)
    return sample - low
  }
}

/**
 * The level of the background: a tenth of the frames are quieter. Frames of digital silence, which no microphone makes, do not count.
 * @returns decibels of full scale; `LOWEST_DB` when there is nothing else
 */
export function noiseFloor(levels: Float32Array): number {
  const heard = levels.filter((level) => level > LOWEST_DB).sort()
  return heard[Math.floor(heard.length / 10)] ?? LOWEST_DB
}
