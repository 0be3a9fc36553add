import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { WhisperFeatureExtractor } from '@xenova/transformers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hum, SMALL_WHISPER_SAYS, writeSmallWhisper } from '../../../test/models/small-whisper.ts'
import { spoken } from '../../../test/spoken.ts'
import { createTranscriber } from './transcriber.ts'
import { openWhisper, WHISPER_FILES, type WhisperPlace } from './whisper.ts'
import { WHISPER_BANDS, WHISPER_FRAMES, whisperFeatures } from './whisper-features.ts'

describe('the features of sound', () => {
  const reference = new WhisperFeatureExtractor({
    feature_size: WHISPER_BANDS,
    hop_length: 160,
    n_fft: 400,
    n_samples: 480_000,
    nb_max_frames: WHISPER_FRAMES,
    sampling_rate: 16_000,
    chunk_length: 30,
    padding_value: 0,
  })

  it.each([
    ['speech', () => spoken('Tell me what I said about plants and the light of the sun.')],
    ['a tone', async () => hum(440, 3)],
    ['a click', async () => Float32Array.of(1)],
    ['more than a window', async () => hum(440, 31)],
  ])('are those that transformers.js makes of %s', async (_, make) => {
    const samples = await make()
    const { input_features } = await reference(samples)
    const expected = input_features.data as Float32Array
    const found = whisperFeatures(samples)
    expect(found.length).toBe(expected.length)
    const furthest = found.reduce((most, value, index) => Math.max(most, Math.abs(value - (expected[index] ?? 0))), 0)
    expect(furthest).toBeLessThan(1e-3)
  })
})

describe('a downloaded Whisper', () => {
  let folder: string
  let place: WhisperPlace
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lva-whisper-'))
    place = await writeSmallWhisper(folder)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(SMALL_WHISPER_SAYS)('tells the language and says the words: $language', async ({ language, text, hertz }) => {
    const { hear, close } = await openWhisper(place, { threads: 1 })
    expect(await hear(hum(hertz, 2))).toMatchObject({ language, text, lost: false })
    await close()
  })

  it('takes the language that it is told, and none that it does not know', async () => {
    const { hear, close } = await openWhisper(place, { threads: 1 })
    expect(await hear(hum(200, 2), { language: 'es' })).toMatchObject({ language: 'es', text: 'ok alto' })
    expect(await hear(hum(200, 2), { language: 'tlh' })).toMatchObject({ language: 'en', text: 'ok low' })
    await close()
  })

  it('names itself and the language in a transcript', async () => {
    const { hear, close } = await openWhisper(place, { threads: 1 })
    const transcript = await createTranscriber(hear, place.id).transcribe(hum(1_200, 3))
    expect(transcript).toMatchObject({ model: place.id, language: 'de', text: 'ok tief' })
    await close()
  })

  it('stops when nobody waits any more', async () => {
    const { hear, close } = await openWhisper(place, { threads: 1 })
    await expect(hear(hum(200, 2), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
    await close()
  })

  it('is not opened where a file has other bytes, or is gone', async () => {
    const other = mkdtempSync(join(tmpdir(), 'lva-whisper-'))
    const damaged = await writeSmallWhisper(other)
    writeFileSync(join(other, WHISPER_FILES.tokenizer), '{}')
    await expect(openWhisper(damaged, { threads: 1 })).rejects.toMatchObject({ code: 'model-files-damaged' })
    rmSync(other, { recursive: true })
    await expect(openWhisper(damaged, { threads: 1 })).rejects.toMatchObject({ code: 'model-files-damaged' })
  })
})
