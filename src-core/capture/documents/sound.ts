import { isLvaError } from '../../kernel/index.ts'
import { audioTooLong, type ChosenTranscriber, SPEECH_RATE, type Transcriber } from '../../models/index.ts'
import { assemble } from './assemble.ts'
import { noSpeech } from './errors.ts'
import type { DecodeSound, RawBlock, ReadDocument } from './types.ts'

/** Hears by the recogniser of Settings, or by one that is named. */
export interface HearsDocuments extends ChosenTranscriber {
  /** @throws LvaError model-not-there */
  by(id: string): Promise<Transcriber>
}

/** What a stretch without words is: no reason to give up the others. */
const WITHOUT_WORDS = ['audio-empty', 'audio-silent', 'speech-not-understood'] as const

/**
 * Reads sound: the documents process decodes it, a stretch after the other, and the transcriber, which has a process of its own, hears what
 * is said, with seconds.
 */
export function createSoundReader(ear: HearsDocuments, decode: DecodeSound, maxSeconds: number): ReadDocument {
  return async ({ bytes, recogniser }, { onProgress, signal }) => {
    const blocks: RawBlock[] = []
    const models = new Set<string>()
    let heard = 0
    const transcriber = recogniser === undefined ? ((await ear.whole()) ?? ear) : await ear.by(recogniser)
    await decode(bytes, {
      signal,
      onSound: async (samples, seconds) => {
        const end = heard + samples.length / SPEECH_RATE
        const whole = Math.max(end, seconds)
        if (whole > maxSeconds) throw audioTooLong(whole, maxSeconds)
        onProgress(Math.round(heard), Math.round(whole))
        const transcript = await transcriptOf(transcriber, samples, signal)
        if (transcript) models.add(transcript.model)
        for (const { start, end: stop, text } of transcript?.segments ?? []) {
          blocks.push({ kind: 'paragraph', text, place: { second: heard + start, endSecond: heard + stop } })
        }
        heard = end
        onProgress(Math.round(heard), Math.round(whole))
      },
    })
    if (blocks.length === 0) throw noSpeech()
    return { ...assemble('', null, blocks), heardBy: [...models].join(', ') }
  }
}

/** @returns undefined for a stretch without words */
async function transcriptOf(transcriber: Transcriber, samples: Float32Array, signal: AbortSignal) {
  try {
    return await transcriber.transcribe(samples, { signal })
  } catch (error) {
    if (WITHOUT_WORDS.some((code) => isLvaError(error, code))) return undefined
    throw error
  }
}
