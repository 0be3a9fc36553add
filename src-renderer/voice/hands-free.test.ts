import { beforeEach, describe, expect, test } from 'vitest'
import type { Client, HandsFreeEvent, Transcript } from '../../src-core/contract/index.ts'
import { ScreenFault } from '../backend/failure.ts'
import { HandsFree } from './hands-free.ts'
import type { MicrophoneListener } from './microphone.ts'

const transcript = (text: string): Transcript => ({
  text,
  seconds: 1,
  segments: [],
  model: 'test',
  language: 'en',
  audioSha256: null,
})
const turnOf = (text: string): HandsFreeEvent => ({
  type: 'turn',
  transcript: transcript(text),
  waited: 0.7,
  recogniseMs: 5,
})
const DOWN = { code: 'model-process-down', message: 'Down.', advice: '', params: {} } as const

/** Events that the test gives out one by one. */
function eventLine() {
  const queue: HandsFreeEvent[] = []
  let wake: () => void = () => undefined
  let over: { error?: unknown } | undefined
  return {
    give: async (...events: HandsFreeEvent[]) => {
      queue.push(...events)
      wake()
      await new Promise((resolve) => setTimeout(resolve))
    },
    end: (error?: unknown) => {
      over = { error }
      wake()
    },
    async *read() {
      for (;;) {
        for (let next = queue.shift(); next; next = queue.shift()) yield next
        if (over?.error) throw over.error
        if (over) return
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

describe('HandsFree', () => {
  let calls: string[]
  let said: string[]
  let sentence: string | null
  let spokenChanged: () => void
  let microphone: MicrophoneListener
  let refusal: ScreenFault | undefined
  let opening: Promise<{ id: string }>
  let line: ReturnType<typeof eventLine>
  let handsFree: HandsFree
  const noted = (call: string) => () => void calls.push(call)

  beforeEach(async () => {
    calls = []
    said = []
    sentence = null
    refusal = undefined
    opening = Promise.resolve({ id: 'h' })
    line = eventLine()
    const procedures = {
      open: () => opening,
      push: async ({ pcm }: { pcm: Blob }) => void calls.push(`push ${pcm.size}`),
      events: async () => line.read(),
      speaking: async (input: { sentence: string | null }) => void calls.push(`speaking ${input.sentence}`),
      again: async () => noted('again')(),
      close: async () => {
        noted('close')()
        line.end()
      },
    } as unknown as Client['handsFree']
    handsFree = new HandsFree({
      procedures,
      openMicrophone: async (listener) => {
        if (refusal) throw refusal
        microphone = listener
        return { sampleRate: 48_000, name: '', close: async () => noted('microphone closed')() }
      },
      speaker: {
        get sentence() {
          return sentence
        },
        subscribe: (listener) => {
          spokenChanged = listener
          return () => undefined
        },
        pause: noted('pause'),
        resume: noted('resume'),
        stop: noted('stop'),
      },
    })
  })

  async function start() {
    void handsFree.start(({ text }) => said.push(text))
    await line.give()
    calls.length = 0
  }

  test('what the learner says is told as it is heard, and becomes a turn', async () => {
    await start()
    expect(handsFree.state).toEqual({ phase: 'quiet', note: null })
    microphone.onHeard(new Int16Array(1_024), 0.1)
    expect(calls).toEqual(['push 2048'])
    await line.give({ type: 'onset' }, { type: 'speaking' })
    expect(handsFree.isHearing).toBe(true)
    await line.give({ type: 'partial', text: 'Plants' })
    expect(handsFree.state).toEqual({ phase: 'hearing', partial: 'Plants' })
    await line.give({ type: 'pausing' }, { type: 'partial', text: 'Plants turn' }, { type: 'waiting', seconds: 1.7 })
    expect(handsFree.state).toEqual({ phase: 'pausing', partial: 'Plants turn', unfinished: true })
    await line.give({ type: 'ended' })
    expect(handsFree.state).toEqual({ phase: 'writing', partial: 'Plants turn' })
    await line.give(turnOf('Plants turn light into sugar.'))
    expect(said).toEqual(['Plants turn light into sugar.'])
    expect(handsFree.state).toEqual({ phase: 'quiet', note: null })
  })

  test('an onset pauses the voice at once; a noise lets it go on; words end it', async () => {
    await start()
    sentence = 'You said so.'
    spokenChanged()
    spokenChanged()
    await line.give({ type: 'onset' })
    expect(calls).toEqual(['speaking You said so.', 'pause'])
    await line.give({ type: 'noise', ours: true })
    expect(calls.at(-1)).toBe('resume')
    await line.give({ type: 'onset' }, { type: 'speaking' }, { type: 'partial', text: 'Stop' })
    expect(calls.slice(-2)).toEqual(['pause', 'stop'])
  })

  test('what the turn before was does not bring the voice back over a learner who speaks again', async () => {
    await start()
    const turn = [{ type: 'onset' }, { type: 'speaking' }, { type: 'ended' }] as const
    await line.give(...turn, { type: 'onset' }, { type: 'speaking' }, { type: 'noise', ours: true })
    expect(calls).toEqual(['pause', 'pause'])
    expect(handsFree.state.phase).toBe('hearing')
    await line.give({ type: 'ended' }, { type: 'nothing', clipped: false })
    expect(calls.at(-1)).toBe('resume')
    await line.give(...turn, { type: 'onset' }, { type: 'nothing', clipped: false }, { type: 'noise', ours: false })
    expect(calls.slice(-3)).toEqual(['pause', 'pause', 'resume'])
  })

  test('sound without words is said, and the voice goes on', async () => {
    await start()
    await line.give({ type: 'onset' }, { type: 'speaking' }, { type: 'ended' }, { type: 'nothing', clipped: false })
    expect(handsFree.state).toEqual({ phase: 'quiet', note: 'nothing' })
    expect(calls.at(-1)).toBe('resume')
    await line.give({ type: 'muted' })
    expect(handsFree.state).toEqual({ phase: 'quiet', note: 'muted' })
  })

  test('a turn that could not be heard can be heard again', async () => {
    await start()
    await line.give({ type: 'ended' }, { type: 'failed', error: DOWN })
    expect(handsFree.state).toMatchObject({ phase: 'failed', failure: { code: DOWN.code }, canHearAgain: true })
    await handsFree.again()
    expect(calls).toContain('again')
    await line.give(turnOf('Heard after all.'))
    expect(said).toEqual(['Heard after all.'])
    expect(handsFree.state).toEqual({ phase: 'quiet', note: null })
  })

  test('a microphone that is refused or lost is said, and the device is free', async () => {
    refusal = new ScreenFault('microphone-denied')
    await start()
    expect(handsFree.state).toMatchObject({ phase: 'failed', failure: { code: 'microphone-denied' } })
    refusal = undefined
    await start()
    microphone.onLost(new ScreenFault('microphone-lost'))
    await line.give()
    expect(handsFree.state).toMatchObject({
      phase: 'failed',
      failure: { code: 'microphone-lost' },
      canHearAgain: false,
    })
    expect(calls).toContain('microphone closed')
  })

  test('what was being said when the microphone went away is heard to its end, and then it is off', async () => {
    await start()
    await line.give({ type: 'onset' }, { type: 'speaking' }, { type: 'partial', text: 'Plants' })
    microphone.onLost(new ScreenFault('microphone-lost'))
    await line.give()
    // Eight seconds of silence end any turn.
    expect(calls.at(-1)).toBe(`push ${48_000 * 8 * 2}`)
    expect(handsFree.state).toEqual({ phase: 'hearing', partial: 'Plants' })
    await line.give({ type: 'pausing' }, { type: 'ended' }, turnOf('Plants turn light into sugar.'))
    expect(said).toEqual(['Plants turn light into sugar.'])
    expect(handsFree.state).toMatchObject({ phase: 'failed', failure: { code: 'microphone-lost' } })
    expect(calls).toContain('microphone closed')
  })

  test('ended when it is wanted, what was being said is heard; with nothing being said, at once', async () => {
    await start()
    await line.give({ type: 'onset' }, { type: 'speaking' })
    await handsFree.finish()
    await line.give()
    expect(calls.slice(-2)).toEqual(['microphone closed', `push ${48_000 * 8 * 2}`])
    await line.give({ type: 'ended' }, turnOf('Plants turn light into sugar.'))
    expect(said).toEqual(['Plants turn light into sugar.'])
    expect(handsFree.state).toEqual({ phase: 'off' })
    line = eventLine()
    await start()
    await handsFree.finish()
    expect(handsFree.state).toEqual({ phase: 'off' })
  })

  test('a turn that cannot be heard after the microphone has gone can still be heard again', async () => {
    await start()
    await line.give({ type: 'onset' }, { type: 'speaking' })
    microphone.onLost(new ScreenFault('microphone-denied'))
    await line.give({ type: 'ended' }, { type: 'failed', error: DOWN })
    expect(handsFree.state).toMatchObject({ failure: { code: DOWN.code }, canHearAgain: true })
    await handsFree.again()
    await line.give(turnOf('Heard after all.'))
    expect(said).toEqual(['Heard after all.'])
    expect(handsFree.state).toMatchObject({ failure: { code: 'microphone-denied' }, canHearAgain: false })
  })

  test('ending it frees the microphone, tells the core and hears nothing more', async () => {
    await start()
    await handsFree.stop()
    expect(calls).toEqual(['resume', 'microphone closed', 'close'])
    expect(handsFree.state).toEqual({ phase: 'off' })
    microphone.onHeard(new Int16Array(4), 0.5)
    await line.give(turnOf('Too late.'))
    expect(said).toEqual([])
  })

  test('ending it while the core does not answer yet frees the microphone', async () => {
    const { promise, reject } = Promise.withResolvers<{ id: string }>()
    opening = promise
    const starting = handsFree.start(() => undefined)
    await line.give()
    await handsFree.stop()
    reject(new Error('gone'))
    await starting
    expect(calls).toContain('microphone closed')
    expect(handsFree.state).toEqual({ phase: 'off' })
  })
})
