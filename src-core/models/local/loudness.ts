import { cleanSample } from './wav.ts'

/** Length of a frame, in seconds: about the shortest sound of speech. */
export const FRAME_SECONDS = 0.02

/** Level of digital silence; nothing is below it. */
const LOWEST_DB = -100
/** What lies below is the hum and the offset of a microphone, and no speech. */
const HIGH_PASS_HZ = 100

/**
 * How loud each frame is: its root mean square above `HIGH_PASS_HZ`, in decibels of full scale. A last, shorter frame counts too.
 * @param samples mono; what is no number counts as silence
 */
export function frameLevels(samples: Float32Array, sampleRate: number): Float32Array {
  const frame = Math.round(FRAME_SECONDS * sampleRate)
  const levels = new Float32Array(Math.ceil(samples.length / frame))
  // A first-order low pass follows hum and offset; what it leaves over is measured.
  const follow = 1 - Math.exp((-2 * Math.PI * HIGH_PASS_HZ) / sampleRate)
  let low = 0
  for (let index = 0; index < levels.length; index++) {
    const end = Math.min(samples.length, (index + 1) * frame)
    let energy = 0
    for (let at = index * frame; at < end; at++) {
      const sample = cleanSample(samples[at] as number)
      low += follow * (sample - low)
      energy += (sample - low) ** 2
    }
    levels[index] = Math.max(LOWEST_DB, 10 * Math.log10(energy / (end - index * frame)))
  }
  return levels
}

/**
 * The level of the background: a tenth of the frames are quieter. Frames of digital silence, which no microphone makes, do not count.
 * @returns decibels of full scale; `LOWEST_DB` when there is nothing else
 */
export function noiseFloor(levels: Float32Array): number {
  const heard = levels.filter((level) => level > LOWEST_DB).sort()
  return heard[Math.floor(heard.length / 10)] ?? LOWEST_DB
}
