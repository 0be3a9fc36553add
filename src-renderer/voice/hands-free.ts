import type { Client, HandsFreeEvent, Transcript } from '../../src-core/contract/index.ts'
import { type Failure, type ScreenFault, toFailure } from '../backend/failure.ts'
import type { Microphone, OpenMicrophone } from './microphone.ts'
import { meterLevel } from './pcm.ts'

/** What the learner is told of the last thing that was no turn. */
export type HandsFreeNote = 'nothing' | 'clipped' | 'muted' | null

export type HandsFreeState =
  | { phase: 'off' }
  /** Waiting for permission and device. */
  | { phase: 'opening' }
  /** Nobody speaks. */
  | { phase: 'quiet'; note: HandsFreeNote }
  | { phase: 'hearing'; partial: string }
  /** The learner has stopped. `unfinished`: their sentence has not, so it waits longer. */
  | { phase: 'pausing'; partial: string; unfinished: boolean }
  /** The turn is over, its words are on their way. */
  | { phase: 'writing'; partial: string }
  /** `canHearAgain`: the core has the sound of a turn that it could not hear, and goes on listening. */
  | { phase: 'failed'; failure: Failure; canHearAgain: boolean }

/** What is being spoken to the learner. */
export interface Spoken {
  readonly sentence: string | null
  subscribe(listener: () => void): () => void
  pause(): void
  resume(): void
  stop(): void
}

export interface HandsFreeOptions {
  procedures: Client['handsFree']
  openMicrophone: OpenMicrophone
  speaker: Spoken
}

/**
 * A conversation without hands: what the microphone hears goes to the core, which tells what goes on (docs/voice.md). At an onset the
 * spoken answer pauses here at once; words end it, a noise lets it go on.
 */
export class HandsFree {
  #state: HandsFreeState = { phase: 'off' }
  #level = 0
  #line: Line | undefined
  /** Onsets of which it is not known yet what they were. */
  #openTurns = 0
  /** Set when nothing more comes from the microphone, and what was being said is still heard: why. */
  #over: ScreenFault | 'wanted' | undefined
  #onTurn: (transcript: Transcript) => void = () => undefined
  readonly #listeners = new Set<() => void>()
  readonly #options: HandsFreeOptions

