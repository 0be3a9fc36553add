import { type Failure, toFailure } from '../backend/failure.ts'
import { SentenceSplitter, type Stretch } from './sentences.ts'
import { speakable } from './speakable.ts'

/** One sentence, ready to be heard. */
export interface Utterance {
  /** Resolves when it has been spoken, or at once when it is stopped. */
  play(): Promise<void>
  stop(): void
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
  readonly #listeners = new Set<() => void>()
  readonly #options: SpeakerOptions

  constructor(options: SpeakerOptions) {
    this.#options = options
  }

  get speaking(): Speaking | null {
    return this.#speaking
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins an answer whose text follows by `feed`, until `end`. */
  begin(captureId: string): void {
    this.stop()
    this.#set({ captureId, stretch: null })
    const speech: Speech = new Speech({
      voice: this.#options.chooseVoice(),
      onSentence: (stretch) => {
        if (this.#speech === speech) this.#set({ captureId, stretch })
      },
    })
    this.#speech = speech
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

  /** Silence, now. */
  stop(): void {
    const speech = this.#speech
    this.#speech = undefined
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

/** The speaking of one answer. */
class Speech {
  /** Resolves after the last sentence, or when stopped. */
  readonly finished: Promise<void>
  readonly #splitter = new SentenceSplitter()
  readonly #queue: { stretch: Stretch; text: string }[] = []
  #whole = false
  #stopped = false
  #playing: Utterance | undefined
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

  stop(): void {
    this.#stopped = true
    this.#playing?.stop()
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
    const ready: { stretch: Stretch; utterance: Promise<Utterance> }[] = []
    while (!this.#stopped) {
      while (ready.length < AHEAD) {
        const next = this.#queue.shift()
        if (!next) break
        const utterance = voice.prepare(next.text)
        // Told when its turn comes.
        utterance.catch(() => undefined)
        ready.push({ stretch: next.stretch, utterance })
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
      if (this.#stopped) return
      this.#playing = utterance
      onSentence(next.stretch)
      await utterance.play()
    }
  }
}
