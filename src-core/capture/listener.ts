import { isLvaError } from '../kernel/index.ts'
import { resample, SPEECH_RATE, type Transcriber, type Transcript } from '../models/index.ts'
import type { PcmBuffer } from './pcm.ts'

/** So long after the last word that was understood, nothing before it changes any more; seconds. */
const SETTLES_AFTER = 30
/** Of such a pause, its end is heard again together with what comes: a word may have begun there. In seconds. */
const KEPT_OF_PAUSE = 10

/**
 * Hears a recording while it grows. What lies before the last pause is heard once and settled; only the tail after it is heard again:
 *
 *     |--- settled, never heard again ---|--- tail, heard every second ---|
 *
 * so that the work grows with the length of the recording and not with its square. Of a long pause, and of sound without words, the tail is
 * only the end.
 */
export class Listener {
  readonly #audio: PcmBuffer
  readonly #transcriber: Transcriber
  #settled: Transcript['segments'] = []
  #heardBy: Pick<Transcript, 'model' | 'language'> | undefined
  /** Sample of the recording at which the tail begins. */
  #tailStart = 0

  constructor(audio: PcmBuffer, transcriber: Transcriber) {
    this.#audio = audio
    this.#transcriber = transcriber
  }

  /** Who heard it, and in which language, as far as it was heard. */
  get heardBy(): Pick<Transcript, 'model' | 'language'> {
    return this.#heardBy ?? { model: this.#transcriber.id, language: null }
  }

  /** Everything said so far. One call at a time. */
  async hear(signal: AbortSignal): Promise<Transcript['segments']> {
    const heardUntil = this.#audio.seconds
    const tail = await this.#hearTail(signal, heardUntil)
    const last = tail.at(-1)
    if (last && heardUntil - last.end >= SETTLES_AFTER) {
      this.#settled.push(...tail)
      this.#beginTail(heardUntil - KEPT_OF_PAUSE)
      return [...this.#settled]
    }
    if (last && tail.length > 1) {
      this.#settled.push(...tail.slice(0, -1))
      this.#beginTail(last.start)
      return [...this.#settled, last]
    }
    return [...this.#settled, ...tail]
  }

  #beginTail(second: number): void {
    this.#tailStart = Math.floor(second * this.#audio.sampleRate)
  }

  async #hearTail(signal: AbortSignal, heardUntil: number): Promise<Transcript['segments']> {
    const offset = this.#tailStart / this.#audio.sampleRate
    const samples = await resample(this.#audio.from(this.#tailStart), this.#audio.sampleRate, SPEECH_RATE)
    try {
      const { segments, model, language } = await this.#transcriber.transcribe(samples, { signal })
      this.#heardBy = { model, language }
      return segments.map(({ start, end, text }) => ({ start: start + offset, end: end + offset, text }))
    } catch (error) {
      const hasNoWords =
        isLvaError(error, 'audio-silent') ||
        isLvaError(error, 'audio-empty') ||
        isLvaError(error, 'speech-not-understood')
      if (hasNoWords && heardUntil - offset >= SETTLES_AFTER) this.#beginTail(heardUntil - KEPT_OF_PAUSE)
      // Silence after words, or before the first ones, is no failure; silence alone is.
      if (hasNoWords && this.#settled.length > 0) return []
      throw error
    }
  }
}
