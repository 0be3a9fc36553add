import { beforeEach, describe, expect, it } from 'vitest'
import { idMaker, LvaError, ManualClock, seededRandom, silentLog } from '../../kernel/index.ts'
import {
  type ChosenTranscriber,
  SPEECH_RATE,
  type Transcriber,
  VOICE_FRAME,
  type VoiceDetector,
  type VoiceState,
} from '../../models/index.ts'
import { HandsFree } from './hands-free.ts'
import type { HandsFreeEvent } from './types.ts'

const NO_STATE: VoiceState = { memory: new Float32Array(), context: new Float32Array() }

/** Takes what is loud for voice. */
const loudIsVoice: VoiceDetector = {
  id: 'loud',
  frame: VOICE_FRAME,
  async detect(samples) {
    const probabilities = []
    for (let start = 0; start < samples.length; start += VOICE_FRAME)
      probabilities.push(Math.abs(samples[start + 1] as number) > 0.1 ? 0.99 : 0.01)
    return { probabilities, state: NO_STATE }
  },
}

const RATE = 48_000
/** Sound of a microphone, in the pieces in which it comes. */
function* sound(seconds: number, loudness: number) {
  const piece = RATE / 50
  for (let count = 0; count < Math.round(seconds * 50); count++)
    yield new Uint8Array(Int16Array.from({ length: piece }, () => Math.round(loudness * 0x7fff)).buffer)
}

