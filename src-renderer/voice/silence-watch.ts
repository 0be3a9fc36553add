/** Quieter than this is silence in any room; loudness as root mean square, 0 to 1. */
const ROOM = 0.008
/** Voice is so many times louder than the quietest of the last seconds: between syllables a room is heard. */
const ABOVE_FLOOR = 3
const FLOOR_SECONDS = 2
/** Shorter noises are no voice. */
const VOICE_SECONDS = 0.2

/** Notices that somebody has stopped speaking. Its clock is the sound, so that a busy machine changes nothing. */
export class SilenceWatch {
  readonly #silenceSeconds: number
  readonly #patienceSeconds: number
  /** What was heard last; before anything was, a quiet room. */
  readonly #last: { rms: number; seconds: number }[] = [{ rms: ROOM, seconds: FLOOR_SECONDS }]
  #voice = 0
  #hasSpoken = false
  #silent = 0

  /** @param silenceSeconds of silence after voice that end it @param patienceSeconds without any voice that end it too */
  constructor(silenceSeconds = 2, patienceSeconds = 10) {
    this.#silenceSeconds = silenceSeconds
    this.#patienceSeconds = patienceSeconds
  }

  /** @param rms loudness of a stretch of sound @returns whether it is over */
  hear(rms: number, seconds: number): boolean {
    if (rms > Math.max(ROOM, this.#floor(rms, seconds) * ABOVE_FLOOR)) {
      this.#voice += seconds
      if (this.#voice >= VOICE_SECONDS) {
        this.#hasSpoken = true
        this.#silent = 0
      }
    } else {
      this.#voice = 0
      this.#silent += seconds
    }
    return this.#silent >= (this.#hasSpoken ? this.#silenceSeconds : this.#patienceSeconds)
  }

  /** The quietest of the last seconds, with this stretch. */
  #floor(rms: number, seconds: number): number {
    this.#last.push({ rms, seconds })
    let spare = this.#last.reduce((sum, stretch) => sum + stretch.seconds, 0) - FLOOR_SECONDS
    for (let oldest = this.#last[0]; oldest && spare >= oldest.seconds; oldest = this.#last[0]) {
      spare -= oldest.seconds
      this.#last.shift()
    }
    return Math.min(...this.#last.map((stretch) => stretch.rms))
  }
}
