/** What is wrong with what a microphone gives, if anything. */
export type SoundNote = 'clipped' | 'muted' | null

/** As loud as 16-bit samples can be, within rounding. */
const FULL_SCALE = 32_760
/** How far back is looked for clipping, in seconds, and from which share of its stretches on it is said. */
const LOOK_BACK = 10
const CLIPPED_SHARE = 0.05
/** Less sound tells nothing yet, in seconds. */
const SHORTEST = 2
/** Digital silence after which a microphone is probably muted, in seconds. */
const MUTED = 30

/**
 * Notices a microphone that is too loud (its samples are cut off) or gives nothing at all. Its clock is the sound; no more is kept of it
 * than one bit for each stretch of the last seconds.
 */
export class SoundWatch {
  readonly #stretches: { seconds: number; isClipped: boolean }[] = []
  #silentFor = 0

  /** @returns what is wrong now, after this stretch */
  hear(pcm: Int16Array, sampleRate: number): SoundNote {
    const seconds = pcm.length / sampleRate
    this.#silentFor = pcm.every((sample) => sample === 0) ? this.#silentFor + seconds : 0
    this.#stretches.push({ seconds, isClipped: pcm.some((sample) => Math.abs(sample) >= FULL_SCALE) })
    let heard = this.#stretches.reduce((sum, stretch) => sum + stretch.seconds, 0)
    while (heard - (this.#stretches[0]?.seconds ?? heard) >= LOOK_BACK) heard -= this.#stretches.shift()?.seconds ?? 0
    if (this.#silentFor >= MUTED) return 'muted'
    const clipped = this.#stretches.filter(({ isClipped }) => isClipped).length
    return heard >= SHORTEST && clipped >= CLIPPED_SHARE * this.#stretches.length ? 'clipped' : null
  }
}
