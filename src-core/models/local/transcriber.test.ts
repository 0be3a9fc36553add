import { describe, expect, it } from 'vitest'
import { spoken } from '../../../test/spoken.ts'
import { transcriberSuite } from '../../../test/suites/transcriber-suite.ts'
import { seededRandom } from '../../kernel/index.ts'
import { type Heard, openMoonshine, SPEECH_RATE } from './moonshine.ts'
import { createTranscriber } from './transcriber.ts'

transcriberSuite(
  'Moonshine',
  async () => ({
    transcriber: createTranscriber(await openMoonshine({ threads: 0 })),
    close: async () => undefined,
  }),
  spoken,
)

describe('what it makes of a model', () => {
  /** Loud enough to be heard, with pauses: `seconds` of syllables. */
  const syllables = (seconds: number) =>
    Float32Array.from(
      { length: seconds * SPEECH_RATE },
      (_, index) => Math.sin(index / 5) * Math.max(0, Math.sin(index / 1_500)) * 0.3,
    )
  const sure = (text: string): Heard => ({ text, confidence: -0.05, lost: false, language: 'en' })

  it('hears a long recording window by window and puts the words together', async () => {
    const lengths: number[] = []
    const transcriber = createTranscriber(async (samples) => {
      lengths.push(samples.length / SPEECH_RATE)
      return sure(`part ${lengths.length}.`)
    })
    const { text, segments } = await transcriber.transcribe(syllables(60))
    expect(lengths.length).toBeGreaterThanOrEqual(3)
    expect(Math.max(...lengths)).toBeLessThanOrEqual(25)
    expect(text).toBe(lengths.map((_, index) => `part ${index + 1}.`).join(' '))
    expect(segments).toHaveLength(lengths.length)
  })

  it('hears the halves of a window in which the model lost its way', async () => {
    const lengths: number[] = []
    const transcriber = createTranscriber(async (samples) => {
      const seconds = samples.length / SPEECH_RATE
      lengths.push(seconds)
      return seconds > 8 ? { text: 'and and and', confidence: -0.1, lost: true, language: 'en' } : sure('clear')
    })
    const { text, segments } = await transcriber.transcribe(syllables(14))
    expect(text).not.toMatch(/and/)
    expect(segments.at(-1)?.end).toBeCloseTo(14, 0)
    expect(lengths.length).toBeGreaterThanOrEqual(3)
  })

  it('does not cut for ever: what is lost in a short window is kept as it is', async () => {
    let calls = 0
    const transcriber = createTranscriber(async () => {
      calls++
      return { text: 'well', confidence: -0.1, lost: true, language: 'en' }
    })
    expect((await transcriber.transcribe(syllables(24))).text).toMatch(/^well( well)+$/)
    expect(calls).toBeLessThan(20)
  })

  it('drops what the model itself holds for unlikely, or what has no letters', async () => {
    for (const heard of [{ ...sure('thanks for watching'), confidence: -3 }, sure(''), sure(' ... ')]) {
      const transcriber = createTranscriber(async () => heard)
      await expect(transcriber.transcribe(syllables(3))).rejects.toMatchObject({ code: 'speech-not-understood' })
    }
  })

  it('asks no model about minutes in which only air is heard, however loud, so that none can make words of them', async () => {
    const random = seededRandom(8)
    const minute = Float32Array.from({ length: 60 * SPEECH_RATE }, () => random.fraction() - 0.5)
    let calls = 0
    const transcriber = createTranscriber(async () => {
      calls++
      return sure('Thank you.')
    })
    for (const level of [0, 0.0005, 0.004, 0.05]) {
      const room = minute.map((sample) => sample * level)
      await expect(transcriber.transcribe(room)).rejects.toMatchObject({ code: 'audio-silent' })
    }
    expect(calls).toBe(0)
  })

  it('stops between two windows', async () => {
    const stop = new AbortController()
    let calls = 0
    const transcriber = createTranscriber(async () => {
      calls++
      stop.abort()
      return sure('one')
    })
    const running = transcriber.transcribe(syllables(60), { signal: stop.signal })
    await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    expect(calls).toBe(1)
  })

  it('makes a quiet window louder and leaves a loud one alone', async () => {
    const peaks: number[] = []
    const transcriber = createTranscriber(async (samples) => {
      peaks.push(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0))
      return sure('yes')
    })
    await transcriber.transcribe(syllables(3))
    await transcriber.transcribe(syllables(3).map((sample) => sample * 0.02))
    expect(peaks[0]).toBeCloseTo(0.3, 1)
    expect(peaks[1]).toBeGreaterThan(0.02)
  })
})
