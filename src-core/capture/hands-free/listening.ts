import { Channel, isLvaError, type LvaError, toLvaError } from '../../kernel/index.ts'
import { resampled, SPEECH_RATE, VOICE_FRAME, type VoiceState, writeWav } from '../../models/index.ts'
import { pcmSamples } from '../pcm.ts'
import { isFinished } from './finished.ts'
import { OwnVoice } from './own-voice.ts'
import { hasNoWords, TurnHearing } from './turn-hearing.ts'
import { FRAME_SECONDS, type TurnSign, TurnTaking } from './turn-taking.ts'
import type { HandsFreeEvent, HandsFreeServices } from './types.ts'

/** Sound before the onset that belongs to the turn, and sound after its end, in seconds. */
const BEFORE = 0.5
const AFTER = 0.3
/** Digital silence after which the microphone is probably muted, in seconds. */
const MUTED = 30

/** One hands-free conversation, from the first sound of the microphone to the last (docs/voice.md §1, §2). */
export class Listening {
  readonly events = new Channel<HandsFreeEvent>()
  readonly #services: HandsFreeServices
  readonly #pieces = new Channel<Float32Array<ArrayBuffer>>()
  readonly #taking: TurnTaking
  readonly #own = new OwnVoice()
  /** The last frames of quiet, which belong to a turn that begins. */
  #before: Float32Array<ArrayBuffer>[] = []
  #frames = 0
  #silentFrames = 0
  #isSpoken = false
  #spokenUntil = Number.NEGATIVE_INFINITY
  #turn: TurnHearing | undefined
  readonly #finishing = new Set<TurnHearing>()
  #failed: { turn: TurnHearing; end: number } | undefined
  #closed = false

