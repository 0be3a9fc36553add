import type { Synthesizer } from '../types.ts'
import { FLITE_ID, FLITE_RATE, type Say } from './flite.ts'
import { spokenSentences } from './spoken-sentences.ts'
import { stopIfAborted } from './stop.ts'

/** Speech after which no further sentence is begun, in seconds. Who wants more asks for it piece by piece. */
const LONGEST_SPEECH = 600

/**
 * A synthesizer over a voice that says one sentence at a time; a signal stops it between two sentences. Any text works: what the voice
 * cannot say is left out, and when nothing is left the sound has no samples.
 */
export function createSynthesizer(say: (sentence: string, signal?: AbortSignal) => ReturnType<Say>): Synthesizer {
  return {
    id: FLITE_ID,
    async synthesize(text, { signal } = {}) {
      stopIfAborted(signal)
      const parts: Float32Array[] = []
      let length = 0
      for (const sentence of spokenSentences(text)) {
        const { samples } = await say(sentence, signal)
        stopIfAborted(signal)
        parts.push(samples)
        length += samples.length
        if (length >= LONGEST_SPEECH * FLITE_RATE) break
      }
      const samples = new Float32Array(length)
      let at = 0
      for (const part of parts) {
        samples.set(part, at)
        at += part.length
      }
      return { samples, sampleRate: FLITE_RATE }
    },
  }
}
