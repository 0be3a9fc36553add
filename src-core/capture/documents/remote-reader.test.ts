import { setImmediate as turn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type FakeChild, fakeChild } from '../../../test/hosts/fake-child.ts'
import { configSchema, ManualClock, silentLog } from '../../kernel/index.ts'
import type { ReaderMessage } from './reader-protocol.ts'
import { createRemoteReader, type RemoteReader } from './remote-reader.ts'

const limits = { ...configSchema.parse({}).documents, seconds: 100, stallSeconds: 30, memoryMb: 500 }
const parsed = { title: '', pages: null, text: 'Read.', blocks: [{ kind: 'paragraph', start: 0, end: 5, place: null }] }

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What the process does with a document; the test plays it. */
type Play = (child: FakeChild, id: number) => void

describe('the reader of documents', () => {
  let clock: ManualClock
  let children: FakeChild[]
  let plays: Play[]
  let mores: Play[]
  let reader: RemoteReader

  beforeEach(() => {
    clock = new ManualClock()
    children = []
    plays = []
    mores = []
    const spawn = () => {
      const child = fakeChild()
      child.port.onMessage((raw) => {
        const message = raw as ReaderMessage
        if (message.type === 'read' || message.type === 'decode') plays.shift()?.(child, message.id)
        if (message.type === 'more') mores.shift()?.(child, message.id)
      })
      children.push(child)
      return child.handle
    }
    reader = createRemoteReader({ spawn, limits, logLevel: 'silent', clock, log: silentLog })
  })

  const steps: number[] = []
  const read = (signal = new AbortController().signal) =>
    reader.read(
      { bytes: new Uint8Array([1]), format: 'text', name: 'x.txt' },
      { onProgress: (done) => void steps.push(done), signal },
    )
  const done: Play = ({ port }, id) => port.send({ type: 'done', id, parsed, residentMb: 50 })

  it.each<[string, Play]>([
    ['crashes', (child) => child.exit(139)],
    ['is killed', (child) => child.exit(null)],
    ['runs out of memory', ({ port }, id) => port.send({ type: 'progress', id, done: 1, total: 2, residentMb: 501 })],
    ['says nothing that it should', ({ port }) => port.send('garbage')],
    ['says nothing at all', ({ port }) => port.send(null)],
    ['answers without a text', ({ port }, id) => port.send({ type: 'done', id, parsed: {}, residentMb: 1 })],
  ])('gives up a document when its process %s, and reads the next in a new one', async (_, play) => {
    plays = [play, done]
    await expect(read()).rejects.toMatchObject({ code: 'document-too-complex' })
    expect(await read()).toEqual(parsed)
    expect(children).toHaveLength(2)
  })

  it('holds nothing of a document once it was read, failed or was stopped', async () => {
    const stopping = new AbortController()
    const plans: [Play, AbortSignal | undefined][] = [
      [done, undefined],
      [(child) => child.exit(139), undefined],
      [() => stopping.abort(), stopping.signal],
    ]
    for (const [play, signal] of plans) {
      plays = [play]
      const bytes = await readAndForget(signal)
      await turn()
      collectGarbage()
      expect(bytes.deref()).toBeUndefined()
    }
  })

  /** @returns the bytes, as far as somebody else still holds them */
  async function readAndForget(signal = new AbortController().signal): Promise<WeakRef<Uint8Array>> {
    const bytes = new Uint8Array(1_000_000)
    await reader
      .read({ bytes, format: 'text', name: 'x.txt' }, { onProgress: () => undefined, signal })
      .catch(() => undefined)
    return new WeakRef(bytes)
  }

  it('ends a process that makes no step', async () => {
    plays = [() => undefined, done]
    const failed = expect(read()).rejects.toMatchObject({ code: 'document-took-too-long', params: { limit: 30 } })
    await pass(31_000)
    await failed
    expect(children[0]?.killed).toBe(true)
    expect(await read()).toEqual(parsed)
  })

  it('ends a process that makes steps without end', async () => {
    let say = () => undefined as unknown
    plays = [({ port }, id) => (say = () => port.send({ type: 'progress', id, done: 1, total: 2, residentMb: 1 }))]
    const failed = expect(read()).rejects.toMatchObject({ code: 'document-took-too-long', params: { limit: 100 } })
    await turn()
    for (let second = 0; second < 101; second += 10) {
      say()
      await pass(10_000)
    }
    await failed
    expect(children[0]?.killed).toBe(true)
  })

  it('ends the process of a document that is stopped', async () => {
    const stop = new AbortController()
    plays = [() => stop.abort()]
    await expect(read(stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
    expect(children[0]?.killed).toBe(true)
  })

  it('keeps a small process for the next document, and replaces one that has grown', async () => {
    plays = [done, ({ port }, id) => port.send({ type: 'done', id, parsed, residentMb: 300 }), done]
    for (let count = 0; count < 3; count++) await read()
    expect(children).toHaveLength(2)
  })

  it('does not listen to a document that is over', async () => {
    plays = [
      (child, id) => {
        done(child, id)
        child.port.send({ type: 'failed', id, error: { code: 'internal' }, residentMb: 1 })
      },
      done,
    ]
    expect(await read()).toEqual(parsed)
    expect(await read()).toEqual(parsed)
  })

  describe('of recordings', () => {
    const samples = new Float32Array(16)
    const sound: Play = ({ port }, id) => port.send({ type: 'sound', id, samples, seconds: 2, residentMb: 50 })
    const decode = (onSound: (samples: Float32Array, seconds: number) => Promise<void>) =>
      reader.decode(new Uint8Array([1]), { onSound, signal: new AbortController().signal })

    it('asks for the next stretch when the last one was heard, however long that takes', async () => {
      const heard = Promise.withResolvers<void>()
      plays = [sound]
      mores = [sound, ({ port }, id) => port.send({ type: 'decoded', id, residentMb: 50 })]
      const got: number[] = []
      const decoding = decode(async (given, seconds) => {
        got.push(given.length, seconds)
        await heard.promise
      })
      await pass(300_000)
      expect(got).toEqual([16, 2])
      heard.resolve()
      await decoding
      expect(got).toEqual([16, 2, 16, 2])
      expect(children[0]?.killed).toBe(false)
    })

    it('still gives up a process that makes no step once it was asked for more', async () => {
      plays = [sound]
      const failed = expect(decode(async () => undefined)).rejects.toMatchObject({ code: 'document-took-too-long' })
      await pass(31_000)
      await failed
      expect(children[0]?.killed).toBe(true)
    })

    it('ends the process when what is heard is not wanted any more', async () => {
      plays = [sound, done]
      await expect(decode(() => Promise.reject(new Error('too long')))).rejects.toThrow('too long')
      expect(children[0]?.killed).toBe(true)
      expect(await read()).toEqual(parsed)
    })
  })

  /** Lets so many milliseconds pass, in the steps in which the supervisor looks. */
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) {
      await turn()
      clock.advance(250)
    }
    await turn()
  }
})
