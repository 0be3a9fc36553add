import { isLvaError } from '../../kernel/index.ts'
import { type ChosenTranscriber, SPEECH_RATE, type Transcript } from '../../models/index.ts'
import { Listener } from '../listener.ts'
import { PcmBuffer } from '../pcm.ts'

/** Sound between two partial transcripts, and before the first one, in seconds. */
const PARTIAL_EVERY = 1
const FIRST_PARTIAL = 0.6
/** As loud as samples can be. */
const FULL_SCALE = 0.999
/** What is sent along behind the voice, for the ends of words, in seconds. */
const AFTER_VOICE = 0.3
/** From this share of its frames on a turn counts as clipped. */
const CLIPPED_SHARE = 0.05

/** One turn of the learner's: its sound, and what was heard of it so far. */
export class TurnHearing {
  /** Place of its first sample in the whole sound, in seconds. */
  readonly start: number
  readonly #sound = new PcmBuffer(SPEECH_RATE)
  readonly #listener: Listener
  readonly #transcriber: ChosenTranscriber
  #segments: Transcript['segments'] = []
  /** Seconds of the sound that the segments are of. */
  #heardTo = 0
  #askedAt = 0
  #frames = 0
  #clippedFrames = 0
  #stop = new AbortController()
  #hearing: Promise<unknown> = Promise.resolve()

  constructor(start: number, transcriber: ChosenTranscriber) {
    this.start = start
    this.#transcriber = transcriber
    this.#listener = new Listener(this.#sound, transcriber)
  }

  get seconds(): number {
    return this.#sound.seconds
  }

  get text(): string {
    return this.#segments.map(({ text }) => text).join(' ')
  }

  /** Whether much of it was louder than the microphone can tell. */
  get isClipped(): boolean {
    return this.#frames > 0 && this.#clippedFrames / this.#frames >= CLIPPED_SHARE
  }

  /** Whether enough is new for the words so far to be heard. */
  get isPartialDue(): boolean {
    return this.seconds - this.#askedAt >= (this.#askedAt === 0 ? FIRST_PARTIAL : PARTIAL_EVERY)
  }

  append(samples: Float32Array<ArrayBuffer>): void {
    this.#sound.append(samples)
    this.#frames++
    if (samples.some((sample) => Math.abs(sample) >= FULL_SCALE)) this.#clippedFrames++
  }

  /** The sound up to a place, in seconds from its beginning. */
  samples(end: number): Float32Array<ArrayBuffer> {
    return this.#sound.from(0).slice(0, Math.round(end * SPEECH_RATE))
  }

  /**
   * Hears what there is now. A later call stops an earlier one, which then throws `cancelled`.
   * @throws LvaError audio-silent, speech-not-understood, model-process-down, cancelled
   */
  async hear(): Promise<string> {
    this.#askedAt = this.seconds
    this.#stop.abort(new DOMException('There is more to hear.', 'AbortError'))
    const stop = new AbortController()
    this.#stop = stop
    const before = this.#hearing
    const hearing = (async () => {
      await before.catch(() => undefined)
      const to = this.seconds
      this.#segments = await this.#listener.hear(stop.signal)
      this.#heardTo = to
    })()
    this.#hearing = hearing
    await hearing
    return this.text
  }

  /**
   * The transcript up to `end`, heard again only where it was not heard yet.
   * @throws what `hear` throws, but for `cancelled`
   */
  async finish(end: number): Promise<Transcript> {
    await this.#hearing.catch(() => undefined)
    const whole = await this.#transcriber.whole()
    if (whole) return whole.transcribe(this.samples(end + AFTER_VOICE), { signal: this.#stop.signal })
    if (this.#heardTo < end) await this.hear()
    return { text: this.text, seconds: end, segments: this.#segments, ...this.#listener.heardBy }
  }

  /** Stops hearing; what is under way throws `cancelled`. */
  stop(): void {
    this.#stop.abort(new DOMException('Nobody wants to know any more.', 'AbortError'))
  }
}

/** Sound in which there are no words, which hearing again would not change. */
export function hasNoWords(error: unknown): boolean {
  return (['audio-silent', 'audio-empty', 'speech-not-understood'] as const).some((code) => isLvaError(error, code))
}
