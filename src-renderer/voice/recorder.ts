import type { Client, Transcript } from '../../src-core/contract/index.ts'
import { type Failure, ScreenFault, toFailure } from '../backend/failure.ts'
import type { Microphone, OpenMicrophone } from './microphone.ts'
import { meterLevel, wavFile } from './pcm.ts'
import type { SilenceWatch } from './silence-watch.ts'
import { type SoundNote, SoundWatch } from './sound-watch.ts'

export type RecordingState =
  | { phase: 'idle' }
  /** Waiting for permission and device. */
  | { phase: 'opening' }
  /** `startedAt`: by the clock of `RecorderOptions.now`. */
  | { phase: 'recording'; startedAt: number; partial: string }
  /** Heard everything; waiting for the transcript. */
  | { phase: 'finishing'; partial: string }
  /** `kept`: the sound is still here, and can be tried again. */
  | { phase: 'failed'; failure: Failure; kept: boolean }

export type SpeechProcedures = Pick<
  Client['speech'],
  'start' | 'push' | 'partials' | 'finish' | 'cancel' | 'transcribe'
>

export interface RecorderOptions {
  speech: SpeechProcedures
  openMicrophone: OpenMicrophone
  /** Milliseconds by a clock that nobody sets. */
  now(): number
  onTranscript(transcript: Transcript): void
  /** The recording ended before the learner meant it to: the limit was reached, or the microphone went away. What was said is kept. */
  onCutShort(failure: Failure): void
}

/** Samples are sent in stretches of about this many seconds. */
const PUSH_SECONDS = 0.25
/** What can be sent again in one piece; longer recordings rely on what the core has. */
const KEEP_BYTES = 100 * 1024 * 1024
/** Less than this holds no word. */
const WORTH_HEARING_SECONDS = 0.5
/** Trying again cannot help: there is nothing to hear in it, or too much. */
const HOPELESS = new Set<Failure['code']>(['audio-silent', 'audio-empty', 'audio-too-long'])

/**
 * Records what the learner says and has the core transcribe it while they speak. One recording at a time. The sound stays here until
 * its transcript has arrived, so a lost connection or a crashed recogniser costs a retry and no words.
 */
export class Recorder {
  #state: RecordingState = { phase: 'idle' }
  #level = 0
  #note: SoundNote = null
  #take: Take | undefined
  /** Makes the sound that can be heard again. */
  #kept: (() => Blob) | undefined
  readonly #listeners = new Set<() => void>()
  readonly #options: RecorderOptions

  constructor(options: RecorderOptions) {
    this.#options = options
  }

  get state(): RecordingState {
    return this.#state
  }

  /** Loudness just now, 0 to 1; read at each frame, not told. */
  get level(): number {
    return this.#level
  }

  /** What is wrong with the sound just now. */
  get note(): SoundNote {
    return this.#note
  }

