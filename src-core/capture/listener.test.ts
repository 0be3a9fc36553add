import { beforeEach, describe, expect, it } from 'vitest'
import { LvaError } from '../kernel/index.ts'
import { SPEECH_RATE, type Transcriber } from '../models/index.ts'
import { Listener } from './listener.ts'
import { PcmBuffer } from './pcm.ts'

/** Hears a segment in each run of seconds that are not silent; words in those that are loud. */
class SecondsTranscriber implements Transcriber {
  readonly id = 'seconds'
  /** Seconds that it was given each time. */
  readonly given: number[] = []

  async transcribe(samples: Float32Array) {
    const seconds = samples.length / SPEECH_RATE
    this.given.push(seconds)
    const segments: { start: number; end: number; text: string }[] = []
    let hasSound = false
    for (let second = 0; second < seconds; second++) {
      const level = samples[second * SPEECH_RATE + SPEECH_RATE / 2] ?? 0
      hasSound ||= level > 0
      if (level < 0.5) continue
      const last = segments.at(-1)
      if (last?.end === second) last.end = second + 1
      else segments.push({ start: second, end: second + 1, text: 'words' })
    }
    if (!hasSound) throw new LvaError('audio-silent', 'Silence.')
    if (segments.length === 0) throw new LvaError('speech-not-understood', 'No words.')
    return { text: segments.map(({ text }) => text).join(' '), seconds, segments, model: this.id, language: 'en' }
  }
}

const SILENCE = 0
const MURMUR = 0.1
const WORDS = 0.9

describe('Listener', () => {
  let audio: PcmBuffer
  let transcriber: SecondsTranscriber
  let listener: Listener
  const { signal } = new AbortController()

  beforeEach(() => {
    audio = new PcmBuffer(SPEECH_RATE)
    transcriber = new SecondsTranscriber()
    listener = new Listener(audio, transcriber)
  })

  /** The recording grows by so many seconds, and is heard after each. @returns what was heard last, or why nothing was */
  async function hearSeconds(count: number, level: number) {
    let heard: unknown
    for (let second = 0; second < count; second++) {
      audio.append(new Float32Array(SPEECH_RATE).fill(level))
      heard = await listener.hear(signal).catch((error: LvaError) => error.code)
    }
    return heard
  }

  it.each([
    ['silence', SILENCE, 'audio-silent'],
    ['sound without words', MURMUR, 'speech-not-understood'],
  ])('hears only the end of long %s again, and the words that come after it', async (_, level, code) => {
    expect(await hearSeconds(600, level)).toBe(code)
    expect(Math.max(...transcriber.given)).toBeLessThanOrEqual(30)
    expect(await hearSeconds(3, WORDS)).toEqual([{ start: 600, end: 603, text: 'words' }])
  })

  it('keeps what was said before a long pause and after it, each in its place', async () => {
    await hearSeconds(2, WORDS)
    expect(await hearSeconds(300, SILENCE)).toEqual([{ start: 0, end: 2, text: 'words' }])
    expect(Math.max(...transcriber.given)).toBeLessThanOrEqual(32)
    expect(await hearSeconds(4, WORDS)).toEqual([
      { start: 0, end: 2, text: 'words' },
      { start: 302, end: 306, text: 'words' },
    ])
  })

  it('hears the tail anew where the recogniser failed', async () => {
    const failing = { id: 'failing', transcribe: () => Promise.reject(new LvaError('model-process-down', 'Down.')) }
    audio.append(new Float32Array(40 * SPEECH_RATE).fill(WORDS))
    await expect(new Listener(audio, failing).hear(signal)).rejects.toMatchObject({ code: 'model-process-down' })
    expect(await listener.hear(signal)).toEqual([{ start: 0, end: 40, text: 'words' }])
  })
})
