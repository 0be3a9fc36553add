import { beforeEach, describe, expect, it } from 'vitest'
import { LvaError, silentLog } from '../../src-core/kernel/index.ts'
import type { Hear, RecogniserState, Transcriber, WhisperPlace } from '../../src-core/models/index.ts'
import { DEFAULT_SETTINGS, type Settings } from '../../src-core/vault/index.ts'
import { hum } from '../../test/models/small-whisper.ts'
import { createEar, type Ear } from './ear.ts'

const TINY: RecogniserState = {
  id: 'whisper-tiny',
  name: 'Whisper tiny',
  licence: 'Apache-2.0',
  languages: ['en', 'de'],
  origin: 'https://hub.example',
  bytes: 10,
  have: 10,
  state: 'ready',
  error: null,
}

describe('what hears', () => {
  let settings: Settings
  let asked: string[]
  let place: WhisperPlace | undefined
  let failure: LvaError | undefined
  let hearFails: LvaError | undefined
  let placeFails: LvaError | undefined
  let ear: Ear

  const by = (id: string, language: string | null): Transcriber => ({
    id,
    async transcribe(_, options) {
      asked.push(`${id} ${options?.language ?? '-'}`)
      if (failure && id !== 'moonshine') throw failure
      return { text: 'Die Pflanzen nehmen das Licht der Sonne auf', seconds: 1, segments: [], model: id, language }
    },
  })
  const hear: Hear = async (_, options) => {
    asked.push(`openai ${options?.language ?? '-'}`)
    if (hearFails) throw hearFails
    return { text: 'Die Pflanzen nehmen das Licht der Sonne auf', confidence: 0, lost: false, language: null }
  }

  beforeEach(() => {
    settings = { ...DEFAULT_SETTINGS }
    asked = []
    failure = undefined
    hearFails = undefined
    placeFails = undefined
    place = { id: 'whisper-tiny', folder: '/models/whisper-tiny', files: [] }
    ear = createEar({
      models: { transcriber: by('moonshine', 'en'), downloaded: ({ id }) => by(id, 'de') },
      library: {
        list: async () => [TINY],
        async place(id) {
          if (placeFails) throw placeFails
          return id === place?.id ? place : undefined
        },
      },
      language: { hear, earModel: 'gpt-4o-transcribe', list: async () => [] },
      settings: async () => settings,
      log: silentLog,
    })
  })

  const sound = hum(300, 2)

  it('is the packaged recogniser, unless Settings choose another that is there', async () => {
    expect(await ear.transcribe(sound)).toMatchObject({ model: 'moonshine', language: 'en' })
    settings.recogniser = 'whisper-tiny'
    expect(await ear.transcribe(sound)).toMatchObject({ model: 'whisper-tiny', language: 'de' })
    expect(await ear.whole()).toBeUndefined()
  })

  it('is told the language that Settings name', async () => {
    settings.recogniser = 'whisper-tiny'
    settings.spokenLanguage = 'es'
    await ear.transcribe(sound)
    expect(asked).toEqual(['whisper-tiny es'])
  })

  it('is the packaged one where the chosen one is gone or fails, and says why', async () => {
    settings.recogniser = 'whisper-tiny'
    place = undefined
    expect(await ear.transcribe(sound)).toMatchObject({
      model: 'moonshine',
      instead: { chosen: 'whisper-tiny', error: { code: 'model-not-there' } },
    })
    place = { id: 'whisper-tiny', folder: '/models/whisper-tiny', files: [] }
    failure = new LvaError('model-files-damaged', 'Damaged.')
    expect(await ear.transcribe(sound)).toMatchObject({
      model: 'moonshine',
      instead: { error: { code: 'model-files-damaged' } },
    })
  })

  it('is the packaged one where the list of recognisers cannot be read', async () => {
    settings.recogniser = 'whisper-tiny'
    placeFails = new LvaError('config-invalid', 'No list.')
    expect(await ear.transcribe(sound)).toMatchObject({
      model: 'moonshine',
      instead: { error: { code: 'config-invalid' } },
    })
  })

  it.each(['audio-silent', 'speech-not-understood', 'cancelled'] as const)(
    'asks nobody else after %s',
    async (code) => {
      settings.recogniser = 'whisper-tiny'
      failure = new LvaError(code, 'No.')
      await expect(ear.transcribe(sound)).rejects.toMatchObject({ code })
      expect(asked).toEqual(['whisper-tiny -'])
    },
  )

  it('sends nothing to OpenAI but what is whole, and what the device heard stands in for it', async () => {
    settings.recogniser = 'openai'
    await ear.transcribe(sound)
    expect(asked).toEqual(['moonshine -'])
    const whole = await ear.whole()
    // OpenAI does not tell the language: its words do.
    expect(await whole?.transcribe(sound)).toMatchObject({ model: 'gpt-4o-transcribe', language: 'de' })
    hearFails = new LvaError('network-down', 'Down.')
    expect(await whole?.transcribe(sound)).toMatchObject({
      model: 'moonshine',
      instead: { chosen: 'openai', error: { code: 'network-down' } },
    })
  })

  it('is one that is named, and no other in its place', async () => {
    expect(await (await ear.by('whisper-tiny')).transcribe(sound)).toMatchObject({ model: 'whisper-tiny' })
    hearFails = new LvaError('network-down', 'Down.')
    await expect((await ear.by('openai')).transcribe(sound)).rejects.toMatchObject({ code: 'network-down' })
    await expect(ear.by('whisper-huge')).rejects.toMatchObject({ code: 'model-not-there' })
  })

  it('is listed with where it comes from, and whether it can hear', async () => {
    expect((await ear.list()).map(({ id, kind, state }) => [id, kind, state])).toEqual([
      ['packaged', 'packaged', 'ready'],
      ['whisper-tiny', 'download', 'ready'],
      ['openai', 'openai', 'absent'],
    ])
  })
})
