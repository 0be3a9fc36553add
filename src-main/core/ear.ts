import type { Recogniser } from '../../src-core/contract/index.ts'
import { errorToWire, isLvaError, type Log, LvaError, toLvaError } from '../../src-core/kernel/index.ts'
import { detectLanguage } from '../../src-core/memory/index.ts'
import {
  type ChosenTranscriber,
  createTranscriber,
  type LocalModels,
  type RecogniserLibrary,
  type Transcriber,
  type Transcript,
} from '../../src-core/models/index.ts'
import type { Settings } from '../../src-core/vault/index.ts'
import type { Language } from './language.ts'

export interface EarParts {
  models: Pick<LocalModels, 'transcriber' | 'downloaded'>
  library: Pick<RecogniserLibrary, 'list' | 'place'>
  language: Pick<Language, 'hear' | 'earModel' | 'list'>
  settings(): Promise<Settings>
  log: Log
}

/** What hears in the whole program: what the learner chose in Settings; and where that fails, what is on the device. */
export interface Ear extends ChosenTranscriber {
  /**
   * Hears with one recogniser and no other, whatever Settings choose.
   * @param id as in `list`
   * @throws LvaError model-not-there
   */
  by(id: string): Promise<Transcriber>
  list(): Promise<Recogniser[]>
}

const PACKAGED = 'packaged'
const OPENAI = 'openai'

/** What no other recogniser would hear either, or nobody waits for. */
const NOT_ITS_FAULT = [
  'audio-empty',
  'audio-silent',
  'speech-not-understood',
  'cancelled',
  'model-process-down',
] as const

export function createEar({ models, library, language, settings, log }: EarParts): Ear {
  const packaged = models.transcriber
  const openai = createTranscriber(language.hear, language.earModel)

  async function downloaded(id: string): Promise<Transcriber | undefined> {
    const place = await library.place(id)
    return place && models.downloaded(place)
  }

  /** In the language that the learner speaks, if they say so; a language that the recogniser does not tell is read off the words. */
  const inLanguage = (by: Transcriber): Transcriber => ({
    id: by.id,
    async transcribe(samples, options = {}) {
      const spoken = options.language ?? ((await settings()).spokenLanguage || undefined)
      const transcript = await by.transcribe(samples, { ...options, language: spoken })
      return { ...transcript, language: transcript.language ?? detectLanguage(transcript.text) }
    },
  })

  /** What hears on the device: the chosen one if it is there, else the packaged one. */
  async function onDevice(): Promise<Transcriber> {
    const { recogniser } = await settings()
    if (recogniser === PACKAGED || recogniser === OPENAI) return packaged
    return standingIn(recogniser, async (samples, options) => {
      const chosen = await downloaded(recogniser)
      if (!chosen) throw notThere(recogniser)
      return chosen.transcribe(samples, options)
    })
  }

  /** Hears with what was chosen; where that fails, with the packaged one, and says why. */
  const standingIn = (chosen: string, hear: Transcriber['transcribe']): Transcriber => ({
    id: chosen,
    async transcribe(samples, options): Promise<Transcript> {
      try {
        return await hear(samples, options)
      } catch (error) {
        if (NOT_ITS_FAULT.some((code) => isLvaError(error, code))) throw error
        const known = toLvaError(error)
        log.warn({ code: known.code, chosen }, 'the packaged recogniser stands in for the chosen one')
        const transcript = await packaged.transcribe(samples, options)
        return { ...transcript, instead: { chosen, error: known } }
      }
    },
  })

  return {
    id: packaged.id,
    transcribe: async (samples, options) => inLanguage(await onDevice()).transcribe(samples, options),
    async whole() {
      if ((await settings()).recogniser !== OPENAI) return undefined
      return inLanguage(standingIn(OPENAI, (samples, options) => openai.transcribe(samples, options)))
    },
    async by(id) {
      if (id === PACKAGED) return inLanguage(packaged)
      const others = id === OPENAI ? openai : await downloaded(id)
      if (!others) throw notThere(id)
      return inLanguage(others)
    },
    async list() {
      const [downloads, providers] = await Promise.all([library.list(), language.list()])
      const sends = providers.find(({ provider }) => provider === OPENAI)
      return [
        {
          ...ABOUT_NOTHING,
          id: PACKAGED,
          name: 'Moonshine tiny',
          model: packaged.id,
          kind: 'packaged' as const,
          licence: 'MIT',
          languages: ['en'],
          state: 'ready' as const,
        },
        ...downloads.map((one) => ({
          ...one,
          model: one.id,
          kind: 'download' as const,
          error: one.error && errorToWire(one.error),
        })),
        {
          ...ABOUT_NOTHING,
          id: OPENAI,
          name: `OpenAI ${language.earModel}`,
          model: language.earModel,
          kind: 'openai' as const,
          licence: '',
          origin: sends?.baseUrl || 'https://api.openai.com',
          state: sends && sends.keySource !== 'none' ? ('ready' as const) : ('absent' as const),
        },
      ]
    },
  }
}

const ABOUT_NOTHING = { languages: [], origin: '', bytes: 0, have: 0, error: null } satisfies Partial<Recogniser>

function notThere(id: string): LvaError {
  return new LvaError('model-not-there', `The recogniser ${id} is not on this device.`, {
    advice: 'Download it in Settings, Voice, or with "lva recognisers download", or choose another one.',
    params: { id },
  })
}
