import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isLvaError } from '../src-core/kernel/index.ts'
import { readWav, resample, SPEECH_RATE, type Transcriber } from '../src-core/models/index.ts'
import { wordErrors, wordsOf } from './word-errors.ts'

/** A line of `manifest.jsonl`. */
interface Clip {
  file: string
  text: string
  /** Another way in which the same words may be written. */
  textAlt?: string
}

/** How one clip was heard. */
export interface HeardClip {
  clip: string
  seconds: number
  /** Seconds that hearing it took. */
  spent: number
  words: number
  errors: number
  /** Words that were heard. */
  heard: number
}

/** Hears every clip of a folder with `manifest.jsonl` and `wav`; `alter` may change the sound, at `SPEECH_RATE`, before. */
export async function hearClips(
  folder: string,
  transcriber: Transcriber,
  alter: (samples: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer> = (samples) => samples,
): Promise<HeardClip[]> {
  const lines = (await readFile(join(folder, 'manifest.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '')
  const clips: HeardClip[] = []
  for (const { file, text, textAlt = text } of lines.map((line) => JSON.parse(line) as Clip)) {
    const start = performance.now()
    const sound = readWav(await readFile(join(folder, 'wav', file)), { maxSeconds: 3_600 })
    const samples = alter(await resample(sound.samples, sound.sampleRate, SPEECH_RATE))
    const heard = wordsOf(await transcriber.transcribe(samples).then((transcript) => transcript.text, withoutWords))
    const spent = (performance.now() - start) / 1_000
    const best = [text, textAlt]
      .map(wordsOf)
      .map((words) => ({ words: words.length, errors: wordErrors(words, heard) }))
      .reduce((a, b) => (b.errors / b.words < a.errors / a.words ? b : a))
    clips.push({ clip: file, seconds: samples.length / SPEECH_RATE, spent, heard: heard.length, ...best })
  }
  return clips
}

/** A clip in which nothing was understood counts as one whose words are all missing. */
function withoutWords(error: unknown): string {
  if (isLvaError(error, 'audio-silent') || isLvaError(error, 'speech-not-understood')) return ''
  throw error
}
