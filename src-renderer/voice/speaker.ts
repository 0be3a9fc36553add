import { type Failure, toFailure } from '../backend/failure.ts'
import { SentenceSplitter, type Stretch } from './sentences.ts'
import { speakable } from './speakable.ts'

/** One sentence, ready to be heard. */
export interface Utterance {
  /** Resolves when it has been spoken, or at once when it is stopped. */
  play(): Promise<void>
  stop(): void
  /** Silence until `resume`; `play` goes on where it was. */
  pause(): void
  resume(): void
}

/** Something that speaks: a system voice, or the packaged one. */
export interface Voice {
  /** @param text one sentence without markup */
  prepare(text: string): Promise<Utterance>
}

export interface SpeakerOptions {
  /** The voice that the learner chose; asked for each answer anew. */
  chooseVoice(): Promise<Voice>
  onFault(failure: Failure): void
}

/** What is being spoken, for the captions. `stretch` is null while the first sentence is on its way. */
export interface Speaking {
  captureId: string
  stretch: Stretch | null
}

/** Sentences that are prepared ahead of the one that is heard. */
const AHEAD = 2

/** Speaks one answer at a time, sentence by sentence, while it is still arriving. A new answer ends the one before. */
export class Speaker {
  #speaking: Speaking | null = null
  #speech: Speech | undefined
  #isPaused = false
  readonly #listeners = new Set<() => void>()
  readonly #options: SpeakerOptions

  constructor(options: SpeakerOptions) {
    this.#options = options
  }

  get speaking(): Speaking | null {
    return this.#speaking
  }

  /** The sentence that is being heard, also while it is paused. */
  get sentence(): string | null {
    return this.#speech?.sentence ?? null
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins an answer whose text follows by `feed`, until `end`. */
  begin(captureId: string): void {
    const isPaused = this.#isPaused
    this.stop()
    this.#isPaused = isPaused
    this.#set({ captureId, stretch: null })
    const speech: Speech = new Speech({
      voice: this.#options.chooseVoice(),
      onSentence: (stretch) => {
        if (this.#speech === speech) this.#set({ captureId, stretch })
      },
    })
    this.#speech = speech
    if (isPaused) speech.pause()
    speech.finished.then(
      () => this.#over(speech),
      (error) => {
        const heard = this.#speech === speech
        this.#over(speech)
        if (heard) this.#options.onFault(toFailure(error))
      },
    )
  }

  feed(text: string): void {
    this.#speech?.feed(text)
  }

  end(): void {
    this.#speech?.end()
  }

  /** Speaks an answer that is complete. */
  speak(captureId: string, text: string): void {
    this.begin(captureId)
    this.feed(text)
    this.end()
  }

  /** Silence, now, until `resume`. A new answer waits as well. */
  pause(): void {
    this.#isPaused = true
    this.#speech?.pause()
  }

  resume(): void {
    this.#isPaused = false
    this.#speech?.resume()
  }

  /** Silence, now, and for good. */
  stop(): void {
    const speech = this.#speech
    this.#speech = undefined
    this.#isPaused = false
    speech?.stop()
    if (this.#speaking) this.#set(null)
  }

  #over(speech: Speech): void {
    if (this.#speech !== speech) return
    this.#speech = undefined
    this.#set(null)
  }

  #set(speaking: Speaking | null): void {
    this.#speaking = speaking
    for (const listener of [...this.#listeners]) listener()
  }
}

interface Sentence {
  stretch: Stretch
  /** What the voice says of it. */
  text: string
}

/** The speaking of one answer. */
class Speech {
  /** Resolves after the last sentence, or when stopped. */
  readonly finished: Promise<void>
  readonly #splitter = new SentenceSplitter()
  readonly #queue: Sentence[] = []
  #whole = false
  #stopped = false
  #playing: Utterance | undefined
  #sentence: string | null = null
  /** Resolves when it may be spoken. */
  #gate: PromiseWithResolvers<void> | undefined
  #wake: () => void = () => undefined
  readonly #voice: Promise<Voice>

  constructor(options: { voice: Promise<Voice>; onSentence(stretch: Stretch): void }) {
    this.#voice = options.voice
    this.finished = this.#run(options.onSentence)
  }

  feed(text: string): void {
    this.#add(this.#splitter.push(text))
  }

  end(): void {
    this.#whole = true
    this.#add(this.#splitter.end())
  }

  get sentence(): string | null {
    return this.#sentence
  }

  pause(): void {
    if (this.#gate) return
    this.#gate = Promise.withResolvers()
    this.#playing?.pause()
  }

  resume(): void {
    this.#gate?.resolve()
    this.#gate = undefined
    this.#playing?.resume()
  }

  stop(): void {
    this.#stopped = true
    this.#playing?.stop()
    this.#gate?.resolve()
    this.#wake()
  }

  #add(stretches: Stretch[]): void {
    for (const stretch of stretches) {
      const text = speakable(this.#splitter.slice(stretch))
      if (/[\p{L}\p{N}]/u.test(text)) this.#queue.push({ stretch, text })
    }
    this.#wake()
  }

  async #run(onSentence: (stretch: Stretch) => void): Promise<void> {
    const voice = await this.#voice
    const ready: (Sentence & { utterance: Promise<Utterance> })[] = []
    while (!this.#stopped) {
      while (ready.length < AHEAD) {
        const next = this.#queue.shift()
        if (!next) break
        const utterance = voice.prepare(next.text)
        // Told when its turn comes.
        utterance.catch(() => undefined)
        ready.push({ ...next, utterance })
      }
      const next = ready.shift()
      if (!next) {
        if (this.#whole) return
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        continue
      }
      const utterance = await next.utterance
      await this.#gate?.promise
      if (this.#stopped) return
      this.#playing = utterance
      this.#sentence = next.text
      onSentence(next.stretch)
      await utterance.play()
      this.#playing = undefined
    }
  }
}
