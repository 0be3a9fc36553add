import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isLvaError } from '../src-core/kernel/index.ts'
import { createTranscriber, openMoonshine, readWav, resample, SPEECH_RATE } from '../src-core/models/index.ts'
import { bench, rounded } from './harness.ts'
import { wordErrors, wordsOf } from './word-errors.ts'

/** A line of `manifest.jsonl`. */
interface Clip {
  file: string
  text: string
  /** Another way in which the same words may be written. */
  textAlt?: string
}

/** A clip in which nothing was understood counts as one whose words are all missing. */
function withoutWords(error: unknown): string {
  if (isLvaError(error, 'audio-silent') || isLvaError(error, 'speech-not-understood')) return ''
  throw error
}

await bench({
  name: 'speech',
  about: 'How fast and how well speech becomes text: real-time factor and word error rate (a fraction).',
  data: 'speech',
  async run({ data }) {
    const lines = (await readFile(join(data, 'manifest.jsonl'), 'utf8'))
      .split('\n')
      .filter((line) => line.trim() !== '')
    const clips = lines.map((line) => JSON.parse(line) as Clip)
    const transcriber = createTranscriber(await openMoonshine({ threads: 0 }))
    const table: { clip: string; seconds: number; rtf: number; words: number; errors: number }[] = []
    for (const clip of clips) {
      const start = performance.now()
      const sound = readWav(await readFile(join(data, 'wav', clip.file)), { maxSeconds: 3_600 })
      const samples = await resample(sound.samples, sound.sampleRate, SPEECH_RATE)
      const text = await transcriber.transcribe(samples).then((transcript) => transcript.text, withoutWords)
      const seconds = samples.length / SPEECH_RATE
      const spent = (performance.now() - start) / 1_000
      const readings = [clip.text, clip.textAlt ?? clip.text].map(wordsOf)
      const heard = wordsOf(text)
      const best = readings
        .map((words) => ({ words: words.length, errors: wordErrors(words, heard) }))
        .reduce((a, b) => (b.errors / b.words < a.errors / a.words ? b : a))
      table.push({ clip: clip.file, seconds: rounded(seconds, 2), rtf: rounded(spent / seconds, 3), ...best })
    }
    const sum = (of: (row: (typeof table)[number]) => number) => table.reduce((total, row) => total + of(row), 0)
    const seconds = sum((row) => row.seconds)
    const figures = {
      clips: table.length,
      seconds: rounded(seconds, 1),
      rtf: rounded(sum((row) => row.rtf * row.seconds) / seconds, 4),
      wer: rounded(sum((row) => row.errors) / sum((row) => row.words), 4),
    }
    const all = {
      clip: 'all',
      seconds: figures.seconds,
      rtf: figures.rtf,
      words: sum((row) => row.words),
      errors: sum((row) => row.errors),
    }
    return {
      figures,
      table: [...table, all],
      targets: [
        { figure: 'rtf', atMost: 0.2 },
        { figure: 'wer', atMost: 0.07 },
      ],
    }
  },
})
