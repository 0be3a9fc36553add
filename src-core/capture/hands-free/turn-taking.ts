/** Length of one frame of the voice detector, in seconds. */
export const FRAME_SECONDS = 0.032

export interface TurnTiming {
  /** Silence that ends a turn whose words are a finished sentence. All in seconds. */
  pause: number
}

/** What the machine says. Seconds are those of the whole sound. */
export type TurnSign =
  /** Somebody may have begun to speak, at `second`. */
  | { type: 'onset'; second: number }
  /** It was too short for a word. */
  | { type: 'noise' }
  /** Somebody speaks. */
  | { type: 'speaking' }
  /** They have stopped for a moment: the time to hear what they said. */
  | { type: 'pausing' }
  /** They went on after all. */
  | { type: 'resumed' }
  /** The turn is over; voice ended at `second`. */
  | { type: 'ended'; second: number }

/** Above the first, voice begins; below the second, it has stopped. Between them it stays what it was. The values of Silero's own tools. */
const VOICE = 0.5
const SILENCE = 0.35
/** While we speak ourselves, a little of it comes back through the microphone. */
const VOICE_OVER_OURS = 0.6
/** How much each onset that was our own voice makes us harder of hearing, and how far. */
const HARDER = 0.1
const HARDEST = 0.9
/** Frames of voice that are an onset: one alone is often a click. */
const ONSET_FRAMES = 2
/** While we speak, one frame is enough from here on, so that we are silent a frame earlier; clicks, claps and knocks stay below 0.2. */
const CLEAR_VOICE = 0.8
const CLEAREST = 0.95
/** Voice that is a word, and silence after which a shorter one was none. */
const SHORTEST_VOICE = 0.25
const NOISE_OVER = 0.2
/** Silence after which what was said is heard. */
const PAUSING = 0.2
/** How much longer an unfinished sentence waits. */
const UNFINISHED_FACTOR = 2.5
const UNFINISHED_LEAST = 1.6
/** No turn is longer: what goes on then is the next one. */
const LONGEST_TURN = 180

/**
 * Tells where turns begin and end from the probability of voice in each frame. Its clock is the sound: the same sound gives the same
 * signs, however late it arrives.
 */
export class TurnTaking {
  #phase: 'quiet' | 'onset' | 'speaking' | 'pausing' = 'quiet'
  #frames = 0
  #run = 0
  /** Frame at which the turn began, and the one after the last with voice. */
  #began = 0
  #voiceEnd = 0
  #voiced = 0
  #isFinished: boolean | undefined
  #isSpoken = false
  #hardness = 0
  readonly #pause: number

  constructor({ pause }: TurnTiming) {
    this.#pause = pause
  }

  get phase(): 'quiet' | 'onset' | 'speaking' | 'pausing' {
    return this.#phase
  }

  /** The silence that would end the turn as it stands, in seconds. */
  get wait(): number {
    return this.#isFinished === false ? Math.max(UNFINISHED_LEAST, this.#pause * UNFINISHED_FACTOR) : this.#pause
  }

  /** Whether our own voice is to be heard now. */
  setSpoken(isSpoken: boolean): void {
    this.#isSpoken = isSpoken
    if (!isSpoken) this.#hardness = 0
  }

  /** The turn so far is our own voice: it is over. */
  wasOurs(): void {
    this.beHarder()
    this.#quiet()
  }

  /** An onset was our own voice: while it is to be heard, the next one takes more. */
  beHarder(): void {
    if (this.#isSpoken) this.#hardness += HARDER
  }

  /** What the words that were heard since `pausing` mean: whether the sentence can stand as it is. */
  understood(isFinished: boolean): void {
    this.#isFinished = isFinished
  }

  /** @param probability of voice in the next frame */
  hear(probability: number): TurnSign[] {
    this.#frames++
    const isOn = this.#phase !== 'quiet'
    const isVoice = probability >= this.#threshold() || (isOn && probability >= SILENCE)
    this.#run = isVoice ? this.#run + 1 : 0
    if (isVoice && isOn) {
      this.#voiceEnd = this.#frames
      this.#voiced++
    }
    switch (this.#phase) {
      case 'quiet':
        return this.#run >= ONSET_FRAMES || this.#isClear(probability) ? this.#begin() : []
      case 'onset':
        return this.#afterOnset()
      case 'speaking':
        if (this.#silence() < PAUSING) return this.#length() > LONGEST_TURN ? this.#end() : []
        this.#phase = 'pausing'
        this.#isFinished = undefined
        return [{ type: 'pausing' }]
      case 'pausing':
        if (isVoice && this.#run >= ONSET_FRAMES) {
          this.#phase = 'speaking'
          return [{ type: 'resumed' }]
        }
        return this.#silence() >= this.wait ? this.#end() : []
    }
  }

  #begin(): TurnSign[] {
    this.#phase = 'onset'
    this.#began = this.#frames - this.#run
    this.#voiced = this.#run
    this.#voiceEnd = this.#frames
    return [{ type: 'onset', second: this.#began * FRAME_SECONDS }]
  }

  #afterOnset(): TurnSign[] {
    if (this.#voiced * FRAME_SECONDS >= SHORTEST_VOICE) {
      this.#phase = 'speaking'
      return [{ type: 'speaking' }]
    }
    if (this.#silence() < NOISE_OVER) return []
    this.#quiet()
    this.beHarder()
    return [{ type: 'noise' }]
  }

  #end(): TurnSign[] {
    const second = this.#voiceEnd * FRAME_SECONDS
    this.#quiet()
    return [{ type: 'ended', second }]
  }

  #quiet(): void {
    this.#phase = 'quiet'
    this.#run = 0
    this.#isFinished = undefined
  }

  #threshold(): number {
    return this.#isSpoken ? Math.min(HARDEST, VOICE_OVER_OURS + this.#hardness) : VOICE
  }

  #isClear(probability: number): boolean {
    return this.#isSpoken && probability >= Math.min(CLEAREST, CLEAR_VOICE + this.#hardness)
  }

  #silence(): number {
    return (this.#frames - this.#voiceEnd) * FRAME_SECONDS
  }

  #length(): number {
    return (this.#frames - this.#began) * FRAME_SECONDS
  }
}
