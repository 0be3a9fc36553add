import { Channel, type Clock, isLvaError, type Log, LvaError, type NewId, toLvaError } from '../kernel/index.ts'
import {
  audioTooLong,
  type ChosenTranscriber,
  readWav,
  resample,
  type Sound,
  SPEECH_RATE,
  type Transcript,
  writeWav,
} from '../models/index.ts'
import type { BlobStore } from '../store/index.ts'
import type { DecodeSound } from './documents/index.ts'
import { Listener } from './listener.ts'
import { PcmBuffer } from './pcm.ts'

/** New sound after which the transcript so far is made anew, in seconds. */
const PARTIAL_EVERY = 1
/** A recording into which nothing has come for so long was abandoned, in milliseconds. */
const ABANDONED_AFTER = 120_000
/** Recordings that may be open at once. */
const MAX_OPEN = 8

/** What the decoder says of files that are no sound. */
const NO_SOUND = ['document-damaged', 'document-not-supported', 'document-no-speech'] as const

/** What hearing it again would not change. */
const HEARD_FOR_GOOD = ['audio-empty', 'audio-silent', 'speech-not-understood'] as const

export interface RecordingServices {
  blobs: Pick<BlobStore, 'put' | 'get'>
  transcriber: ChosenTranscriber
  /** Decodes what is no WAV file. */
  decode: DecodeSound
  /** Whether the learner keeps recordings beside their transcript. */
  keepsRecordings(): Promise<boolean>
  maxSeconds: number
  clock: Clock
  newId: NewId
  log: Log
}

/** What was heard, and where the recording is kept (null when the learner keeps none). */
export type KeptTranscript = Transcript & { audioSha256: string | null }

interface OpenRecording {
  audio: PcmBuffer
  listener: Listener
  partials: Channel<string>
  lastPartial: string
  lastTouched: number
  /** Seconds of the recording when it was last heard. */
  heardAt: number
  hearing: Promise<void> | undefined
  readonly stop: AbortController
}

/** Recordings from the microphone, piece by piece, and from files. */
export class Recordings {
  readonly #services: RecordingServices
  readonly #open = new Map<string, OpenRecording>()

  constructor(services: RecordingServices) {
    this.#services = services
  }

