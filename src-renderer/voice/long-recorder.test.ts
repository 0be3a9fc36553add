import { beforeEach, describe, expect, test } from 'vitest'
import type { Client } from '../../src-core/contract/index.ts'
import { ScreenFault } from '../backend/failure.ts'
import { LongRecorder } from './long-recorder.ts'
import type { MicrophoneListener } from './microphone.ts'

const RATE = 16_000
const fault = (code: string) => Object.assign(new Error(code), { code, advice: '', params: {} })
const quarter = new Int16Array(RATE / 4)

describe('LongRecorder', () => {
  let calls: string[]
  let finished: string[][]
  let faults: string[]
  let pushFault: Error | undefined
  let microphone: MicrophoneListener
  let permission: Promise<void>
  let closing: Promise<void>
  let opened: number
  let recorder: LongRecorder
  let now: number
  let monotonic: number
  let inputsThere: boolean
  let inputsChanged: (() => void) | undefined

  beforeEach(() => {
    calls = []
    finished = []
    faults = []
    pushFault = undefined
    permission = Promise.resolve()
    closing = Promise.resolve()
    opened = 0
    now = 1_000
    monotonic = 0
    inputsThere = true
    inputsChanged = undefined
    let samples = 0
    recorder = new LongRecorder({
      recordings: {
        start: async ({ sampleRate }: { sampleRate: number }) => {
          calls.push(`start ${sampleRate}`)
          return { id: 'l' }
        },
        push: async ({ pcm }: { pcm: Blob }) => {
          if (pushFault) throw pushFault
          samples += pcm.size / 2
          return { seconds: samples / RATE }
        },
        pause: async () => void calls.push('pause'),
        resume: async () => void calls.push('resume'),
        finish: async () => {
          calls.push(`finish ${samples / RATE}`)
          return { documentIds: ['d'] }
        },
      } as unknown as Client['longRecordings'],
      openMicrophone: async (listener) => {
        await permission
        opened++
        microphone = listener
        const close = () => {
          calls.push('close')
          return closing
        }
        return { sampleRate: RATE, name: `input ${opened}`, close }
      },
      inputs: {
        areThere: async () => inputsThere,
        onChange: (listener) => {
          inputsChanged = listener
          return () => {
            inputsChanged = undefined
          }
        },
      },
      onFinished: (ids) => finished.push(ids),
      onFault: ({ code }) => faults.push(code),
      now: () => now,
      monotonic: () => monotonic,
    })
  })

  const settle = () => new Promise((resolve) => setTimeout(resolve))

  test('sends sound four times a second, and all of it before the end', async () => {
    await recorder.start()
    for (let count = 0; count < 8; count++) microphone.onHeard(quarter, 0.1)
    await settle()
    expect(recorder.seconds).toBe(2)
    microphone.onHeard(quarter.subarray(0, 800), 0.1)
    await recorder.finish()
    expect(calls).toEqual(['start 16000', 'close', 'finish 2.05'])
    expect(finished).toEqual([['d']])
    expect(recorder.state).toEqual({ phase: 'idle' })
  })

  test('frees the microphone while it is paused', async () => {
    await recorder.start()
    microphone.onHeard(quarter, 0.1)
    await recorder.pause()
    expect(recorder.state).toEqual({ phase: 'paused', failure: null })
    await recorder.resume()
    expect(calls).toEqual(['start 16000', 'close', 'pause', 'resume'])
    expect(recorder.state).toEqual({ phase: 'recording' })
  })

  test('opens one microphone, however often it is asked to go on, and does not end while it waits for permission', async () => {
    await recorder.start()
    await recorder.pause()
    const { promise, resolve } = Promise.withResolvers<void>()
    permission = promise
    const resuming = [recorder.resume(), recorder.resume(), recorder.finish()]
    expect(recorder.state).toEqual({ phase: 'opening' })
    resolve()
    await Promise.all(resuming)
    expect(opened).toBe(2)
    expect(recorder.state).toEqual({ phase: 'recording' })
    await recorder.finish()
    expect(calls.filter((call) => call === 'close')).toHaveLength(2)
  })

  test('begins with nothing of a recording that did not begin', async () => {
    await recorder.start()
    await recorder.finish()
    microphone.onHeard(quarter, 0.1)
    await recorder.start()
    await recorder.finish()
    expect(calls.at(-1)).toBe('finish 0')
  })

  test('a microphone that goes away while another one is there: it goes on with that one, and says how much is missing', async () => {
    await recorder.start()
    microphone.onHeard(quarter, 0.1)
    const { promise, resolve } = Promise.withResolvers<void>()
    permission = promise
    microphone.onLost(new ScreenFault('microphone-lost'))
    await settle()
    expect(recorder.state).toEqual({ phase: 'opening' })
    monotonic = 3_000
    resolve()
    await settle()
    expect(recorder.state).toEqual({ phase: 'recording' })
    expect(recorder.microphone).toBe('input 2')
    expect(recorder.missing).toEqual({ slept: 0, unplugged: 3 })
    expect(calls).toEqual(['start 16000', 'close', 'pause', 'resume'])
    microphone.onHeard(quarter, 0.1)
    await recorder.finish()
    expect(calls.at(-1)).toBe('finish 0.5')
  })

  test('a microphone that goes away while no other is there pauses it and says so; it goes on by itself when one comes', async () => {
    await recorder.start()
    inputsThere = false
    microphone.onLost(new ScreenFault('microphone-lost'))
    await settle()
    expect(recorder.state).toMatchObject({ phase: 'paused', failure: { code: 'microphone-lost' } })
    expect(recorder.waitsForInput).toBe(true)
    inputsChanged?.()
    await settle()
    expect(recorder.state.phase).toBe('paused')
    inputsThere = true
    // A device that is listed and cannot be opened yet.
    permission = Promise.reject(fault('microphone-busy'))
    inputsChanged?.()
    await settle()
    expect(recorder.state).toMatchObject({ phase: 'paused', failure: { code: 'microphone-busy' } })
    permission = Promise.resolve()
    inputsChanged?.()
    await settle()
    expect(recorder.state).toEqual({ phase: 'recording' })
    expect([recorder.waitsForInput, inputsChanged]).toEqual([false, undefined])
  })

  test('a device that is told of while the lost one is still being closed: it waits for that, and no microphone stays open', async () => {
    await recorder.start()
    const { promise, resolve } = Promise.withResolvers<void>()
    closing = promise
    microphone.onLost(new ScreenFault('microphone-lost'))
    inputsChanged?.()
    await settle()
    expect([recorder.state.phase, opened]).toEqual(['opening', 1])
    resolve()
    await settle()
    expect(recorder.state).toEqual({ phase: 'recording' })
    expect(recorder.microphone).toBe('input 2')
    expect(calls).toEqual(['start 16000', 'close', 'pause', 'resume'])
    await recorder.finish()
    expect(calls.filter((call) => call === 'close')).toHaveLength(2)
  })

  test('ending it ends the wait for a microphone', async () => {
    await recorder.start()
    microphone.onHeard(quarter, 0.1)
    inputsThere = false
    microphone.onLost(new ScreenFault('microphone-lost'))
    await settle()
    const change = inputsChanged
    await recorder.finish()
    inputsThere = true
    change?.()
    await settle()
    expect([recorder.state.phase, opened, inputsChanged]).toEqual(['idle', 1, undefined])
    expect(finished).toEqual([['d']])
  })

  test('a permission that is withdrawn pauses it, says so and opens nothing by itself', async () => {
    await recorder.start()
    microphone.onHeard(quarter, 0.1)
    microphone.onLost(new ScreenFault('microphone-denied'))
    await settle()
    expect(recorder.state).toMatchObject({ phase: 'paused', failure: { code: 'microphone-denied' } })
    expect([recorder.waitsForInput, opened]).toEqual([false, 1])
    await recorder.finish()
    expect(calls.at(-1)).toBe('finish 0.25')
  })

  test('a microphone that is gone before the core has answered is said, and nothing is recorded', async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    permission = promise
    const starting = recorder.start()
    await settle()
    resolve()
    while (opened === 0) await Promise.resolve()
    microphone.onLost(new ScreenFault('microphone-lost'))
    await starting
    expect(recorder.state).toEqual({ phase: 'idle' })
    expect(faults).toEqual(['microphone-lost'])
  })

  test('a sound that is too loud is said while it is', async () => {
    await recorder.start()
    for (let count = 0; count < 12; count++) microphone.onHeard(new Int16Array(RATE / 4).fill(-32_768), 1)
    expect(recorder.note).toBe('clipped')
    await recorder.pause()
    expect(recorder.note).toBe(null)
  })

  test('a full disk pauses it and says so; nothing of what was heard is lost once there is room', async () => {
    await recorder.start()
    microphone.onHeard(quarter, 0.1)
    await settle()
    pushFault = fault('disk-full')
    microphone.onHeard(quarter, 0.1)
    microphone.onHeard(quarter, 0.1)
    await settle()
    const full = { phase: 'paused', failure: { code: 'disk-full' } }
    expect(recorder.state).toMatchObject(full)
    await recorder.resume()
    expect(recorder.state).toMatchObject(full)
    await recorder.finish()
    expect(recorder.state).toMatchObject(full)
    pushFault = undefined
    await recorder.resume()
    expect(recorder.state).toEqual({ phase: 'recording' })
    microphone.onHeard(quarter, 0.1)
    await recorder.finish()
    expect(finished).toEqual([['d']])
    expect(calls.at(-1)).toBe('finish 1')
  })

  test('a disk that is full at its end pauses it in the core too, which would end it otherwise', async () => {
    await recorder.start()
    microphone.onHeard(quarter, 0.1)
    pushFault = fault('disk-full')
    await recorder.finish()
    expect(recorder.state).toMatchObject({ phase: 'paused', failure: { code: 'disk-full' } })
    expect(calls.at(-1)).toContain('pause')
    pushFault = undefined
    await recorder.finish()
    expect(finished).toEqual([['d']])
  })

  test('what fails for another reason than a full disk is not sent twice', async () => {
    await recorder.start()
    pushFault = fault('core-gone')
    microphone.onHeard(quarter, 0.1)
    await settle()
    expect(recorder.state).toMatchObject({ phase: 'paused' })
    pushFault = undefined
    await recorder.resume()
    microphone.onHeard(quarter, 0.1)
    await recorder.finish()
    expect(calls.at(-1)).toBe('finish 0.25')
  })

  test('sleeps and wakes with the computer, and tells what is missing', async () => {
    await recorder.start()
    microphone.onHeard(quarter, 0.1)
    // Told of the sleep only when it is over: what counts is the last sound.
    now = 500_000
    await recorder.sleep()
    expect(recorder.state).toEqual({ phase: 'paused', failure: null })
    await recorder.wake()
    expect(recorder.state).toEqual({ phase: 'recording' })
    expect(recorder.missing).toEqual({ slept: 499, unplugged: 0 })
    expect(calls).toEqual(['start 16000', 'close', 'pause', 'resume'])
    await recorder.finish()
    await recorder.start()
    expect(recorder.missing).toEqual({ slept: 0, unplugged: 0 })
  })

  test('what was paused before stays paused, and a clock that goes back changes no sound', async () => {
    await recorder.wake()
    await recorder.sleep()
    await recorder.start()
    microphone.onHeard(quarter, 0.1)
    now = -7_200_000
    microphone.onHeard(quarter, 0.1)
    await settle()
    await recorder.pause()
    await recorder.sleep()
    await recorder.wake()
    expect(recorder.state).toEqual({ phase: 'paused', failure: null })
    expect(recorder.missing).toEqual({ slept: 0, unplugged: 0 })
    await recorder.finish()
    expect(calls.at(-1)).toBe('finish 0.5')
  })

  test('a microphone that is gone after the sleep is said; what was recorded is kept', async () => {
    await recorder.start()
    microphone.onHeard(quarter, 0.1)
    await recorder.sleep()
    permission = Promise.reject(fault('microphone-missing'))
    await recorder.wake()
    expect(recorder.state).toMatchObject({ phase: 'paused', failure: { code: 'microphone-missing' } })
  })
})