  constructor(options: HandsFreeOptions) {
    this.#options = options
    options.speaker.subscribe(() => this.#line?.tellSpoken(options.speaker.sentence))
  }

  get state(): HandsFreeState {
    return this.#state
  }

  get isOn(): boolean {
    return this.#state.phase !== 'off'
  }

  /** Whether the learner has the word. */
  get isHearing(): boolean {
    return ['hearing', 'pausing', 'writing'].includes(this.#state.phase)
  }

  /** Loudness just now, 0 to 1; read at each frame, not told. */
  get level(): number {
    return this.#level
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Begins; does nothing while it is on. `onTurn` is given each thing that the learner said. */
  async start(onTurn: (transcript: Transcript) => void): Promise<void> {
    if (this.#state.phase !== 'off' && this.#state.phase !== 'failed') return
    await this.#close()
    this.#onTurn = onTurn
    this.#set({ phase: 'opening' })
    const line = new Line(this.#options.procedures)
    this.#line = line
    try {
      const microphone = await this.#options.openMicrophone({
        onHeard: (pcm, rms) => {
          this.#level = meterLevel(rms)
          line.push(pcm, (error) => this.#fail(line, error))
        },
        onLost: (fault) => this.#fallSilent(line, fault),
      })
      if (this.#line !== line) return void (await microphone.close())
      await line.begin(microphone)
      if (this.#line !== line) return void (await line.close())
      line.tellSpoken(this.#options.speaker.sentence)
      this.#set({ phase: 'quiet', note: null })
      for await (const event of await line.events()) {
        if (this.#line !== line) continue
        this.#follow(event)
        this.#endIfOver(line)
      }
    } catch (error) {
      if (this.#line === line) this.#fail(line, error)
      else await line.close()
    }
  }

  /** Ends it; what was being said is forgotten. */
  async stop(): Promise<void> {
    if (this.#state.phase === 'off') return
    this.#set({ phase: 'off' })
    await this.#close()
  }

  /** Ends it when what is being said has been heard, at once when that is nothing. */
  async finish(): Promise<void> {
    const line = this.#line
    if (line && this.#openTurns > 0) this.#fallSilent(line, 'wanted')
    else await this.stop()
  }

  /** Hears the turn again that could not be heard for a fault. */
  async again(): Promise<void> {
    const line = this.#line
    if (this.#state.phase !== 'failed' || !line) return
    this.#set({ phase: 'writing', partial: '' })
    this.#openTurns++
    try {
      await line.again()
    } catch (error) {
      this.#fail(line, error)
    }
  }

  #follow(event: HandsFreeEvent): void {
    const { speaker } = this.#options
    const partial = 'partial' in this.#state ? this.#state.partial : ''
    switch (event.type) {
      case 'onset':
        this.#openTurns++
        speaker.pause()
        break
      case 'noise':
        // The learner may have begun to speak again before it was known what the turn before was.
        if (this.#closeTurn() > 0) break
        speaker.resume()
        this.#set({ phase: 'quiet', note: null })
        break
      case 'speaking':
        this.#set({ phase: 'hearing', partial: this.#state.phase === 'writing' ? '' : partial })
        break
      case 'partial':
        speaker.stop()
        this.#set(
          this.#state.phase === 'pausing'
            ? { ...this.#state, partial: event.text }
            : { phase: 'hearing', partial: event.text },
        )
        break
      case 'pausing':
        this.#set({ phase: 'pausing', partial, unfinished: false })
        break
      case 'waiting':
        this.#set({ phase: 'pausing', partial, unfinished: true })
        break
      case 'ended':
        this.#set({ phase: 'writing', partial })
        break
      case 'turn':
        this.#closeTurn()
        speaker.stop()
        if (this.#state.phase === 'writing') this.#set({ phase: 'quiet', note: null })
        this.#onTurn(event.transcript)
        break
      case 'nothing':
        if (this.#closeTurn() > 0) break
        speaker.resume()
        this.#set({ phase: 'quiet', note: event.clipped ? 'clipped' : 'nothing' })
        break
      case 'failed':
        this.#closeTurn()
        speaker.stop()
        this.#set({ phase: 'failed', failure: event.error, canHearAgain: true })
        break
      case 'muted':
        if (this.#state.phase === 'quiet') this.#set({ phase: 'quiet', note: 'muted' })
        break
    }
  }

  /** @returns how many are still open */
  #closeTurn(): number {
    this.#openTurns = Math.max(0, this.#openTurns - 1)
    return this.#openTurns
  }

  /** Silence takes the place of the microphone, until the turn has ended that was being said. */
  #fallSilent(line: Line, why: ScreenFault | 'wanted'): void {
    if (this.#line !== line || this.#over !== undefined) return
    this.#over = why
    line.fallSilent((error) => this.#fail(line, error))
    this.#endIfOver(line)
  }

  #endIfOver(line: Line): void {
    // A turn that could not be heard can still be heard again.
    if (this.#over === undefined || this.#openTurns > 0 || this.#state.phase === 'failed') return
    if (this.#over === 'wanted') void this.stop()
    else this.#fail(line, this.#over)
  }

  #fail(line: Line, error: unknown): void {
    if (this.#line !== line) return
    const failure = toFailure(error)
    // Where the learner said "not now", it is off.
    const isRefused = failure.code === 'cancelled' && this.#state.phase === 'opening'
    this.#set(isRefused ? { phase: 'off' } : { phase: 'failed', failure, canHearAgain: false })
    void this.#close()
  }

  async #close(): Promise<void> {
    const line = this.#line
    this.#line = undefined
    this.#openTurns = 0
    this.#over = undefined
    this.#level = 0
    this.#options.speaker.resume()
    await line?.close()
  }

  #set(state: HandsFreeState): void {
    this.#state = state
    for (const listener of [...this.#listeners]) listener()
  }
}

/** Longer than any turn waits for its end: 2.5 times the longest pause of Settings, 3 s. */
const SILENCE_SECONDS = 8

/** The microphone's line to the core. */
class Line {
  readonly #procedures: Client['handsFree']
  readonly #stop = new AbortController()
  #microphone: Microphone | undefined
  #id: string | undefined
  #spoken: string | null = null

  constructor(procedures: Client['handsFree']) {
    this.#procedures = procedures
  }

  async begin(microphone: Microphone): Promise<void> {
    this.#microphone = microphone
    const { id } = await this.#procedures.open({ sampleRate: microphone.sampleRate })
    this.#id = id
  }

  push(pcm: Int16Array<ArrayBuffer>, onFault: (error: unknown) => void): void {
    const id = this.#id
    if (id !== undefined && !this.#stop.signal.aborted)
      this.#procedures.push({ id, pcm: new Blob([pcm]) }).catch(onFault)
  }

  /** As if nothing were said any more, for longer than any turn waits. The microphone is free. */
  fallSilent(onFault: (error: unknown) => void): void {
    const microphone = this.#microphone
    void microphone?.close().then(() => this.push(new Int16Array(microphone.sampleRate * SILENCE_SECONDS), onFault))
  }

  events(): Promise<AsyncIterable<HandsFreeEvent>> {
    return this.#procedures.events({ id: this.#id as string }, { signal: this.#stop.signal })
  }

  tellSpoken(sentence: string | null): void {
    if (this.#id === undefined || sentence === this.#spoken) return
    this.#spoken = sentence
    // Without it an echo may be taken for the learner's words; a lost line is told by what follows the microphone.
    this.#procedures.speaking({ id: this.#id, sentence }).catch(() => undefined)
  }

  async again(): Promise<void> {
    if (this.#id !== undefined) await this.#procedures.again({ id: this.#id })
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#microphone?.close()
    // The core ends it as well when its line is lost.
    if (this.#id !== undefined) await this.#procedures.close({ id: this.#id }).catch(() => undefined)
  }
}
