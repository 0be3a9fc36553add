import { describe, expect, test } from 'vitest'
import type { Transcript } from '../../src-core/contract/index.ts'
import { ScreenFault } from '../backend/failure.ts'
import type { MicrophoneListener } from './microphone.ts'
import { Recorder, type SpeechProcedures } from './recorder.ts'
import { SilenceWatch } from './silence-watch.ts'

const RATE = 16_000
const transcript = (text: string): Transcript => ({
  text,
  seconds: 1,
  segments: [],
  model: 'test',
  language: 'en',
  audioSha256: null,
})
const fault = (code: string) => Object.assign(new Error(code), { code, advice: '', params: {} })
const second = (value: number) => new Int16Array(RATE).fill(value)

function setUp(overrides: { finish?: () => Promise<Transcript>; push?: (bytes: number) => Promise<void> } = {}) {
  const calls: string[] = []
  const heard: number[] = []
  const transcripts: string[] = []
  const cutShort: string[] = []
  let listener: MicrophoneListener | undefined
  const speech = {
    start: async ({ sampleRate }: { sampleRate: number }) => {
      calls.push(`start ${sampleRate}`)
      return { recordingId: 'r' }
    },
    push: async ({ pcm }: { pcm: Blob }) => {
      await overrides.push?.(pcm.size)
      heard.push(...new Int16Array(await pcm.arrayBuffer()).filter((_, index) => index % RATE === 0))
    },
    partials: async () =>
      (async function* () {
        yield { text: 'I am' }
      })(),
    finish: overrides.finish ?? (async () => transcript('I am learning')),
    cancel: async () => {
      calls.push('cancel')
    },
    transcribe: async ({ audio }: { audio: Blob }) => {
      calls.push(`transcribe ${audio.size}`)
      return transcript('again')
    },
  }
  const recorder = new Recorder({
    speech: speech as unknown as SpeechProcedures,
    openMicrophone: async (given) => {
      listener = given
      return {
        sampleRate: RATE,
        name: '',
        close: async () => {
          calls.push('close')
        },
      }
    },
    now: () => 1_000,
    onTranscript: ({ text }) => transcripts.push(text),
    onCutShort: ({ code }) => cutShort.push(code),
  })
  return { cutShort, recorder, calls, heard, transcripts, microphone: () => listener as MicrophoneListener }
}