describe('a hands-free conversation', () => {
  let words: string
  let failure: LvaError | undefined
  let whole: Transcriber | undefined
  let heardSeconds: number[]
  let kept: number
  let whetherKept: () => Promise<boolean>
  let clock: ManualClock
  let handsFree: HandsFree
  let id: string
  let events: HandsFreeEvent[]
  let reading: Promise<unknown>

  const transcriber: ChosenTranscriber = {
    id: 'scripted',
    whole: async () => whole,
    async transcribe(samples, { signal } = {}) {
      if (failure) throw failure
      heardSeconds.push(samples.length / SPEECH_RATE)
      await new Promise((resolve) => setImmediate(resolve))
      if (signal?.aborted) throw new LvaError('cancelled', 'Stopped.')
      const seconds = samples.length / SPEECH_RATE
      return {
        text: words,
        seconds,
        segments: [{ start: 0, end: seconds, text: words }],
        model: 'scripted',
        language: 'en',
      }
    },
  }

  beforeEach(async () => {
    words = 'Plants turn light into sugar.'
    failure = undefined
    whole = undefined
    heardSeconds = []
    kept = 0
    whetherKept = async () => true
    events = []
    clock = new ManualClock()
    handsFree = new HandsFree({
      detector: loudIsVoice,
      transcriber,
      blobs: {
        async put() {
          kept++
          return 'a'.repeat(64)
        },
      },
      keepsRecordings: () => whetherKept(),
      pause: async () => 0.7,
      clock,
      newId: idMaker(clock, seededRandom(1)),
      log: silentLog,
    })
    id = await handsFree.open(RATE)
    reading = (async () => {
      for await (const event of handsFree.events(id)) events.push(event)
    })()
  })

  /** Everything that can happen without more sound has happened. */
  async function settle() {
    for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  async function hear(seconds: number, loudness: number) {
    for (const piece of sound(seconds, loudness)) {
      handsFree.push(id, piece)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await settle()
  }

  const names = () => events.map(({ type }) => type)

  it('makes a turn of what is said, with the words while it is said', async () => {
    await hear(1, 0)
    await hear(1.5, 0.5)
    expect(names()).toEqual(['onset', 'speaking', 'partial'])
    await hear(1, 0)
    expect(names().slice(3)).toEqual(['pausing', 'ended', 'turn'])
    const turn = events.at(-1)
    expect(turn).toMatchObject({ transcript: { text: words, audioSha256: 'a'.repeat(64), model: 'scripted' } })
    expect(turn?.type === 'turn' && turn.waited).toBeCloseTo(0.7, 1)
    expect(turn?.type === 'turn' && turn.transcript.seconds).toBeCloseTo(0.5 + 1.5, 1)
  })

  it('hears during the pause, so that nothing is left to hear at its end', async () => {
    await hear(1, 0)
    await hear(0.5, 0.5)
    await hear(0.3, 0)
    const heard = heardSeconds.length
    await hear(1, 0)
    expect(names().at(-1)).toBe('turn')
    expect(heardSeconds).toHaveLength(heard)
  })

  it('waits longer after an unfinished sentence, and says so', async () => {
    words = 'Plants turn light into'
    await hear(1, 0.5)
    await hear(1.2, 0)
    expect(events.at(-1)).toEqual({ type: 'waiting', seconds: 1.75 })
    await hear(0.7, 0)
    expect(names().slice(-2)).toEqual(['ended', 'turn'])
  })

  it('makes two turns of two things said', async () => {
    await hear(1, 0.5)
    await hear(1, 0)
    await hear(1, 0.5)
    await hear(1, 0)
    expect(names().filter((name) => name === 'turn')).toHaveLength(2)
  })

  it('keeps no sound where the learner keeps none', async () => {
    whetherKept = async () => false
    await hear(1, 0.5)
    await hear(1, 0)
    expect(events.at(-1)).toMatchObject({ type: 'turn', transcript: { audioSha256: null } })
    expect(kept).toBe(0)
  })

  it('sound without words is nothing, and clipped sound is said to be', async () => {
    failure = new LvaError('speech-not-understood', 'No words.')
    await hear(1, 0.5)
    await hear(1, 0)
    expect(events.at(-1)).toEqual({ type: 'nothing', clipped: false })
    await hear(1, 1)
    await hear(1, 0)
    expect(events.at(-1)).toEqual({ type: 'nothing', clipped: true })
    expect(kept).toBe(0)
  })

  it('a recogniser that fails costs nothing: the turn is heard again', async () => {
    failure = new LvaError('model-process-down', 'Down.')
    await hear(1, 0.5)
    await hear(1, 0)
    expect(events.at(-1)).toMatchObject({ type: 'failed', error: { code: 'model-process-down' } })
    failure = undefined
    handsFree.again(id)
    await settle()
    expect(events.at(-1)).toMatchObject({ type: 'turn', transcript: { text: words } })
  })

  describe('while the answer is spoken', () => {
    beforeEach(() => {
      words = 'It needs light and water.'
      handsFree.speak(id, 'Photosynthesis needs light and water.')
    })

    it('takes its own voice for no turn', async () => {
      await hear(1, 0.5)
      expect(names().slice(0, 3)).toEqual(['onset', 'speaking', 'noise'])
      expect(events).toContainEqual({ type: 'noise', ours: true })
      await hear(2, 0)
      expect(names()).not.toContain('turn')
      expect(names()).not.toContain('partial')
    })

    it('hears an echo that ends after the voice was silent', async () => {
      await hear(0.4, 0)
      handsFree.speak(id, null)
      await hear(0.4, 0.5)
      expect(events).toContainEqual({ type: 'noise', ours: true })
    })

    it('does not judge first words that any sentence has: neither shown nor dropped until there are more', async () => {
      words = 'Light and'
      await hear(0.9, 0.5)
      expect(names()).toEqual(['onset', 'speaking'])
      words = 'Light and sound are waves, are they not?'
      await hear(1, 0.5)
      await hear(1, 0)
      expect(events.at(-1)).toMatchObject({ type: 'turn', transcript: { text: words } })
      expect(names()).not.toContain('noise')
    })

    it('takes other words for the learner’s', async () => {
      words = 'Stop, what is a leaf?'
      await hear(1, 0.5)
      expect(names()).toEqual(['onset', 'speaking', 'partial'])
      await hear(1, 0)
      expect(events.at(-1)).toMatchObject({ type: 'turn', transcript: { text: words } })
    })

    it('goes on after a cough', async () => {
      await hear(0.12, 0.5)
      expect(names()).toEqual(['onset'])
      await hear(0.5, 0)
      expect(events.at(-1)).toEqual({ type: 'noise', ours: false })
    })
  })

  it('has the whole turn heard by what hears whole ones, where one is chosen', async () => {
    const heard: number[] = []
    whole = {
      id: 'far',
      async transcribe(samples) {
        heard.push(samples.length / SPEECH_RATE)
        return { text: 'Far away.', seconds: 1, segments: [], model: 'far', language: 'de' }
      },
    }
    await hear(1, 0.5)
    await hear(1, 0)
    expect(events.at(-1)).toMatchObject({
      type: 'turn',
      transcript: { text: 'Far away.', model: 'far', language: 'de' },
    })
    expect(heard).toHaveLength(1)
  })

  it('says once that the microphone gives nothing', async () => {
    await hear(70, 0)
    expect(names()).toEqual(['muted'])
  })

  it('ends with its line, and forgets what was being said', async () => {
    await hear(1, 0.5)
    handsFree.close(id)
    await reading
    expect(() => handsFree.push(id, new Uint8Array(4))).toThrow('not listening any more')
    await settle()
    expect(names()).not.toContain('turn')
  })

  it('keeps no sound of a turn that was being finished when it ends', async () => {
    let asked = () => {}
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve
    })
    const answer = Promise.withResolvers<boolean>()
    whetherKept = () => {
      asked()
      return answer.promise
    }
    await hear(1, 0.5)
    await hear(1, 0)
    await isAsked
    handsFree.close(id)
    answer.resolve(true)
    await settle()
    expect(kept).toBe(0)
  })

  it('gives up a conversation without sound when others want to listen', async () => {
    for (let more = 0; more < 3; more++) await handsFree.open(RATE)
    await expect(handsFree.open(RATE)).rejects.toMatchObject({ code: 'bad-input' })
    clock.advance(10_000)
    await handsFree.open(RATE)
    await reading
  })

  it('a detector that is gone ends the conversation with the reason', async () => {
    const broken = new HandsFree({
      detector: { ...loudIsVoice, detect: () => Promise.reject(new LvaError('model-process-down', 'Down.')) },
      transcriber,
      blobs: { put: async () => '' },
      keepsRecordings: async () => true,
      pause: async () => 0.7,
      clock,
      newId: idMaker(clock, seededRandom(2)),
      log: silentLog,
    })
    const other = await broken.open(RATE)
    for (const piece of sound(0.2, 0)) broken.push(other, piece)
    await expect(broken.events(other).next()).rejects.toMatchObject({ code: 'model-process-down' })
  })
})