  constructor(sampleRate: number, pause: number, services: HandsFreeServices) {
    this.#services = services
    this.#taking = new TurnTaking({ pause })
    this.#listen(sampleRate).catch((error: unknown) => {
      if (!this.#closed) this.events.fail(toLvaError(error))
    })
  }

  /** @param pcm 16-bit little-endian samples, mono */
  push(pcm: Uint8Array): void {
    this.#pieces.push(pcmSamples(pcm))
  }

  /** The sentence that is now being spoken to the learner; null when there is silence. */
  speak(sentence: string | null): void {
    if (sentence === null && this.#isSpoken) this.#spokenUntil = this.#second
    this.#isSpoken = sentence !== null
    this.#taking.setSpoken(this.#isSpoken)
    if (sentence === null) this.#own.silence(this.#second)
    else this.#own.speak(sentence, this.#second)
  }

  /** Hears the last turn again that could not be heard for a fault. */
  again(): void {
    const failed = this.#failed
    this.#failed = undefined
    if (failed) void this.#finish(failed.turn, failed.end, 0)
  }

  close(): void {
    this.#closed = true
    this.#turn?.stop()
    for (const turn of this.#finishing) turn.stop()
    this.#pieces.end()
    this.events.end()
  }

  get #second(): number {
    return this.#frames * FRAME_SECONDS
  }

  async #listen(sampleRate: number): Promise<void> {
    let state: VoiceState | null = null
    let rest: Float32Array<ArrayBuffer> = new Float32Array()
    for await (const piece of resampled(this.#pieces, sampleRate, SPEECH_RATE)) {
      const samples = new Float32Array(rest.length + piece.length)
      samples.set(rest)
      samples.set(piece, rest.length)
      const whole = samples.length - (samples.length % VOICE_FRAME)
      rest = samples.slice(whole)
      if (whole === 0) continue
      const frames = samples.slice(0, whole)
      const sensed = await this.#services.detector.detect(frames, state)
      if (this.#closed) return
      state = sensed.state
      for (const [index, probability] of sensed.probabilities.entries()) {
        this.#hearFrame(frames.slice(index * VOICE_FRAME, (index + 1) * VOICE_FRAME), probability)
      }
    }
  }

  #hearFrame(frame: Float32Array<ArrayBuffer>, probability: number): void {
    this.#frames++
    this.#watchSilence(frame)
    if (this.#turn) this.#turn.append(frame)
    else {
      this.#before.push(frame)
      if (this.#before.length > Math.ceil(BEFORE / FRAME_SECONDS)) this.#before.shift()
    }
    for (const sign of this.#taking.hear(probability)) this.#follow(sign)
    const turn = this.#turn
    if (turn && this.#taking.phase === 'speaking' && turn.isPartialDue) void this.#hearSoFar(turn)
  }

  #follow(sign: TurnSign): void {
    switch (sign.type) {
      case 'onset':
        this.#turn = new TurnHearing(this.#second - this.#before.length * FRAME_SECONDS, this.#services.transcriber)
        for (const frame of this.#before.splice(0)) this.#turn.append(frame)
        this.events.push({ type: 'onset' })
        break
      case 'noise':
        this.#drop({ type: 'noise', ours: false })
        break
      case 'speaking':
      case 'resumed':
        this.events.push({ type: 'speaking' })
        break
      case 'pausing':
        this.events.push({ type: 'pausing' })
        if (this.#turn) void this.#hearSoFar(this.#turn)
        break
      case 'ended': {
        const turn = this.#turn
        this.#turn = undefined
        if (turn) void this.#finish(turn, sign.second - turn.start, this.#second - sign.second)
        break
      }
    }
  }

  /** Hears the words so far: to show them, to tell whether the sentence is finished, and whether it is our own voice. */
  async #hearSoFar(turn: TurnHearing): Promise<void> {
    const isPause = this.#taking.phase === 'pausing'
    const before = turn.text
    try {
      const text = await turn.hear()
      if (this.#turn !== turn) return
      if (this.#isOurs(turn, text)) {
        // What may be ours is neither shown, which would end the answer, nor dropped before there is enough of it.
        if (this.#own.isTelling(text)) {
          this.#taking.wasOurs()
          this.#drop({ type: 'noise', ours: true })
        } else if (isPause && this.#taking.phase === 'pausing') this.#understand(text)
        return
      }
      if (text !== '' && text !== before) this.events.push({ type: 'partial', text })
      if (isPause && this.#taking.phase === 'pausing') this.#understand(text)
    } catch (error) {
      // Words shown while speaking are a courtesy: the end of the turn hears everything again and says what is wrong.
      if (!hasNoWords(error) && !isLvaError(error, 'cancelled'))
        this.#services.log.warn({ error }, 'words so far could not be heard')
    }
  }

  #understand(text: string): void {
    const finished = isFinished(text)
    this.#taking.understood(finished)
    if (!finished) this.events.push({ type: 'waiting', seconds: this.#taking.wait })
  }

  #isOurs(turn: TurnHearing, text: string): boolean {
    const begunOver = this.#isSpoken || turn.start <= this.#spokenUntil + BEFORE
    return begunOver && this.#own.isOurs(text, turn.start)
  }

  #drop(event: HandsFreeEvent): void {
    this.#turn?.stop()
    this.#turn = undefined
    this.events.push(event)
  }

  /** Keeps the sound of a whole turn and tells its words. @param waited seconds of silence that ended it */
  async #finish(turn: TurnHearing, voiceEnd: number, waited: number): Promise<void> {
    const { clock } = this.#services
    const end = Math.min(turn.seconds, voiceEnd + AFTER)
    const began = clock.monotonic()
    this.events.push({ type: 'ended' })
    this.#finishing.add(turn)
    try {
      const transcript = await turn.finish(voiceEnd)
      if (this.#closed) return
      if (transcript.text === '') return void this.events.push({ type: 'nothing', clipped: turn.isClipped })
      if (this.#isOurs(turn, transcript.text)) {
        this.#taking.beHarder()
        return void this.events.push({ type: 'noise', ours: true })
      }
      const audioSha256 = await this.#keep(turn, end)
      const recogniseMs = clock.monotonic() - began
      this.events.push({ type: 'turn', transcript: { ...transcript, audioSha256 }, waited, recogniseMs })
    } catch (error) {
      if (hasNoWords(error)) this.events.push({ type: 'nothing', clipped: turn.isClipped })
      else this.#fail(turn, voiceEnd, toLvaError(error))
    } finally {
      this.#finishing.delete(turn)
    }
  }

  #fail(turn: TurnHearing, end: number, error: LvaError): void {
    if (this.#closed) return
    this.#failed = { turn, end }
    this.events.push({ type: 'failed', error })
  }

  async #keep(turn: TurnHearing, end: number): Promise<string | null> {
    const { blobs, keepsRecordings } = this.#services
    if (!(await keepsRecordings()) || this.#closed) return null
    return blobs.put(writeWav({ samples: turn.samples(end), sampleRate: SPEECH_RATE }))
  }

  #watchSilence(frame: Float32Array): void {
    this.#silentFrames = frame.every((sample) => sample === 0) ? this.#silentFrames + 1 : 0
    if (this.#silentFrames === Math.round(MUTED / FRAME_SECONDS)) this.events.push({ type: 'muted' })
  }
}
