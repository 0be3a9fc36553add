import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seededRandom } from '../../src-core/kernel/index.ts'
import { SPEECH_RATE, type Transcriber } from '../../src-core/models/index.ts'

export interface OpenedTranscriber {
  transcriber: Transcriber
  close(): Promise<void>
}

/** What every transcriber must do. `speak` makes a voice saying a sentence, at `SPEECH_RATE`. */
export function transcriberSuite(
  name: string,
  open: () => Promise<OpenedTranscriber>,
  speak: (sentence: string) => Promise<Float32Array>,
): void {
  describe(`${name} is a transcriber`, () => {
    let opened: OpenedTranscriber
    let speech: Float32Array
    const transcribe = (samples: Float32Array, signal?: AbortSignal) =>
      opened.transcriber.transcribe(samples, signal ? { signal } : {})

    beforeAll(async () => {
      opened = await open()
      speech = await speak('The cell makes energy in its mitochondria.')
    })
    afterAll(() => opened.close())

    it('writes down what was said, and where', async () => {
      const before = speech.slice()
      const transcript = await transcribe(speech)
      expect(transcript.text).toMatch(/cell makes energy/i)
      expect(transcript.seconds).toBeCloseTo(speech.length / SPEECH_RATE, 5)
      expect(transcript.model).not.toBe('')
      expect(transcript.segments.map((segment) => segment.text).join(' ')).toBe(transcript.text)
      expect(speech).toEqual(before)
    })

    it('finds both of two sentences that are far apart, and their times', async () => {
      const gap = new Float32Array(SPEECH_RATE * 6)
      const second = await speak('Plants make sugar from light.')
      const { text, segments, seconds } = await transcribe(joined(speech, gap, second))
      expect(text).toMatch(/energy[\s\S]*sugar/i)
      expect(segments.length).toBeGreaterThanOrEqual(2)
      const last = segments.at(-1)
      expect(last?.start).toBeGreaterThan(speech.length / SPEECH_RATE + 4)
      for (const [index, segment] of segments.entries()) {
        expect(segment.start).toBeLessThan(segment.end)
        expect(segment.start).toBeGreaterThanOrEqual(segments[index - 1]?.end ?? 0)
      }
      expect(last?.end).toBeLessThanOrEqual(seconds)
    })

    it('hears a very quiet voice', async () => {
      expect((await transcribe(speech.map((sample) => sample * 0.005))).text).toMatch(/energy/i)
    })

    it('says that a recording without samples is empty', async () => {
      await expect(transcribe(new Float32Array())).rejects.toMatchObject({ code: 'audio-empty' })
    })

    it('says that silence is silence: digital, an offset, faint hiss', async () => {
      const random = seededRandom(5)
      const length = SPEECH_RATE * 3
      const hiss = Float32Array.from({ length }, () => (random.fraction() - 0.5) * 1e-3)
      for (const samples of [new Float32Array(length), new Float32Array(length).fill(0.3), hiss, new Float32Array(1)]) {
        await expect(transcribe(samples)).rejects.toMatchObject({ code: 'audio-silent' })
      }
    })

    it('invents no words for noise', async () => {
      const random = seededRandom(6)
      const white = Float32Array.from({ length: SPEECH_RATE * 4 }, () => (random.fraction() - 0.5) * 0.6)
      const bursts = white.map((sample, index) => (index % 16_000 < 5_000 ? sample : sample * 0.01))
      for (const samples of [white, bursts, white.subarray(0, 8_000)]) {
        const failure = await transcribe(samples).catch((error: unknown) => error)
        expect(failure).toMatchObject({ code: expect.stringMatching(/^(audio-silent|speech-not-understood)$/) })
      }
    })

    it('invents no words for what is heard in a room without a voice: keys, steps, a telephone', async () => {
      const random = seededRandom(7)
      const noise = () => random.fraction() * 2 - 1
      const tone = (hertz: number, second: number) => Math.sin(2 * Math.PI * hertz * second)
      const sounds: [seconds: number, sound: (second: number) => number][] = [
        [0.25, (second) => Math.exp(-second * 300) * noise() * 0.3],
        [0.8, (second) => Math.exp(-second * 12) * tone(90, second) * 0.5],
        [4, (second) => (second < 2 ? tone(440, second) * 0.2 + tone(880, second) * 0.1 : 0)],
      ]
      for (const [every, sound] of sounds) {
        const samples = Float32Array.from(
          { length: SPEECH_RATE * 20 },
          (_, index) => noise() * 0.001 + sound((index / SPEECH_RATE) % every),
        )
        const failure = await transcribe(samples).catch((error: unknown) => error)
        expect(failure).toMatchObject({ code: expect.stringMatching(/^(audio-silent|speech-not-understood)$/) })
      }
    })

    it('takes samples that are no numbers, or too large, as they can be', async () => {
      const broken = speech.slice()
      for (let index = 0; index < broken.length; index += 4_000) {
        broken[index] = Number.NaN
        broken[index + 1] = Number.POSITIVE_INFINITY
      }
      expect((await transcribe(broken)).text).toMatch(/energy/i)
      await expect(transcribe(new Float32Array(20_000).fill(Number.NaN))).rejects.toMatchObject({
        code: 'audio-silent',
      })
    })

    it('stops when it is told to', async () => {
      const stop = new AbortController()
      const running = transcribe(speech, stop.signal)
      stop.abort()
      await expect(running).rejects.toMatchObject({ code: 'cancelled' })
      await expect(transcribe(speech, AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
    })
  })
}

function joined(...parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
