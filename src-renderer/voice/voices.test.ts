import { afterEach, describe, expect, it, test, vi } from 'vitest'
import type { Client } from '../../src-core/contract/index.ts'
import type { Utterance, Voice } from './speaker.ts'
import { chooseVoice, PACKAGED_VOICE, withStandIn } from './voices.ts'

const nothing: Utterance = {
  play: async () => undefined,
  stop: () => undefined,
  pause: () => undefined,
  resume: () => undefined,
}

function voiceOf(name: string, spoken: string[], fails: () => boolean): Voice {
  return {
    async prepare(text) {
      if (fails()) throw Object.assign(new Error(), { code: 'network-down', advice: '', params: {} })
      spoken.push(`${name}: ${text}`)
      return nothing
    },
  }
}

test('when a voice fails, another speaks from that sentence on, and it is said once', async () => {
  const spoken: string[] = []
  const faults: string[] = []
  let isDown = false
  const voice = withStandIn(
    voiceOf('far', spoken, () => isDown),
    async () => voiceOf('near', spoken, () => false),
    ({ code }) => faults.push(code),
  )
  await voice.prepare('One.')
  isDown = true
  await Promise.all([voice.prepare('Two.'), voice.prepare('Three.')])
  isDown = false
  await voice.prepare('Four.')
  expect(spoken).toEqual(['far: One.', 'near: Two.', 'near: Three.', 'near: Four.'])
  expect(faults).toEqual(['network-down'])
})

describe('the voice of the settings', () => {
  afterEach(() => vi.unstubAllGlobals())

  const ANNA = { name: 'Anna', lang: 'de-DE', localService: true, default: false }
  const SAM = { name: 'Sam', lang: 'en-US', localService: true, default: true }
  const ALICE = { name: 'Alice', lang: 'en-GB', localService: true, default: false }
  const FAR = { name: 'Far away', lang: 'es-ES', localService: false, default: false }

  /** Speaks one sentence. @returns by whom, in which language and how fast */
  async function spokenBy(
    voices: readonly object[],
    settings: Partial<Parameters<typeof chooseVoice>[0]>,
    screenLanguage = 'en',
  ) {
    const said: { voice: string; lang?: string; rate: number }[] = []
    vi.stubGlobal('speechSynthesis', {
      getVoices: () => voices,
      addEventListener: (_: string, listed: () => void) => listed(),
      speak(utterance: { voice: { name: string }; lang: string; rate: number; onend(): void }) {
        said.push({ voice: utterance.voice.name, lang: utterance.lang, rate: utterance.rate })
        utterance.onend()
      },
    })
    vi.stubGlobal('SpeechSynthesisUtterance', class {})
    vi.stubGlobal(
      'Audio',
      class {
        playbackRate = 1
        onended: () => void = () => undefined
        async play() {
          said.push({ voice: 'packaged', rate: this.playbackRate })
          this.onended()
        }
      },
    )
    const client = { speech: { speak: async () => new Blob() } } as unknown as Client
    const given = { voice: '', voiceRate: 1.5, voiceLanguage: '', ...settings }
    const voice = await chooseVoice(given, screenLanguage, client, () => undefined)
    await (await voice.prepare('Plants turn light into sugar.')).play()
    return said[0]
  }

  it('is the one that is named, at the speed that was chosen', async () => {
    expect(await spokenBy([ANNA, SAM, ALICE], { voice: 'Alice' })).toEqual({ voice: 'Alice', lang: 'en-GB', rate: 1.5 })
    expect(await spokenBy([SAM], { voice: PACKAGED_VOICE })).toEqual({ voice: 'packaged', rate: 1.5 })
  })

  it('speaks the language that was chosen, or else that of the screens', async () => {
    expect(await spokenBy([ANNA, ALICE, SAM], {})).toMatchObject({ voice: 'Sam' })
    expect(await spokenBy([SAM, ANNA], {}, 'de')).toMatchObject({ voice: 'Anna', lang: 'de-DE' })
    expect(await spokenBy([SAM, ANNA], { voiceLanguage: 'de' })).toMatchObject({ voice: 'Anna' })
  })

  it('is never one that sends what it says to a server: the packaged one speaks where the system has no other', async () => {
    expect(await spokenBy([FAR], { voiceLanguage: 'es' })).toMatchObject({ voice: 'packaged' })
    expect(await spokenBy([FAR], { voice: 'Far away' })).toMatchObject({ voice: 'packaged' })
    expect(await spokenBy([], {})).toMatchObject({ voice: 'packaged' })
  })
})
