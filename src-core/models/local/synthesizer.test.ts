import { expect, it } from 'vitest'
import { synthesizerSuite } from '../../../test/suites/synthesizer-suite.ts'
import { FLITE_RATE, openFlite } from './flite.ts'
import { createSynthesizer } from './synthesizer.ts'

synthesizerSuite('Flite', async () => ({
  synthesizer: createSynthesizer(await openFlite()),
  close: async () => undefined,
}))

it('speaks sentence by sentence, and of an endless text about ten minutes', async () => {
  const said: string[] = []
  const synthesizer = createSynthesizer(async (sentence) => {
    said.push(sentence)
    return { samples: new Float32Array(FLITE_RATE).fill(0.1), sampleRate: FLITE_RATE }
  })
  await synthesizer.synthesize('One. Two! Three?')
  expect(said).toEqual(['One.', 'Two!', 'Three?'])
  const { samples } = await synthesizer.synthesize('And so on. '.repeat(300_000))
  expect(samples.length / FLITE_RATE).toBe(600)
})
