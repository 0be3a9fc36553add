import { FRAME_SECONDS, frameLevels, noiseFloor } from './loudness.ts'

/** A stretch of sound, in seconds from its beginning; `end` exclusive. */
export interface Stretch {
  start: number
  end: number
}

/** Nothing below this level is speech, however quiet the background is. Decibels of full scale, for one frame. */
const QUIETEST_SPEECH_DB = -60
/** Speech rises above the background by at least this many decibels; steady noise varies by less. */
const ABOVE_NOISE_DB = 3
/** A recording shorter than this may hold no pause in which to measure the background. */
const SHORTEST_WITH_FLOOR = 1
/** Less sound than this is a click. */
const SHORTEST_SPEECH = 0.1
/** Kept on both sides of what is loud, for soft beginnings and endings of words. */
const MARGIN = 0.4
/** A pause longer than this is left out; the model would fill it with words. */
const LONGEST_PAUSE = 1.5
/** Longest window that is heard at once. */
const LONGEST_WINDOW = 25
/** No window ends earlier, and none is begun with less left, when a long stretch is cut. */
const SHORTEST_CUT = 5
/** Frames on each side over which the level is averaged to find a pause and not a consonant. */
const PAUSE_FRAMES = 5

/**
 * Finds where somebody may be speaking and cuts it at quiet places into windows for the speech model.
 * @param samples mono
 * @returns windows of at most `LONGEST_WINDOW` seconds in order; empty when nothing rises above the background
 */
export async function speechWindows(samples: Float32Array, sampleRate: number): Promise<Stretch[]> {
  const levels = await frameLevels(samples, sampleRate)
  const total = samples.length / sampleRate
  return loudStretches(levels, total).flatMap((stretch) => cutAtPauses(levels, stretch))
}

/** Cuts a window in two at its quietest place near the middle. */
export async function halve(samples: Float32Array, sampleRate: number): Promise<[Stretch, Stretch]> {
  const end = samples.length / sampleRate
  const middle = quietestPlace(await frameLevels(samples, sampleRate), end * 0.3, end * 0.7)
  return [
    { start: 0, end: middle },
    { start: middle, end },
  ]
}

/** The second at which it is best to cut: the quietest place. */
export async function quietestSecond(samples: Float32Array, sampleRate: number): Promise<number> {
  const levels = await frameLevels(samples, sampleRate)
  // Beyond the ends there is sound that is not looked at, and no silence.
  const margin = PAUSE_FRAMES * FRAME_SECONDS
  return quietestPlace(levels, margin, samples.length / sampleRate - margin)
}

function loudStretches(levels: Float32Array, total: number): Stretch[] {
  const floor = total < SHORTEST_WITH_FLOOR ? Number.NEGATIVE_INFINITY : noiseFloor(levels)
  const threshold = Math.max(QUIETEST_SPEECH_DB, floor + ABOVE_NOISE_DB)
  const stretches: Stretch[] = []
  let loudFrames = 0
  for (const [frame, level] of levels.entries()) {
    if (level < threshold) continue
    loudFrames++
    const start = Math.max(0, frame * FRAME_SECONDS - MARGIN)
    const end = Math.min(total, (frame + 1) * FRAME_SECONDS + MARGIN)
    const last = stretches.at(-1)
    if (last && start - last.end <= LONGEST_PAUSE - 2 * MARGIN) last.end = end
    else stretches.push({ start, end })
  }
  return loudFrames * FRAME_SECONDS < SHORTEST_SPEECH ? [] : stretches
}

function cutAtPauses(levels: Float32Array, stretch: Stretch): Stretch[] {
  const windows: Stretch[] = []
  let start = stretch.start
  while (stretch.end - start > LONGEST_WINDOW) {
    const latest = Math.min(start + LONGEST_WINDOW, stretch.end - SHORTEST_CUT)
    const cut = quietestPlace(levels, Math.max(start + SHORTEST_CUT, latest - LONGEST_WINDOW / 2), latest)
    windows.push({ start, end: cut })
    start = cut
  }
  windows.push({ start, end: stretch.end })
  return windows
}

/** The middle of the quietest frame between two places, with its neighbours taken into account. */
function quietestPlace(levels: Float32Array, from: number, to: number): number {
  const first = Math.ceil(from / FRAME_SECONDS)
  const last = Math.max(first, Math.floor(to / FRAME_SECONDS) - 1)
  let best = first
  let lowest = Number.POSITIVE_INFINITY
  for (let frame = first; frame <= last; frame++) {
    let sum = 0
    for (let near = frame - PAUSE_FRAMES; near <= frame + PAUSE_FRAMES; near++) sum += levels[near] ?? 0
    if (sum < lowest) {
      lowest = sum
      best = frame
    }
  }
  return (best + 0.5) * FRAME_SECONDS
}
