import { isLvaError } from '../../kernel/index.ts'
import { readWav, resample, SPEECH_RATE, type Transcriber } from '../../models/index.ts'
import { assemble } from './assemble.ts'
import { notSupported } from './errors.ts'
import type { ReadDocument } from './types.ts'

/** Reads sound through the transcriber, which has a process of its own: what is said, with seconds. WAV so far. */
export function createSoundReader(transcriber: Transcriber, maxSeconds: number): ReadDocument {
  return async ({ bytes }, { onProgress, signal }) => {
    const sound = read(bytes, maxSeconds)
    const seconds = sound.samples.length / sound.sampleRate
    onProgress(0, seconds)
    const samples = await resample(sound.samples, sound.sampleRate, SPEECH_RATE)
    const { segments } = await transcriber.transcribe(samples, { signal })
    return assemble(
      '',
      null,
      segments.map(({ start, end, text }) => ({ kind: 'paragraph', text, place: { second: start, endSecond: end } })),
    )
  }
}

function read(bytes: Uint8Array, maxSeconds: number) {
  try {
    return readWav(bytes, { maxSeconds })
  } catch (error) {
    throw isLvaError(error, 'audio-not-audio') ? notSupported('audio') : error
  }
}
