import { afterEach, describe, expect, it } from 'vitest'
import { Channel, LvaError, ManualClock, silentLog, systemClock } from '../../kernel/index.ts'
import { connectionCarrier } from '../carrier.ts'
import { createClient } from '../client.ts'
import { type Connection, connectionPair, MAX_FRAME_BYTES } from '../connection.ts'
import { createRouter } from './router.ts'
import { createContractServer } from './serve-connection.ts'
import type { Services } from './services.ts'

const capture = {
  id: 'c1',
  sessionId: 's1',
  createdAt: '2026-01-01T00:00:00.000Z',
  editedAt: null,
  source: 'text' as const,
  userText: 'hello',
  answer: null,
  audioSha256: null,
  metadata: {},
}

/** Services of which a test fills in the few that it calls. */
function services(parts: Record<string, unknown>): Services {
  return { newId: () => 'new', ...parts } as unknown as Services
}

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const part of open.splice(0)) await part.close()
})

function serve(parts: Record<string, unknown>, wrap = (connection: Connection) => connection) {
  const server = createContractServer(createRouter(services(parts)), silentLog, systemClock)
  const [near, far] = connectionPair()
  server.serve(far, { host: 'cli' })
  open.push(server)
  return { server, near, client: createClient(connectionCarrier(wrap(near)), { lineTimeoutMs: 200 }) }
}

