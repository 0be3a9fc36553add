import { type Client, OPENAI_VOICES, type OpenAIVoice, type Settings } from '../../src-core/contract/index.ts'
import { type Failure, ScreenFault, toFailure } from '../backend/failure.ts'
import type { Utterance, Voice } from './speaker.ts'
import { listLocalVoices } from './system-voices.ts'

/** `Settings.voice` for the voice that comes with the program. */
export const PACKAGED_VOICE = 'packaged'

/** `Settings.voice` for a voice of OpenAI begins with this. */
export const OPENAI_PREFIX = 'openai:'

/**
 * The voice that the settings name; the system's own when they name none; the packaged one where the system has none.
 * @param language of the screens, which decides between several system voices
 */
export async function chooseVoice(
  settings: Pick<Settings, 'voice' | 'voiceRate' | 'voiceLanguage'>,
  screenLanguage: string,
  client: Client,
  onFault: (failure: Failure) => void,
): Promise<Voice> {
  if (settings.voice === PACKAGED_VOICE) return packagedVoice(client, settings.voiceRate)
  const openaiVoice = OPENAI_VOICES.find((name) => settings.voice === OPENAI_PREFIX + name)
  if (openaiVoice) {
    const ofDevice = () => chooseVoice({ ...settings, voice: '' }, screenLanguage, client, onFault)
    return withStandIn(openaiVoices(client, settings.voiceRate, openaiVoice), ofDevice, onFault)
  }
  const language = settings.voiceLanguage || screenLanguage
  const voices = await listLocalVoices()
  const voice =
    voices.find(({ name }) => name === settings.voice) ??
    voices.find((candidate) => candidate.default && candidate.lang.startsWith(language)) ??
    voices.find(({ lang }) => lang.startsWith(language)) ??
    voices[0]
  return voice ? systemVoice(voice, settings.voiceRate) : packagedVoice(client, settings.voiceRate)
}

/** Slowest speech that is still expected, in milliseconds a letter; some systems never say that a sentence has ended. */
const MS_PER_LETTER = 180

function systemVoice(voice: SpeechSynthesisVoice, rate: number): Voice {
  return {
    async prepare(text): Promise<Utterance> {
      const utterance = new SpeechSynthesisUtterance(text)
      utterance.voice = voice
      utterance.lang = voice.lang
      utterance.rate = rate
      return {
        play: () =>
          new Promise((resolve, reject) => {
            const watch = setTimeout(resolve, 4_000 + (text.length * MS_PER_LETTER) / rate)
            utterance.onend = () => {
              clearTimeout(watch)
              resolve()
            }
            utterance.onerror = ({ error }) => {
              clearTimeout(watch)
              if (error === 'interrupted' || error === 'canceled') resolve()
              else reject(new ScreenFault('voice-failed', error))
            }
            speechSynthesis.speak(utterance)
          }),
        stop: () => {
          // A queue that is paused would stay so for the next sentence.
          speechSynthesis.cancel()
          speechSynthesis.resume()
        },
        pause: () => speechSynthesis.pause(),
        resume: () => speechSynthesis.resume(),
      }
    },
  }
}

/** What is spoken is sent to OpenAI, a sentence at a time. */
function openaiVoices(client: Client, rate: number, openaiVoice: OpenAIVoice): Voice {
  return {
    async prepare(text) {
      return playable(await client.speech.speak({ text, openaiVoice }), rate)
    },
  }
}

/** A voice that may fail, and the one that then speaks the rest of the answer. It is said once. */
export function withStandIn(voice: Voice, standIn: () => Promise<Voice>, onFault: (failure: Failure) => void): Voice {
  let instead: Promise<Voice> | undefined
  return {
    async prepare(text) {
      if (!instead) {
        try {
          return await voice.prepare(text)
        } catch (error) {
          if (!instead) onFault(toFailure(error))
          instead ??= standIn()
        }
      }
      return (await instead).prepare(text)
    },
  }
}

function packagedVoice(client: Client, rate: number): Voice {
  return {
    async prepare(text) {
      const wav = await client.speech.speak({ text })
      return playable(wav, rate)
    },
  }
}

/** Sound that can be heard once. */
export function playable(sound: Blob, rate: number): Utterance {
  const audio = new Audio()
  let isStopped = false
  const over = Promise.withResolvers<void>()
  audio.onended = () => over.resolve()
  audio.onerror = () => over.reject(new ScreenFault('voice-failed', audio.error))
  return {
    async play() {
      if (isStopped) return
      const address = URL.createObjectURL(sound)
      try {
        audio.src = address
        // Loading another sound sets the rate back.
        audio.playbackRate = rate
        // Stopping or pausing before it began rejects `play` with an AbortError.
        await audio.play().catch((error: unknown) => {
          if (!(error instanceof DOMException && error.name === 'AbortError')) throw error
        })
        await over.promise
      } finally {
        URL.revokeObjectURL(address)
      }
    },
    stop() {
      isStopped = true
      audio.pause()
      over.resolve()
    },
    pause: () => audio.pause(),
    resume() {
      // What it rejects with, `play` has told.
      audio.play().catch(() => undefined)
    },
  }
}
