import { describe, expect, it } from 'vitest'
import { connectionCarrier, createClient } from '../src-core/contract/index.ts'
import { createContractServer, createRouter, type Services } from '../src-core/contract/server/index.ts'
import { LvaError, ManualClock, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { type FakeChild, fakeChild } from '../test/hosts/fake-child.ts'
import { lineConnection } from '../test/hosts/line-connection.ts'
import { linkHost } from './core/host-link.ts'
import { CoreHost, type CoreState } from './core-host.ts'
import { createSessionStore } from './secrets/secret-store.ts'

/** A host whose core is this test's. `boot` runs inside each core that the host starts. */
function host(boot: (link: ReturnType<typeof linkHost>, child: FakeChild) => void) {
  const clock = new ManualClock()
  const cores: FakeChild[] = []
  const models: FakeChild[] = []
  const states: CoreState[] = []
  const core = new CoreHost({
    fork: (name) => {
      const child = fakeChild()
      if (name === 'core') {
        cores.push(child)
        boot(linkHost(child.port), child)
      } else models.push(child)
      return child.handle
    },
    kind: 'browser',
    environment: {},
    openSecrets: async () => createSessionStore(),
    clock,
    log: silentLog,
    onState: (state) => states.push(state),
  })
  return { core, clock, cores, models, states }
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('CoreHost', () => {
  it('is ready when the core says so', async () => {
    const { core, states } = host((link) => link.ready())
    await core.start()
    expect(states.map(({ state }) => state)).toEqual(['starting', 'ready'])
  })

  it('gives the reason of a core that cannot run, and does not start it again', async () => {
    const { core, cores, clock } = host((link, child) => {
      link.fatal(new LvaError('vault-locked', 'In use.', { params: { pid: 7 } }))
      setTimeout(() => child.exit(1), 2)
    })
    await expect(core.start()).rejects.toMatchObject({ code: 'vault-locked', params: { pid: 7 } })
    clock.advance(60_000)
    await settle()
    expect(cores).toHaveLength(1)
  })

  it('starts a core that ended again after a pause, ends its models, and tells its clients', async () => {
    const { core, cores, models, clock, states } = host((link) => {
      link.ready()
      link.spawnModels()
    })
    await core.start()
    await settle()
    let closed = 0
    core.connect({ onFrame: () => undefined, onClose: () => void closed++ })
    cores[0]?.exit(null)
    expect(closed).toBe(1)
    expect(models[0]?.killed).toBe(true)
    expect(states.at(-1)).toEqual({ state: 'restarting', inMs: 250 })
    const ready = core.ready()
    await settle()
    clock.advance(250)
    await ready
    expect(cores).toHaveLength(2)
  })

  it('gives up on a core that keeps ending', async () => {
    const { core, cores, clock } = host((_link, child) => setTimeout(() => child.exit(9), 1))
    const failed = expect(core.start()).rejects.toMatchObject({ code: 'core-failed' })
    while (core.state.state !== 'failed') {
      await settle()
      clock.advance(5_000)
    }
    await failed
    expect(cores).toHaveLength(6)
  })

  it('asks the core to close and waits for it', async () => {
    const { core, cores } = host((link, child) => {
      link.onShutdown(() => setTimeout(() => child.exit(0), 20))
      link.ready()
    })
    await core.start()
    await core.close()
    expect(cores[0]?.killed).toBe(false)
    await expect(core.ready()).rejects.toMatchObject({ code: 'disconnected' })
  })

  it('ends a core that does not close', async () => {
    const { core, cores, clock } = host((link) => {
      link.onShutdown(() => undefined)
      link.ready()
    })
    await core.start()
    const closed = core.close()
    await settle()
    clock.advance(15_000)
    await closed
    expect(cores[0]?.killed).toBe(true)
  })

  it('relays the models process both ways', async () => {
    const heard: unknown[] = []
    const { core, models } = host((link) => {
      const child = link.spawnModels()
      child.onMessage((message) => heard.push(message))
      child.onExit((code) => heard.push({ exit: code }))
      child.send({ hello: new Float32Array([1, 2]) })
      link.ready()
    })
    await core.start()
    models[0]?.port.onMessage((message) => models[0]?.port.send({ echo: message }))
    await settle()
    models[0]?.exit(3)
    await settle()
    expect(heard).toEqual([{ echo: { hello: new Float32Array([1, 2]) } }, { exit: 3 }])
  })

  it('keeps secrets for the core, across its restarts', async () => {
    const kinds: unknown[] = []
    const { core, cores, clock } = host(async (link) => {
      const store = await link.openSecrets()
      kinds.push(store.kind, await store.load())
      await store.save({ openai: 'k' })
      link.ready()
    })
    await core.start()
    cores[0]?.exit(1)
    const ready = core.ready()
    await settle()
    clock.advance(250)
    await ready
    expect(kinds).toEqual(['session', {}, 'session', { openai: 'k' }])
  })

  it('carries the contract, and holds the core back while a client is slow', async () => {
    let produced = 0
    const { core } = host((link) => {
      const turns = {
        async *send() {
          for (; produced < 50; produced += 1) yield { type: 'delta', text: 'x' }
        },
      }
      const server = createContractServer(createRouter({ turns } as unknown as Services), silentLog, systemClock)
      link.onConnection((connection) => server.serve(connection, { host: 'browser' }))
      link.ready()
    })
    await core.start()
    const connection = lineConnection(core)
    const client = createClient(connectionCarrier(connection))
    const stream = await client.turns.send({ sessionId: null, text: 'x', source: 'text' })
    expect((await stream.next()).value).toEqual({ type: 'delta', text: 'x' })
    connection.pause()
    await settle()
    const held = produced
    await settle()
    expect(produced - held).toBeLessThan(2)
    connection.resume()
    for await (const _event of stream);
    expect(produced).toBe(50)
  })
})