  /** True from the press of the key until everything was heard. */
  get listening(): boolean {
    return this.#state.phase === 'opening' || this.#state.phase === 'recording'
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Begins to listen; does nothing while a recording is under way.
   * @param silence ends it by itself, for keys that nobody hears come up
   */
  async start(silence?: SilenceWatch): Promise<void> {
    if (this.#state.phase !== 'idle' && this.#state.phase !== 'failed') return
    this.#kept = undefined
    this.#set({ phase: 'opening' })
    const take = new Take(this.#options.speech, (failure) => this.#cutShort(take, failure))
    this.#take = take
    const sound = new SoundWatch()
    try {
      const microphone = await this.#options.openMicrophone({
        onHeard: (pcm, rms) => {
          this.#level = meterLevel(rms)
          take.hear(pcm)
          if (this.#take === take && take.sampleRate > 0) this.#setNote(sound.hear(pcm, take.sampleRate))
          const isOver = this.#state.phase === 'recording' && silence?.hear(rms, pcm.length / take.sampleRate)
          if (isOver && this.#take === take) void this.finish()
        },
        onLost: (fault) => this.#cutShort(take, toFailure(fault)),
      })
      if (this.#take !== take) return void (await microphone.close())
      await take.begin(microphone, (partial) => {
        if (this.#take === take && 'partial' in this.#state) this.#set({ ...this.#state, partial })
      })
      if (this.#take === take && this.state.phase === 'opening')
        this.#set({ phase: 'recording', startedAt: this.#options.now(), partial: '' })
    } catch (error) {
      const failure = toFailure(error)
      // The learner said "not now".
      if (failure.code === 'cancelled' && this.#take === take) await this.cancel()
      else await this.#fail(take, failure)
    }
  }

  /** Stops listening and hands the transcript to `onTranscript`. */
  async finish(): Promise<void> {
    const take = this.#take
    if (!take || !this.listening) return
    // Let go before the device was open: nothing was said.
    if (this.#state.phase === 'opening') return this.cancel()
    this.#set({ phase: 'finishing', partial: 'partial' in this.#state ? this.#state.partial : '' })
    try {
      const transcript = await take.finish()
      if (this.#take !== take) return
      this.#end({ phase: 'idle' })
      this.#options.onTranscript(transcript)
    } catch (error) {
      await this.#fail(take, toFailure(error))
    }
  }

  /** Forgets what was heard. */
  async cancel(): Promise<void> {
    const take = this.#take
    this.#kept = undefined
    this.#end({ phase: 'idle' })
    await take?.cancel()
  }

  /** Transcribes the kept sound of a failed recording again. */
  async retry(): Promise<void> {
    const kept = this.#kept
    if (!kept) return
    this.#set({ phase: 'finishing', partial: '' })
    try {
      const transcript = await this.#options.speech.transcribe({ audio: kept() })
      if (this.#kept !== kept) return
      this.#kept = undefined
      this.#end({ phase: 'idle' })
      this.#options.onTranscript(transcript)
    } catch (error) {
      if (this.#kept === kept) this.#set({ phase: 'failed', failure: toFailure(error), kept: true })
    }
  }

  /** Transcribes a recording that was made elsewhere: WAV, MP3, M4A, AAC, Ogg, WebM or FLAC. */
  async hearFile(file: Blob): Promise<void> {
    if (this.#state.phase !== 'idle' && this.#state.phase !== 'failed') return
    this.#kept = () => file
    await this.retry()
  }

  /** Nothing more can be heard: what was said until then is transcribed, or said to be lost when that was nothing. */
  #cutShort(take: Take, failure: Failure): void {
    if (this.#take !== take || !this.listening) return
    if (take.seconds < WORTH_HEARING_SECONDS || this.#state.phase !== 'recording') {
      void this.#fail(take, failure)
      return
    }
    this.#options.onCutShort(failure)
    void this.finish()
  }

  async #fail(take: Take, failure: Failure): Promise<void> {
    if (this.#take !== take) return
    const heard = { stretches: take.stretches, sampleRate: take.sampleRate }
    this.#end({ phase: 'failed', ...this.#keep(failure, heard) })
    await take.cancel()
  }

  #keep(failure: Failure, heard: { stretches: Int16Array<ArrayBuffer>[]; sampleRate: number }) {
    const bytes = heard.stretches.reduce((sum, stretch) => sum + stretch.byteLength, 0)
    const kept = bytes > 0 && bytes <= KEEP_BYTES && !HOPELESS.has(failure.code)
    this.#kept = kept ? () => wavFile(heard.stretches, heard.sampleRate) : undefined
    return { failure, kept }
  }

  #setNote(note: SoundNote): void {
    if (note === this.#note) return
    this.#note = note
    this.#tell()
  }

  #end(state: RecordingState): void {
    this.#take = undefined
    this.#level = 0
    this.#note = null
    this.#set(state)
  }

  #set(state: RecordingState): void {
    this.#state = state
    this.#tell()
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

/** One recording on its way to the core: samples wait for the recording to be opened there and follow each other in order. */
class Take {
  readonly stretches: Int16Array<ArrayBuffer>[] = []
  sampleRate = 0
  #samples = 0
  /** Stretches that were sent, or are waiting behind those. */
  #sent = 0
  #waiting = 0
  #recordingId: string | undefined
  #microphone: Microphone | undefined
  #sending: Promise<unknown> = Promise.resolve()
  #cancelled = false
  #isFull = false
  readonly #stopPartials = new AbortController()
  readonly #speech: SpeechProcedures

  readonly #onFull: (failure: Failure) => void

  /** @param onFull the core takes no more; what it has can be finished */
  constructor(speech: SpeechProcedures, onFull: (failure: Failure) => void) {
    this.#speech = speech
    this.#onFull = onFull
  }

  /** How much was heard. */
  get seconds(): number {
    return this.sampleRate === 0 ? 0 : this.#samples / this.sampleRate
  }

  hear(pcm: Int16Array<ArrayBuffer>): void {
    this.stretches.push(pcm)
    this.#samples += pcm.length
    this.#waiting += pcm.length
    if (this.#recordingId && this.#waiting >= this.sampleRate * PUSH_SECONDS) this.#push()
  }

  async begin(microphone: Microphone, onPartial: (text: string) => void): Promise<void> {
    this.#microphone = microphone
    this.sampleRate = microphone.sampleRate
    const { recordingId } = await this.#speech.start({ sampleRate: microphone.sampleRate })
    if (this.#cancelled) return void (await this.#speech.cancel({ recordingId }))
    this.#recordingId = recordingId
    void this.#followPartials(recordingId, onPartial)
  }

  async finish() {
    await this.#microphone?.close()
    if (this.#recordingId === undefined) throw new ScreenFault('microphone-lost')
    this.#push()
    await this.#sending
    this.#stopPartials.abort()
    return this.#speech.finish({ recordingId: this.#recordingId })
  }

  async cancel(): Promise<void> {
    this.#cancelled = true
    this.#stopPartials.abort()
    await this.#microphone?.close()
    try {
      if (this.#recordingId !== undefined) await this.#speech.cancel({ recordingId: this.#recordingId })
    } catch (error) {
      // The core forgets a recording by itself when its line is lost or when it has already ended.
      if (!['disconnected', 'not-found'].includes(toFailure(error).code)) throw error
    }
  }

  #push(): void {
    const recordingId = this.#recordingId
    const some = this.stretches.slice(this.#sent)
    if (recordingId === undefined || some.length === 0) return
    this.#sent = this.stretches.length
    this.#waiting = 0
    const sending = this.#sending.then(() => this.#send(recordingId, new Blob(some)))
    this.#sending = sending
    // A failed push fails `finish`, where it is told.
    sending.catch(() => undefined)
  }

  async #send(recordingId: string, pcm: Blob): Promise<void> {
    if (this.#isFull) return
    try {
      await this.#speech.push({ recordingId, pcm })
    } catch (error) {
      const failure = toFailure(error)
      if (failure.code !== 'audio-too-long') throw error
      this.#isFull = true
      this.#onFull(failure)
    }
  }

  async #followPartials(recordingId: string, onPartial: (text: string) => void): Promise<void> {
    try {
      const partials = await this.#speech.partials({ recordingId }, { signal: this.#stopPartials.signal })
      for await (const { text } of partials) onPartial(text)
    } catch {
      // Words shown while speaking are a courtesy; `finish` tells what is wrong.
    }
  }
}