describe('the contract over a connection', () => {
  it('answers with what the service answers', async () => {
    const { client } = serve({ vault: { captures: { get: async (id: string) => ({ ...capture, id }) } } })
    expect(await client.captures.get({ id: 'c7' })).toEqual({ ...capture, id: 'c7' })
  })

  it('hands the errors of the core to the caller as they are', async () => {
    const error = new LvaError('disk-full', 'The disk is full.', { advice: 'Free some space.', params: { free: 3 } })
    const { client } = serve({ vault: { captures: { get: () => Promise.reject(error) } } })
    await expect(client.captures.get({ id: 'x' })).rejects.toMatchObject({
      name: 'LvaError',
      code: 'disk-full',
      message: 'The disk is full.',
      advice: 'Free some space.',
      params: { free: 3 },
    })
  })

  it('keeps the text of unexpected errors inside', async () => {
    const { client } = serve({ vault: { captures: { get: () => Promise.reject(new Error('my diary says')) } } })
    const error = await client.captures.get({ id: 'x' }).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'internal' })
    expect(JSON.stringify(error) + error.message).not.toContain('diary')
  })

  it('names the values that do not fit and does not repeat them', async () => {
    const { client } = serve({})
    const error = await client.turns
      .send({ sessionId: null, text: 42 as unknown as string, source: 'text' })
      .catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'bad-input', params: { fields: 'text' } })
  })

  it('carries Blobs both ways, in the order in which they were sent', async () => {
    const heard: number[] = []
    const { client } = serve({
      recordings: {
        push: async (_id: string, pcm: Uint8Array) => void heard.push(pcm.byteLength),
        finish: async () => {
          heard.push(-1)
          return { text: '', seconds: 1, segments: [], model: 'm', language: 'en', audioSha256: null }
        },
        read: async () => Uint8Array.from([1, 255, 0, 254]),
      },
    })
    const pushes = [400_000, 3, 2].map((bytes) =>
      client.speech.push({ recordingId: 'r', pcm: new Blob([new Uint8Array(bytes)]) }),
    )
    await Promise.all([...pushes, client.speech.finish({ recordingId: 'r' })])
    expect(heard).toEqual([400_000, 3, 2, -1])
    const wav = await client.speech.recording({ sha256: 'a'.repeat(64) })
    expect(wav.type).toBe('audio/wav')
    expect(new Uint8Array(await wav.arrayBuffer())).toEqual(Uint8Array.from([1, 255, 0, 254]))
  })

  it('streams, and hands on an error in the middle of a stream', async () => {
    const { client } = serve({
      turns: {
        async *send() {
          yield { type: 'started', capture }
          yield { type: 'delta', text: 'a' }
          throw new LvaError('provider-stream-cut', 'The answer broke off.')
        },
      },
    })
    const seen: string[] = []
    const read = async () => {
      for await (const event of await client.turns.send({ sessionId: null, text: 'x', source: 'text' }))
        seen.push(event.type)
    }
    await expect(read()).rejects.toMatchObject({ code: 'provider-stream-cut' })
    expect(seen).toEqual(['started', 'delta'])
  })

  /** A turn that says one word, then waits; tells when it was stopped. */
  function quietTurn() {
    const stopped = Promise.withResolvers<string>()
    return {
      stopped: stopped.promise,
      turns: {
        async *send(_request: unknown, signal: AbortSignal) {
          const silence = new Channel<never>()
          signal.addEventListener('abort', () => silence.end())
          yield { type: 'delta', text: 'one' }
          yield* silence
          stopped.resolve('stored what came so far')
        },
      },
    }
  }
  const question = { sessionId: null, text: 'x', source: 'text' as const }

  it.each([
    ['leaving the loop', async (stream: AsyncIterableIterator<unknown>) => void (await stream.return?.())],
    ['aborting the signal', async (_stream: unknown, abort: AbortController) => abort.abort()],
    ['closing the line', async (_stream: unknown, _abort: unknown, near: Connection) => near.close()],
  ])('stops the work in the core by %s', async (_name, stop) => {
    const { stopped, turns } = quietTurn()
    const { client, near } = serve({ turns })
    const abort = new AbortController()
    const stream = await client.turns.send(question, { signal: abort.signal })
    expect(await stream.next()).toMatchObject({ value: { type: 'delta' } })
    await stop(stream as unknown as AsyncIterableIterator<unknown>, abort, near)
    expect(await stopped).toBe('stored what came so far')
  })

  it('ends quietly for a reader who waits while another part leaves the stream', async () => {
    const { stopped, turns } = quietTurn()
    const { client } = serve({ turns })
    const stream = await client.turns.send(question)
    await stream.next()
    const waiting = stream.next()
    await stream.return?.()
    expect(await waiting).toMatchObject({ done: true })
    await stopped
  })

  it('waits at closing for what a stopped turn still stores', async () => {
    let stored = false
    const { client, server } = serve({
      turns: {
        async *send(_request: unknown, signal: AbortSignal) {
          const silence = new Channel<never>()
          signal.addEventListener('abort', () => silence.end())
          yield { type: 'delta', text: 'one' }
          yield* silence
          await new Promise((resolve) => setTimeout(resolve, 30))
          stored = true
        },
      },
    })
    const stream = await client.turns.send(question)
    await stream.next()
    const rest = expect(stream.next()).rejects.toMatchObject({ code: 'disconnected' })
    await server.close()
    expect(stored).toBe(true)
    await rest
  })

  it('does not wait for ever at closing for a call that hangs', async () => {
    const clock = new ManualClock()
    const hang = services({ vault: { captures: { get: () => new Promise(() => undefined) } } })
    const server = createContractServer(createRouter(hang), silentLog, clock)
    const [near, far] = connectionPair()
    server.serve(far, { host: 'cli' })
    const call = createClient(connectionCarrier(near)).captures.get({ id: 'x' })
    await new Promise((resolve) => setTimeout(resolve, 10))
    const closed = server.close()
    await expect(call).rejects.toMatchObject({ code: 'disconnected' })
    clock.advance(5_000)
    await closed
  })

  it('fails calls and streams on a lost line, and calls after it, with disconnected', async () => {
    const { turns } = quietTurn()
    const never = Promise.withResolvers<typeof capture>()
    const { client, near } = serve({ turns, vault: { captures: { get: () => never.promise } } })
    const call = client.captures.get({ id: 'c' })
    const stream = await client.turns.send(question)
    await stream.next()
    near.close()
    await expect(call).rejects.toMatchObject({ code: 'disconnected' })
    await expect(stream.next()).rejects.toMatchObject({ code: 'disconnected' })
    never.resolve(capture)
    await expect(client.captures.get({ id: 'c' })).rejects.toMatchObject({ code: 'disconnected' })
  })

  it('refuses what no carrier takes before it is sent', async () => {
    const { client } = serve({ recordings: { push: async () => undefined } })
    const pcm = new Blob([new Uint8Array(MAX_FRAME_BYTES)])
    await expect(client.speech.push({ recordingId: 'r', pcm })).rejects.toMatchObject({ code: 'bad-input' })
    await client.speech.push({ recordingId: 'r', pcm: new Blob(['small']) })
  })

  it('closes a connection that sends something else than the protocol', async () => {
    const server = createContractServer(createRouter(services({})), silentLog, systemClock)
    open.push(server)
    const [near, far] = connectionPair()
    server.serve(far, { host: 'cli' })
    const closed = new Promise<void>((resolve) => near.onClose(resolve))
    near.send('{"not": ')
    await closed
  })

  it('lets a slow reader hold a stream back', async () => {
    let produced = 0
    const gate = Promise.withResolvers<void>()
    const server = createContractServer(
      createRouter(
        services({
          turns: {
            async *send() {
              for (; produced < 100; produced += 1) yield { type: 'delta', text: 'x' }
            },
          },
        }),
      ),
      silentLog,
      systemClock,
    )
    open.push(server)
    const [near, far] = connectionPair()
    let sent = 0
    server.serve({ ...slow(far, () => (++sent > 5 ? gate.promise : undefined)) }, { host: 'cli' })
    const client = createClient(connectionCarrier(near))
    const stream = await client.turns.send(question)
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(produced).toBeLessThan(10)
    gate.resolve()
    let received = 0
    for await (const _event of stream) received += 1
    expect(received).toBe(100)
  })
})

function slow(connection: Connection, wait: () => Promise<void> | undefined): Connection {
  return {
    send: async (frame) => {
      await wait()
      await connection.send(frame)
    },
    onFrame: (listener) => connection.onFrame(listener),
    onClose: (listener) => connection.onClose(listener),
    close: () => connection.close(),
  }
}
