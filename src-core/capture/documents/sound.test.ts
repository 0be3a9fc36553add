import { expect, it } from 'vitest'
import { LvaError } from '../../kernel/index.ts'
import { SPEECH_RATE } from '../../models/index.ts'
import { createSoundReader, type HearsDocuments } from './sound.ts'
import type { DecodeSound, DocumentSource } from './types.ts'

/** Three stretches of a minute each; the samples of each are its number. */
const decode: DecodeSound = async (_, { onSound }) => {
  for (const number of [1, 2, 3]) await onSound(new Float32Array(60 * SPEECH_RATE).fill(number), 181)
}

function readerOf(hear: (stretch: number) => string | LvaError, maxSeconds = 3_600) {
  const transcriber: HearsDocuments = {
    id: 'test',
    whole: async () => undefined,
    by: async (id) => ({
      ...transcriber,
      transcribe: async () => ({
        text: id,
        seconds: 60,
        segments: [{ start: 0, end: 1, text: id }],
        model: id,
        language: null,
      }),
    }),
    transcribe: async ([stretch = 0]) => {
      const heard = hear(stretch)
      if (heard instanceof LvaError) throw heard
      return { text: heard, seconds: 60, segments: [{ start: 5, end: 9, text: heard }], model: 'test', language: 'en' }
    },
  }
  const steps: [number, number][] = []
  const read = createSoundReader(transcriber, decode, maxSeconds)
  const source: DocumentSource = { bytes: new Uint8Array(), format: 'audio', name: 'a.mp3' }
  const reading = read(source, {
    onProgress: (done, total) => void steps.push([done, total]),
    signal: new AbortController().signal,
  })
  return { reading, steps, source, read }
}

it('tells at which second of the whole each passage is heard, and how far it is', async () => {
  const { reading, steps } = readerOf((stretch) => `words ${stretch}`)
  const { text, blocks, heardBy } = await reading
  expect(heardBy).toBe('test')
  expect(blocks.map(({ start, end, place }) => [text.slice(start, end), place])).toEqual([
    ['words 1', { second: 5, endSecond: 9 }],
    ['words 2', { second: 65, endSecond: 69 }],
    ['words 3', { second: 125, endSecond: 129 }],
  ])
  expect(steps.at(0)).toEqual([0, 181])
  expect(steps.at(-1)).toEqual([180, 181])
})

it('goes on behind a stretch in which nothing is said', async () => {
  const silent = new LvaError('audio-silent', 'Silent.')
  expect((await readerOf((stretch) => (stretch === 2 ? silent : `words ${stretch}`)).reading).blocks).toHaveLength(2)
  await expect(readerOf(() => silent).reading).rejects.toMatchObject({ code: 'document-no-speech' })
})

it('refuses what is too long before it is heard, and passes on that the models are down', async () => {
  const { reading, steps } = readerOf(() => 'words', 180)
  await expect(reading).rejects.toMatchObject({ code: 'audio-too-long', params: { seconds: 181, maxSeconds: 180 } })
  expect(steps).toEqual([])
  const down = readerOf(() => new LvaError('model-process-down', 'Down.'))
  await expect(down.reading).rejects.toMatchObject({ code: 'model-process-down' })
})

it('is heard by the recogniser that is named, where one is', async () => {
  const { source, read } = readerOf(() => 'by Settings')
  const how = { onProgress: () => undefined, signal: new AbortController().signal }
  expect((await read({ ...source, recogniser: 'whisper-tiny' }, how)).text).toContain('whisper-tiny')
})
