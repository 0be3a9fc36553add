import { createTranscriber, openMoonshine } from '../src-core/models/index.ts'
import { bench, rounded } from './harness.ts'
import { hearClips } from './hear-clips.ts'

await bench({
  name: 'speech',
  about: 'How fast and how well speech becomes text: real-time factor and word error rate (a fraction).',
  data: 'speech',
  async run({ data }) {
    const clips = await hearClips(data, createTranscriber(await openMoonshine({ threads: 0 })))
    const table = clips.map(({ clip, seconds, spent, words, errors }) => ({
      clip,
      seconds: rounded(seconds, 2),
      rtf: rounded(spent / seconds, 3),
      words,
      errors,
    }))
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