describe('Recorder', () => {
  test('hands over everything in order and gives the transcript', async () => {
    const { recorder, heard, transcripts, calls, microphone } = setUp()
    await recorder.start()
    expect(recorder.state).toEqual({ phase: 'recording', startedAt: 1_000, partial: '' })
    for (const value of [1, 2, 3]) microphone().onHeard(second(value), 0.1)
    expect(recorder.level).toBeGreaterThan(0.5)
    await Promise.resolve()
    await new Promise((resolve) => setTimeout(resolve))
    expect(recorder.state).toMatchObject({ partial: 'I am' })
    microphone().onHeard(second(4), 0)
    await recorder.finish()
    expect(heard).toEqual([1, 2, 3, 4])
    expect(transcripts).toEqual(['I am learning'])
    expect(recorder.state).toEqual({ phase: 'idle' })
    expect(calls).toEqual(['start 16000', 'close'])
  })

  test('hears a recording that was made elsewhere, and tries again when that fails', async () => {
    const { recorder, transcripts, calls } = setUp()
    await recorder.hearFile(new Blob(['0123456789']))
    expect(calls).toEqual(['transcribe 10'])
    expect(transcripts).toEqual(['again'])
    expect(recorder.state).toEqual({ phase: 'idle' })
  })

  test('cancelling forgets, frees the device and tells the core', async () => {
    const { recorder, transcripts, calls, microphone } = setUp()
    await recorder.start()
    microphone().onHeard(second(1), 0.1)
    await recorder.cancel()
    expect(recorder.state).toEqual({ phase: 'idle' })
    expect(calls).toEqual(['start 16000', 'close', 'cancel'])
    expect(transcripts).toEqual([])
  })

  test('keeps the sound when the core fails, and tries again with all of it', async () => {
    const { recorder, transcripts, calls, microphone } = setUp({
      finish: () => Promise.reject(fault('model-process-down')),
    })
    await recorder.start()
    microphone().onHeard(second(1), 0.1)
    await recorder.finish()
    expect(recorder.state).toMatchObject({ phase: 'failed', kept: true, failure: { code: 'model-process-down' } })
    await recorder.retry()
    expect(calls.at(-1)).toBe(`transcribe ${44 + RATE * 2}`)
    expect(transcripts).toEqual(['again'])
  })

  test('a line lost while speaking is told at the end, and the sound is kept', async () => {
    const { recorder, microphone } = setUp({ push: () => Promise.reject(fault('disconnected')) })
    await recorder.start()
    microphone().onHeard(second(1), 0.1)
    microphone().onHeard(second(2), 0.1)
    await recorder.finish()
    expect(recorder.state).toMatchObject({ phase: 'failed', kept: true, failure: { code: 'disconnected' } })
  })

  test('silence is not worth another try', async () => {
    const { recorder, microphone } = setUp({ finish: () => Promise.reject(fault('audio-silent')) })
    await recorder.start()
    microphone().onHeard(second(0), 0)
    await recorder.finish()
    expect(recorder.state).toMatchObject({ phase: 'failed', kept: false, failure: { code: 'audio-silent' } })
  })

  test('an unplugged microphone ends the recording with what was said', async () => {
    const { recorder, transcripts, cutShort, microphone } = setUp()
    await recorder.start()
    microphone().onHeard(second(1), 0.1)
    microphone().onLost(new ScreenFault('microphone-lost'))
    await expect.poll(() => transcripts).toEqual(['I am learning'])
    expect(cutShort).toEqual(['microphone-lost'])
  })

  test('at the longest that the core takes, what was said until then is transcribed', async () => {
    let pushes = 0
    const { recorder, transcripts, cutShort, microphone } = setUp({
      push: async () => {
        pushes += 1
        if (pushes > 1) throw fault('audio-too-long')
      },
    })
    await recorder.start()
    for (const value of [1, 2, 3]) microphone().onHeard(second(value), 0.1)
    await expect.poll(() => transcripts).toEqual(['I am learning'])
    expect(cutShort).toEqual(['audio-too-long'])
    expect(recorder.state).toEqual({ phase: 'idle' })
  })

  test('a permission that is withdrawn ends the recording with what was said, and is called what it is', async () => {
    const { recorder, transcripts, cutShort, microphone } = setUp()
    await recorder.start()
    microphone().onHeard(second(1), 0.1)
    microphone().onLost(new ScreenFault('microphone-denied'))
    await expect.poll(() => transcripts).toEqual(['I am learning'])
    expect(cutShort).toEqual(['microphone-denied'])
  })

  test('a voice that is too loud is said while it is, and no longer', async () => {
    const { recorder, microphone } = setUp()
    await recorder.start()
    for (let count = 0; count < 3; count++) microphone().onHeard(second(32_767), 1)
    expect(recorder.note).toBe('clipped')
    await recorder.finish()
    expect(recorder.note).toBe(null)
  })

  test('an unplugged microphone that heard nothing is told', async () => {
    const { recorder, microphone } = setUp()
    await recorder.start()
    microphone().onLost(new ScreenFault('microphone-lost'))
    expect(recorder.state).toMatchObject({ phase: 'failed', failure: { code: 'microphone-lost' }, kept: false })
  })

  test('a refused microphone is told, and the next press asks again', async () => {
    let refuse = true
    const recorder = new Recorder({
      speech: {} as SpeechProcedures,
      openMicrophone: async () => {
        if (refuse) throw fault('microphone-denied')
        return { sampleRate: RATE, name: '', close: async () => undefined }
      },
      now: () => 0,
      onTranscript: () => undefined,
      onCutShort: () => undefined,
    })
    await recorder.start()
    expect(recorder.state).toMatchObject({ phase: 'failed', failure: { code: 'microphone-denied' }, kept: false })
    refuse = false
    void recorder.start()
    expect(recorder.state).toEqual({ phase: 'opening' })
  })

  test('ends by itself when somebody has stopped speaking, where that is wanted', async () => {
    const { recorder, transcripts, microphone } = setUp()
    await recorder.start(new SilenceWatch(2, 10))
    microphone().onHeard(second(1), 0.1)
    microphone().onHeard(second(0), 0.001)
    expect(recorder.state.phase).toBe('recording')
    microphone().onHeard(second(0), 0.001)
    await expect.poll(() => transcripts).toEqual(['I am learning'])
    await recorder.start()
    for (let count = 0; count < 20; count++) microphone().onHeard(second(0), 0.001)
    expect(recorder.state.phase).toBe('recording')
    await recorder.finish()
  })
})
