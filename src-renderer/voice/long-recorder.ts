import type { Client } from '../../src-core/contract/index.ts'
import { type Failure, ScreenFault, toFailure } from '../backend/failure.ts'
import type { Microphone, OpenMicrophone } from './microphone.ts'
import { meterLevel } from './pcm.ts'

export type LongRecordingState =
  | { phase: 'idle' }
  | { phase: 'opening' }
  | { phase: 'recording' }
  /** `failure`: why nothing is recorded any more, although nobody paused it. What was recorded is kept. */
  | { phase: 'paused'; failure: Failure | null }
  | { phase: 'finishing' }

export interface LongRecorderOptions {
  recordings: Client['longRecordings']
  openMicrophone: OpenMicrophone
  /** It has become documents; none where nothing was recorded. */
  onFinished(documentIds: string[]): void
  onFault(failure: Failure): void
  /** Milliseconds since 1970. */
  now(): number
}

/** Sound is sent in pieces of about this many seconds: what a crash can lose. */
const PIECE_SECONDS = 0.25

/** Records a lecture or a meeting, for hours, whichever place is on the screen. The core writes it to the disk as it comes. */
export class LongRecorder {
  #state: LongRecordingState = { phase: 'idle' }
  #level = 0
  #seconds = 0
  #id: string | undefined
  /** Since when the computer has slept while this was recording, in milliseconds since 1970. */
  #asleepSince: number | undefined
  #lastHeard = 0
  #gaps: { from: number; to: number }[] = []
  #microphone: Microphone | undefined
  #held: Int16Array<ArrayBuffer>[] = []
  #heldSamples = 0
  #sending: Promise<void> = Promise.resolve()
  readonly #listeners = new Set<() => void>()
  readonly #options: LongRecorderOptions

  constructor(options: LongRecorderOptions) {
    this.#options = options
  }

  get state(): LongRecordingState {
    return this.#state
  }

  /** Whole seconds that are safe on the disk. */
  get seconds(): number {
    return Math.floor(this.#seconds)
  }

  /** When the computer slept, so that nothing was recorded; milliseconds since 1970. */
  get gaps(): readonly { from: number; to: number }[] {
    return this.#gaps
  }

  /** Loudness just now, 0 to 1; read at each frame, not told. */
  get level(): number {
    return this.#level
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins; does nothing while one is under way. */
  async start(): Promise<void> {
    if (this.#state.phase !== 'idle') return
    this.#seconds = 0
    this.#gaps = []
    this.#asleepSince = undefined
    this.#held = []
    this.#heldSamples = 0
    this.#set({ phase: 'opening' })
    try {
      const microphone = await this.#open()
      this.#id = (await this.#options.recordings.start({ sampleRate: microphone.sampleRate })).id
      this.#set({ phase: 'recording' })
    } catch (error) {
      await this.#closeMicrophone()
      this.#set({ phase: 'idle' })
      this.#options.onFault(toFailure(error))
    }
  }

  /** The microphone is free until `resume`. */
  async pause(): Promise<void> {
    if (this.#state.phase === 'recording') await this.#pause(null)
  }

  async resume(): Promise<void> {
    const id = this.#id
    if (this.#state.phase !== 'paused' || id === undefined) return
    this.#set({ phase: 'opening' })
    try {
      const { sampleRate } = await this.#open()
      await this.#options.recordings.resume({ id, sampleRate })
      this.#set({ phase: 'recording' })
    } catch (error) {
      await this.#closeMicrophone()
      this.#set({ phase: 'paused', failure: toFailure(error) })
    }
  }

  /** The computer goes to sleep: what was heard is kept, and `wake` goes on. */
  async sleep(): Promise<void> {
    if (this.#state.phase !== 'recording') return
    // A page may be told only after the computer is awake again; its last sound is from before.
    this.#asleepSince = this.#lastHeard
    await this.#pause(null)
  }

  /** The computer is awake again. Does nothing where nothing was being recorded when it fell asleep. */
  async wake(): Promise<void> {
    const from = this.#asleepSince
    this.#asleepSince = undefined
    if (from === undefined) return
    this.#gaps = [...this.#gaps, { from, to: this.#options.now() }]
    await this.resume()
  }

  /** Ends it, and makes a document of it. Does nothing while the microphone is on its way. */
  async finish(): Promise<void> {
    const id = this.#id
    if (id === undefined || this.#state.phase === 'opening' || this.#state.phase === 'finishing') return
    this.#set({ phase: 'finishing' })
    await this.#closeMicrophone()
    this.#id = undefined
    try {
      await this.#sending
      this.#options.onFinished((await this.#options.recordings.finish({ id })).documentIds)
    } catch (error) {
      this.#options.onFault(toFailure(error))
    }
    this.#set({ phase: 'idle' })
  }

  async #open(): Promise<Microphone> {
    const microphone = await this.#options.openMicrophone({
      onHeard: (pcm, rms) => {
        this.#level = meterLevel(rms)
        this.#hear(pcm)
      },
      onLost: () => void this.#pause(toFailure(new ScreenFault('microphone-lost'))),
    })
    this.#microphone = microphone
    return microphone
  }

  #hear(pcm: Int16Array<ArrayBuffer>): void {
    this.#lastHeard = this.#options.now()
    this.#held.push(pcm)
    this.#heldSamples += pcm.length
    // Before the core knows the rate of this microphone, sound waits.
    if (this.#state.phase === 'recording' && this.#heldSamples >= (this.#microphone?.sampleRate ?? 0) * PIECE_SECONDS)
      this.#send()
  }

  #send(): void {
    const id = this.#id
    if (id === undefined || this.#heldSamples === 0) return
    const pcm = new Blob(this.#held)
    this.#held = []
    this.#heldSamples = 0
    this.#sending = this.#sending.then(async () => {
      try {
        const before = this.seconds
        this.#seconds = (await this.#options.recordings.push({ id, pcm })).seconds
        if (this.seconds !== before) this.#tell()
      } catch (error) {
        await this.#pause(toFailure(error))
      }
    })
  }

  async #pause(failure: Failure | null): Promise<void> {
    if (this.#state.phase !== 'recording') return
    const id = this.#id as string
    this.#set({ phase: 'paused', failure })
    await this.#closeMicrophone()
    // A core that is gone makes a document of it by itself.
    await this.#options.recordings.pause({ id }).catch(() => undefined)
  }

  async #closeMicrophone(): Promise<void> {
    await this.#microphone?.close()
    this.#microphone = undefined
    this.#level = 0
    this.#send()
  }

  #set(state: LongRecordingState): void {
    this.#state = state
    this.#tell()
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}
