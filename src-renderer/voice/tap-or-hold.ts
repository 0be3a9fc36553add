/** A press that lasts longer than this is a hold, in milliseconds. */
const HOLD_MS = 350

export interface TalkSwitch {
  isOn(): boolean
  on(): void
  off(): void
  /** Forgets what was begun by a tap that was not meant. */
  discard(): void
}

/**
 * One key or button for both ways of talking: hold it and talk until you let go, or tap it once to begin and once to end.
 * @param tap `toggle` as said; `ignore` for a key such as the space bar that is often touched by chance
 */
export class TapOrHold {
  #downAt: number | undefined
  readonly #options: { talk: TalkSwitch; now(): number; tap: 'toggle' | 'ignore' }

  constructor(options: { talk: TalkSwitch; now(): number; tap: 'toggle' | 'ignore' }) {
    this.#options = options
  }

  down(): void {
    const { talk, now } = this.#options
    if (this.#downAt !== undefined) return
    if (talk.isOn()) {
      talk.off()
      return
    }
    this.#downAt = now()
    talk.on()
  }

  up(): void {
    if (this.#downAt === undefined) return
    const { talk, now, tap } = this.#options
    const held = now() - this.#downAt >= HOLD_MS
    this.#downAt = undefined
    if (!talk.isOn()) return
    if (held) talk.off()
    else if (tap === 'ignore') talk.discard()
  }
}
