import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { newAccount, type TestRelay, testRelay } from '../../../test/relay-devices.ts'
import { memberOf, pairingLine, syncDevice, type TestSyncDevice } from '../../../test/sync-device-world.ts'
import { openTestStore } from '../../../test/vault-world.ts'
import { silentLog, systemClock, systemRandom } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { type SyncEngine, startSync } from '../engine/engine.ts'
import type { SyncState } from '../engine/state.ts'
import { openWebSocket } from '../engine/web-socket.ts'

/** Devices, their engines and a relay that listens: all of it real. */

let store: Store
let relay: TestRelay
const opened: { close(): Promise<void> }[] = []

beforeAll(async () => {
  store = await openTestStore()
  relay = await testRelay()
})
afterAll(async () => {
  await relay.stop()
  await store.close()
})
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
})

async function device(name: string, email: string, line: ReturnType<typeof pairingLine>): Promise<TestSyncDevice> {
  const made = await syncDevice(name, store, relay, { fetch: line.fetch, clock: line.clock() })
  opened.push(made)
  await made.signIn(email)
  return made
}

async function engineOf(device: TestSyncDevice): Promise<SyncEngine> {
  const { roster, session } = memberOf(device)
  const { vault } = device
  const engine = await startSync({
    ...{ db: store.database, vault, roster, session, openSocket: openWebSocket },
    ...{ clock: systemClock, random: systemRandom, log: silentLog },
  })
  opened.push(engine)
  return engine
}

function until(engine: SyncEngine, fits: (state: SyncState) => boolean): Promise<SyncState> {
  return new Promise((resolve) => {
    const look = (state: SyncState) => {
      if (!fits(state)) return
      stop()
      resolve(state)
    }
    const stop = engine.onState(look)
    look(engine.state)
  })
}

/** Resolves once the vault holds a capture with these words. */
function holds({ vault }: TestSyncDevice, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = async () => {
      const { items } = await vault.captures.list({}, { limit: 100 })
      if (!items.some(({ userText }) => userText === text)) return
      stop()
      resolve()
    }
    const stop = vault.onChange(() => void look().catch(reject))
    void look().catch(reject)
  })
}

async function begin({ devices }: TestSyncDevice): Promise<string> {
  const { words, positions } = devices.phrase.begin()
  await devices.phrase.confirm(positions.map((position) => words[position - 1] ?? ''))
  return words.join(' ')
}

async function pair(host: TestSyncDevice, joining: TestSyncDevice): Promise<void> {
  let admitting = Promise.resolve()
  const admit = async (code: string) => {
    for await (const event of host.devices.admit(code)) {
      if (event.state === 'compare') host.devices.answer(event.id, true)
    }
  }
  for await (const event of joining.devices.joinByCode()) if (event.state === 'code') admitting = admit(event.code)
  await admitting
}

it('what is said on one is on the other; a revoked one hears nothing more; the phrase alone brings a third', async () => {
  const line = pairingLine()
  const email = await newAccount(relay)
  const laptop = await device('Laptop', email, line)
  const say = ({ vault }: TestSyncDevice, userText: string) =>
    vault.captures.add({ sessionId: 's', source: 'text', userText })
  await say(laptop, 'before there was a vault to share')
  const phrase = await begin(laptop)
  const laptopEngine = await engineOf(laptop)
  await until(laptopEngine, ({ synced }) => synced)

  const tablet = await device('Tablet', email, line)
  await pair(laptop, tablet)
  const tabletEngine = await engineOf(tablet)
  await holds(tablet, 'before there was a vault to share')
  await say(tablet, 'from the tablet')
  await holds(laptop, 'from the tablet')
  await until(tabletEngine, ({ synced }) => synced)
  await until(laptopEngine, ({ synced }) => synced)
  expect(await laptop.devices.list()).toMatchObject([{ name: 'Laptop' }, { name: 'Tablet', state: 'active' }])

  await laptop.devices.revoke(memberOf(tablet).roster.device)
  expect((await until(tabletEngine, ({ phase }) => phase === 'problem')).problem?.code).toBe('device-revoked')
  await say(laptop, 'after the tablet was lost')
  await until(laptopEngine, ({ synced }) => synced)

  const phone = await device('Phone', email, line)
  await phone.devices.joinByPhrase(phrase)
  const phoneEngine = await engineOf(phone)
  await holds(phone, 'before there was a vault to share')
  await holds(phone, 'from the tablet')
  await holds(phone, 'after the tablet was lost')
  await until(phoneEngine, ({ synced }) => synced)
  const there = await tablet.vault.captures.list({}, { limit: 100 })
  expect(there.items.map(({ userText }) => userText)).not.toContain('after the tablet was lost')
}, 120_000)
