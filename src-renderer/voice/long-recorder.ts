import type { Client } from '../../src-core/contract/index.ts'
import { type Failure, type ScreenFault, toFailure } from '../backend/failure.ts'
import type { Microphone, OpenMicrophone } from './microphone.ts'
import { meterLevel } from './pcm.ts'
import { type SoundNote, SoundWatch } from './sound-watch.ts'

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
  /** The microphones of this device. */
  inputs: {
    areThere(): Promise<boolean>
    /** Told when one comes or goes. @returns ends it */
    onChange(listener: () => void): () => void
  }
  /** It has become documents; none where nothing was recorded. */
  onFinished(documentIds: string[]): void
  onFault(failure: Failure): void
  /** Milliseconds since 1970; tells how long the computer slept, which no other clock does. */
  now(): number
  /** Milliseconds by a clock that nobody sets. */
  monotonic(): number
}

/** Why sound is missing, and how much of it, in seconds. */
export interface Missing {
  /** The computer slept. */
  slept: number
  /** The microphone had gone. */
  unplugged: number
}

const NOTHING_MISSING: Missing = { slept: 0, unplugged: 0 }

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
  #missing: Missing = NOTHING_MISSING
  /** Since when the microphone has been gone, by the monotonic clock. */
  #unpluggedSince: number | undefined
  /** Set while it goes on by itself as soon as a microphone is there. */
  #stopWaiting: (() => void) | undefined
  /** A microphone that went away before it was known to the core. */
  #lostEarly: ScreenFault | undefined
  #microphone: Microphone | undefined
  /** Done when the microphone of before is free, and what pauses it has been told. */
  #freed: Promise<void> = Promise.resolve()
  #sound = new SoundWatch()
  #note: SoundNote = null
  #held: Int16Array<ArrayBuffer>[] = []
  #heldSamples = 0
  /** Sound on its way to the disk, in order; where that is full it waits here, bounded because the microphone is off. */
  readonly #unsent: Blob[] = []
  #sending: Promise<Failure | null> = Promise.resolve(null)
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

  get missing(): Missing {
    return this.#missing
  }

  /** What is wrong with the sound just now. */
  get note(): SoundNote {
    return this.#note
  }

  /** What the browser calls the microphone that hears; empty while there is none. */
  get microphone(): string {
    return this.#microphone?.name ?? ''
  }

  /** Whether it goes on by itself once there is a microphone again. */
  get waitsForInput(): boolean {
    return this.#stopWaiting !== undefined
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
    this.#missing = NOTHING_MISSING
    this.#asleepSince = undefined
    this.#unpluggedSince = undefined
    this.#held = []
    this.#heldSamples = 0
    this.#set({ phase: 'opening' })
    try {
      const microphone = await this.#open()
      this.#id = (await this.#options.recordings.start({ sampleRate: microphone.sampleRate })).id
      this.#refuseLost()
      this.#set({ phase: 'recording' })
    } catch (error) {
      this.#id = undefined
      await this.#closeMicrophone()
      this.#set({ phase: 'idle' })
      const failure = toFailure(error)
      // The learner said "not now".
      if (failure.code !== 'cancelled') this.#options.onFault(failure)
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
      // A device that comes or goes is told while the one of before is still being closed.
      await this.#freed
      const full = await this.#flush(id)
      if (full) return this.#set({ phase: 'paused', failure: full })
      const { sampleRate } = await this.#open()
      await this.#options.recordings.resume({ id, sampleRate })
      this.#refuseLost()
      this.#endWaiting()
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
    const slept = Math.max(0, this.#options.now() - from) / 1_000
    this.#missing = { ...this.#missing, slept: this.#missing.slept + slept }
    await this.resume()
  }

  /** Ends it, and makes a document of it; it stays paused where a full disk does not take the last of it. Does nothing while the microphone is on its way. */
  async finish(): Promise<void> {
    const id = this.#id
    if (id === undefined || this.#state.phase === 'opening' || this.#state.phase === 'finishing') return
    this.#stopWaiting?.()
    this.#stopWaiting = undefined
    this.#set({ phase: 'finishing' })
    await this.#closeMicrophone()
    const full = await this.#flush(id)
    if (full) {
      // Otherwise the core takes it for one that nobody records any more, and ends it.
      await this.#options.recordings.pause({ id }).catch(() => undefined)
      return this.#set({ phase: 'paused', failure: full })
    }
    this.#id = undefined
    try {
      this.#options.onFinished((await this.#options.recordings.finish({ id })).documentIds)
    } catch (error) {
      this.#options.onFault(toFailure(error))
    }
    this.#set({ phase: 'idle' })
  }

  async #open(): Promise<Microphone> {
    this.#lostEarly = undefined
    this.#sound = new SoundWatch()
    const microphone = await this.#options.openMicrophone({
      onHeard: (pcm, rms) => {
        this.#level = meterLevel(rms)
        this.#hear(pcm)
      },
      onLost: (fault) => void this.#lose(fault),
    })
    this.#microphone = microphone
    return microphone
  }

  /** What was recorded is kept; where the device has gone, the next one that is there takes its place. */
  async #lose(fault: ScreenFault): Promise<void> {
    if (this.#state.phase === 'opening') this.#lostEarly = fault
    if (this.#state.phase !== 'recording') return
    const since = this.#options.monotonic()
    const isUnplugged = fault.code === 'microphone-lost'
    const { inputs } = this.#options
    const goOn = async () => {
      if (this.#state.phase === 'paused' && (await inputs.areThere()) && this.waitsForInput) await this.resume()
    }
    if (isUnplugged) {
      this.#unpluggedSince = since
      this.#stopWaiting = inputs.onChange(() => void goOn())
    }
    await this.#pause(toFailure(fault))
    if (isUnplugged) await goOn()
  }

  #endWaiting(): void {
    this.#stopWaiting?.()
    this.#stopWaiting = undefined
    if (this.#unpluggedSince === undefined) return
    const unplugged = (this.#options.monotonic() - this.#unpluggedSince) / 1_000
    this.#missing = { ...this.#missing, unplugged: this.#missing.unplugged + unplugged }
    this.#unpluggedSince = undefined
  }

  #refuseLost(): void {
    if (this.#lostEarly) throw this.#lostEarly
  }

  #hear(pcm: Int16Array<ArrayBuffer>): void {
    this.#lastHeard = this.#options.now()
    const note = this.#sound.hear(pcm, this.#microphone?.sampleRate ?? Number.POSITIVE_INFINITY)
    if (note !== this.#note) {
      this.#note = note
      this.#tell()
    }
    this.#held.push(pcm)
    this.#heldSamples += pcm.length
    // Before the core knows the rate of this microphone, sound waits.
    if (this.#state.phase === 'recording' && this.#heldSamples >= (this.#microphone?.sampleRate ?? 0) * PIECE_SECONDS)
      this.#send()
  }

  #send(): void {
    const id = this.#id
    if (id === undefined || this.#heldSamples === 0) return
    this.#unsent.push(new Blob(this.#held))
    this.#held = []
    this.#heldSamples = 0
    void this.#flush(id)
  }

  /** Sends what has not been sent. @returns that the disk is full, where some of it therefore still waits */
  #flush(id: string): Promise<Failure | null> {
    this.#sending = this.#sending.then(async () => {
      for (let pcm = this.#unsent[0]; pcm; pcm = this.#unsent[0]) {
        try {
          const before = this.seconds
          this.#seconds = (await this.#options.recordings.push({ id, pcm })).seconds
          if (this.seconds !== before) this.#tell()
        } catch (error) {
          const failure = toFailure(error)
          await this.#pause(failure)
          if (failure.code === 'disk-full') return failure
          // It may have come through although the line broke: sent again it could be heard twice.
        }
        this.#unsent.shift()
      }
      return null
    })
    return this.#sending
  }

  async #pause(failure: Failure | null): Promise<void> {
    if (this.#state.phase !== 'recording') return
    const id = this.#id as string
    this.#set({ phase: 'paused', failure })
    this.#freed = this.#closeMicrophone()
    await this.#freed
    // A core that is gone makes a document of it by itself.
    await this.#options.recordings.pause({ id }).catch(() => undefined)
  }

  async #closeMicrophone(): Promise<void> {
    await this.#microphone?.close()
    this.#microphone = undefined
    this.#level = 0
    this.#note = null
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
