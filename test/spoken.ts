import { createSynthesizer, openFlite, resample, SPEECH_RATE, type Synthesizer } from '../src-core/models/index.ts'

let voice: Promise<Synthesizer> | undefined

/** A sentence as sound at `SPEECH_RATE`, by the packaged voice: tests of speech need no recordings. */
export async function spoken(sentence: string): Promise<Float32Array> {
  voice ??= openFlite().then((say) => createSynthesizer(say))
  const { samples, sampleRate } = await (await voice).synthesize(sentence)
  return resample(new Float32Array(samples), sampleRate, SPEECH_RATE)
}
