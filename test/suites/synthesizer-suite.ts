import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Synthesizer } from '../../src-core/models/index.ts'

export interface OpenedSynthesizer {
  synthesizer: Synthesizer
  close(): Promise<void>
}

/** What every synthesizer must do. */
export function synthesizerSuite(name: string, open: () => Promise<OpenedSynthesizer>): void {
  describe(`${name} is a synthesizer`, () => {
    let opened: OpenedSynthesizer
    const say = (text: string, signal?: AbortSignal) => opened.synthesizer.synthesize(text, signal ? { signal } : {})

    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    it('speaks: samples in range, loud enough, about as long as the words take', async () => {
      const { samples, sampleRate } = await say('Good morning. What would you like to learn today?')
      const seconds = samples.length / sampleRate
      expect(seconds).toBeGreaterThan(1.5)
      expect(seconds).toBeLessThan(8)
      const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
      expect(loudest).toBeGreaterThan(0.1)
      expect(loudest).toBeLessThanOrEqual(1)
    })

    it('says the same text the same way', async () => {
      expect(await say('Once more.')).toEqual(await say('Once more.'))
    })

    it('takes longer for more text', async () => {
      const short = await say('One sentence.')
      const long = await say('One sentence. And then another one, which is longer. It costs $3.50, or 20% of 17.5.')
      expect(long.samples.length).toBeGreaterThan(short.samples.length * 2)
    })

    it('has nothing to say where there are no words', async () => {
      for (const text of ['', ' \n\t', '😀🎉', '...!?', '\u0000\u0001', '\ud800']) {
        const { samples, sampleRate } = await say(text)
        expect(samples).toHaveLength(0)
        expect(sampleRate).toBeGreaterThan(0)
      }
    })

    it('passes over what it cannot say', async () => {
      for (const text of [
        'Hello 😀 there',
        'naïve café',
        '<b>bold</b> & "quoted" `code`',
        '-o /etc/passwd',
        'a\u0000b',
      ]) {
        expect((await say(text)).samples.length).toBeGreaterThan(1_000)
      }
    })

    it('stops when it is told to', async () => {
      await expect(say('Never said.', AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' })
      const stop = new AbortController()
      const running = say('A long story. '.repeat(500), stop.signal)
      stop.abort()
      await expect(running).rejects.toMatchObject({ code: 'cancelled' })
    })
  })
}