  /**
   * Opens a recording of 16-bit PCM, mono.
   * @param sampleRate samples a second
   */
  async start(sampleRate: number): Promise<string> {
    this.#dropAbandoned()
    if (this.#open.size >= MAX_OPEN) {
      throw new LvaError('bad-input', 'Too many recordings are open at once.', {
        advice: 'Finish or cancel one of them first.',
      })
    }
    const { clock, newId, transcriber } = this.#services
    const audio = new PcmBuffer(sampleRate)
    const id = newId()
    this.#open.set(id, {
      audio,
      listener: new Listener(audio, transcriber),
      partials: new Channel(),
      lastPartial: '',
      lastTouched: clock.monotonic(),
      heardAt: 0,
      hearing: undefined,
      stop: new AbortController(),
    })
    return id
  }

  /** @throws LvaError not-found, audio-too-long (the recording up to the limit can still be finished) */
  async push(id: string, pcm: Uint8Array): Promise<void> {
    const recording = this.#get(id)
    const { clock, maxSeconds } = this.#services
    if (recording.audio.seconds >= maxSeconds) throw audioTooLong(recording.audio.seconds, maxSeconds)
    recording.lastTouched = clock.monotonic()
    recording.audio.push(pcm)
    if (recording.hearing || recording.audio.seconds - recording.heardAt < PARTIAL_EVERY) return
    recording.hearing = this.#hearPartial(recording).finally(() => {
      recording.hearing = undefined
    })
  }

  /** The transcript so far, each time it changes, until the recording is finished or cancelled. */
  async *partials(id: string, signal?: AbortSignal): AsyncGenerator<string> {
    const recording = this.#get(id)
    const end = () => recording.partials.end()
    signal?.addEventListener('abort', end, { once: true })
    try {
      yield* recording.partials
    } finally {
      signal?.removeEventListener('abort', end)
    }
  }

  /**
   * Ends a recording: keeps the sound first, then hears the rest of it. When hearing fails and the learner keeps no recordings, the
   * recording stays open, in memory, so that it can be finished again.
   * @throws LvaError audio-empty, audio-silent, speech-not-understood, model-process-down; `params` then names the kept sound
   *   (`audioSha256`) or the recording that is still open (`recordingId`)
   */
  async finish(id: string, signal?: AbortSignal): Promise<KeptTranscript> {
    const recording = this.#get(id)
    this.#open.delete(id)
    recording.stop.abort(new DOMException('The recording was finished.', 'AbortError'))
    recording.partials.end()
    await recording.hearing
    const { audio, listener } = recording
    const sound = { samples: audio.from(0), sampleRate: audio.sampleRate }
    try {
      return await this.#keepAndHear(sound, async (speech) => {
        const whole = await this.#services.transcriber.whole()
        if (whole) return whole.transcribe(speech.samples, signal ? { signal } : {})
        const segments = await listener.hear(signal ?? new AbortController().signal)
        return {
          text: segments.map((segment) => segment.text).join(' '),
          seconds: audio.seconds,
          segments,
          ...listener.heardBy,
        }
      })
    } catch (error) {
      const known = toLvaError(error)
      if (known.params.audioSha256 !== undefined || HEARD_FOR_GOOD.some((code) => code === known.code)) throw known
      recording.lastTouched = this.#services.clock.monotonic()
      this.#open.set(id, recording)
      throw withParams(known, { recordingId: id })
    }
  }

  async cancel(id: string): Promise<void> {
    const recording = this.#open.get(id)
    if (!recording) return
    this.#open.delete(id)
    this.#drop(recording)
    await recording.hearing
  }

  /**
   * Keeps and hears a whole recording: WAV, MP3, M4A, AAC, Ogg, WebM or FLAC.
   * @throws LvaError audio-empty, audio-not-audio, audio-too-long, and what `finish` throws
   */
  async transcribe(file: Uint8Array, signal?: AbortSignal): Promise<KeptTranscript> {
    const isWav = Buffer.from(file.subarray(0, 4)).toString('latin1') === 'RIFF'
    const { maxSeconds } = this.#services
    const sound = isWav || file.length === 0 ? readWav(file, { maxSeconds }) : await this.#decoded(file, signal)
    return this.#keepAndHear(sound, async (speech) =>
      ((await this.#services.transcriber.whole()) ?? this.#services.transcriber).transcribe(
        speech.samples,
        signal ? { signal } : {},
      ),
    )
  }

  async #decoded(file: Uint8Array, signal: AbortSignal | undefined): Promise<Sound> {
    const { decode, maxSeconds } = this.#services
    const pieces = new PcmBuffer(SPEECH_RATE)
    const decoding = decode(file, {
      signal: signal ?? new AbortController().signal,
      async onSound(samples, seconds) {
        pieces.append(Float32Array.from(samples))
        const whole = Math.max(pieces.seconds, seconds)
        if (whole > maxSeconds) throw audioTooLong(whole, maxSeconds)
      },
    })
    await decoding.catch((error: unknown) => {
      throw NO_SOUND.some((code) => isLvaError(error, code)) ? notSound(error) : error
    })
    return { samples: pieces.from(0), sampleRate: SPEECH_RATE }
  }

  /** A kept recording as a WAV file. @throws LvaError not-found */
  read(sha256: string): Promise<Uint8Array> {
    return this.#services.blobs.get(sha256)
  }

  /** Drops what is open; nothing of it was acknowledged. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.cancel(id)))
  }

  async #keepAndHear(sound: Sound, hear: (speech: Sound) => Promise<Transcript>): Promise<KeptTranscript> {
    const { blobs, keepsRecordings } = this.#services
    const speech = { samples: await resample(sound.samples, sound.sampleRate, SPEECH_RATE), sampleRate: SPEECH_RATE }
    const isKept = speech.samples.length > 0 && (await keepsRecordings())
    const audioSha256 = isKept ? await blobs.put(writeWav(speech)) : null
    try {
      return { ...(await hear(speech)), audioSha256 }
    } catch (error) {
      const known = toLvaError(error)
      throw audioSha256 === null ? known : withParams(known, { audioSha256 })
    }
  }

  async #hearPartial(recording: OpenRecording): Promise<void> {
    recording.heardAt = recording.audio.seconds
    try {
      const segments = await recording.listener.hear(recording.stop.signal)
      const text = segments.map((segment) => segment.text).join(' ')
      if (text === recording.lastPartial || recording.stop.signal.aborted) return
      recording.lastPartial = text
      recording.partials.push(text)
    } catch (error) {
      // The words so far are a courtesy: `finish` hears everything again and says what is wrong.
      if (
        recording.stop.signal.aborted ||
        isLvaError(error, 'audio-silent') ||
        isLvaError(error, 'speech-not-understood')
      )
        return
      this.#services.log.warn({ error }, 'a partial transcript failed')
    }
  }

  #dropAbandoned(): void {
    const now = this.#services.clock.monotonic()
    for (const [id, recording] of this.#open) {
      if (now - recording.lastTouched < ABANDONED_AFTER) continue
      this.#open.delete(id)
      this.#drop(recording)
    }
  }

  #drop(recording: OpenRecording): void {
    recording.stop.abort(new DOMException('The recording was cancelled.', 'AbortError'))
    recording.partials.end()
  }

  #get(id: string): OpenRecording {
    const recording = this.#open.get(id)
    if (!recording) {
      throw new LvaError('not-found', 'This recording is not open any more.', { advice: 'Start a new recording.' })
    }
    return recording
  }
}

function notSound(cause: unknown): LvaError {
  return new LvaError('audio-not-audio', 'This file is no recording that can be read.', {
    advice: 'Use WAV, MP3, M4A, AAC, Ogg, WebM or FLAC.',
    cause,
  })
}

function withParams(error: LvaError, params: LvaError['params']): LvaError {
  const { code, message, advice } = error
  return new LvaError(code, message, { advice, params: { ...error.params, ...params }, cause: error })
}
