import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { idMaker, isLvaError, type Random, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { CoreDevice } from './core-device.ts'
import { openProxy, type RecordingProxy } from './recording-proxy.ts'
import { PASSWORD } from './relay-devices.ts'
import { type RelayProcess, startRelayProcess } from './relay-process.ts'
import { contentsOf, openStoreIn, shadowsOf } from './vault-world.ts'

/** What came of it: how much each device holds, and where the devices differ or something acknowledged is missing. */
export interface Outcome {
  kills: { relay: number; devices: number }
  acknowledged: number
  problems: string[]
}

const DEVICES = 3
/** What each learner does in a round, at least. */
const ACTS = 6
const LOOK_AGAIN_MS = 100

/**
 * Three devices and a relay, each a process of its own, on loopback. In each round learners write on all devices while one to three of the
 * four processes are killed with -9 in the middle, each after so many acknowledged acts as the seed says, and started again. In the end
 * all devices must hold the same documents and rows, with everything that was acknowledged to a learner.
 */
export async function killAtRandom(seed: number, rounds: number, tell: (line: string) => void): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'lva-killed-'))
  const world = new World(seed, folder, await openProxy(false))
  try {
    await world.begin()
    for (let round = 1; round <= rounds; round += 1) {
      await world.round()
      tell(`round ${round} of ${rounds}: ${world.told()}`)
    }
    await world.comeTogether()
    return await world.outcome()
  } finally {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

class World {
  readonly #random: Random
  readonly #folder: string
  readonly #line: RecordingProxy
  readonly #devices: CoreDevice[]
  readonly #kept: Set<string>[]
  readonly #kills = { relay: 0, devices: 0 }
  #relay: RelayProcess | undefined
  #words = 0

  constructor(seed: number, folder: string, line: RecordingProxy) {
    this.#random = seededRandom(seed)
    this.#folder = folder
    this.#line = line
    this.#devices = Array.from({ length: DEVICES }, (_, at) => new CoreDevice(join(folder, `device-${at + 1}`)))
    this.#kept = this.#devices.map(() => new Set())
  }

  /** The first device begins the vault, the others join it by its phrase. */
  async begin(): Promise<void> {
    await this.#startRelay()
    const account = { relay: this.#line.address, email: 'ada@example.org', password: PASSWORD }
    const [first, ...others] = this.#devices as [CoreDevice, ...CoreDevice[]]
    await first.start()
    await first.client.sync.createAccount(account)
    const { words, positions } = await first.client.sync.newPhrase()
    await first.client.sync.confirmPhrase({ words: positions.map((position) => words[position - 1] ?? '') })
    await synced(first)
    for (const device of others) {
      await device.start()
      await device.client.sync.signIn(account)
      await device.client.sync.joinByPhrase({ phrase: words.join(' ') })
    }
  }

  async round(): Promise<void> {
    let acts = 0
    // Drawn before anything runs, so that the seed alone decides it.
    const victims = this.#victims()
    const plans = this.#devices.map(() => Array.from({ length: ACTS }, () => this.#below(10)))
    /** Kills those whose time has come; each comes back while the others go on. */
    const returning: Promise<void>[] = []
    const acted = () => {
      acts += 1
      for (const victim of victims.splice(0)) {
        if (victim.after > acts) victims.push(victim)
        else returning.push(victim.which === undefined ? this.#killRelay() : this.#killDevice(victim.which))
      }
    }
    await Promise.all(this.#devices.map((device, at) => this.#learn(device, at, plans[at] ?? [], acted)))
    for (const { which } of victims) returning.push(which === undefined ? this.#killRelay() : this.#killDevice(which))
    await Promise.all(returning)
  }

  told(): string {
    const { relay, devices } = this.#kills
    return `${this.#acknowledged()} acknowledged, the relay killed ${relay} times, devices ${devices}`
  }

  /** Says on all devices that they are synced, until a whole round of asking has found nothing new. */
  async comeTogether(): Promise<void> {
    for (let isQuiet = false; !isQuiet; ) {
      for (const device of this.#devices) await synced(device)
      const states = await Promise.all(this.#devices.map(({ client }) => client.sync.now()))
      const lists = await Promise.all(this.#devices.map(wordsOf))
      isQuiet = states.every((state) => state.synced) && lists.every((words) => words === lists[0])
      if (!isQuiet) await systemClock.sleep(LOOK_AGAIN_MS)
    }
  }

  /** Closes all devices, and compares what their folders hold. */
  async outcome(): Promise<Outcome> {
    const problems: string[] = []
    const held: string[] = []
    for (const device of this.#devices) {
      await device.stop()
      held.push(await contentOf(device.dataDir))
    }
    held.forEach((content, at) => {
      if (content !== held[0]) problems.push(`devices 1 and ${at + 1} differ:\n${held[0]}\n${content}`)
      for (const word of this.#kept.flatMap((kept) => [...kept]))
        if (!content.includes(word)) problems.push(`${word} was acknowledged, and device ${at + 1} has it not`)
    })
    return { kills: this.#kills, acknowledged: this.#acknowledged(), problems }
  }

  async close(): Promise<void> {
    for (const device of this.#devices) await device.stop()
    await this.#line.close()
    await this.#relay?.kill()
  }

  #acknowledged(): number {
    return this.#kept.reduce((sum, kept) => sum + kept.size, 0)
  }

  #below(most: number): number {
    return Math.floor(this.#random.fraction() * most)
  }

  /** One to three of the four, and after how many acts each is killed. Undefined stands for the relay. */
  #victims(): { which: number | undefined; after: number }[] {
    const all: (number | undefined)[] = [undefined, ...this.#devices.keys()]
    return Array.from({ length: 1 + this.#below(3) }, () => {
      const [which] = all.splice(this.#below(all.length), 1)
      return { which, after: 1 + this.#below(DEVICES * ACTS) }
    })
  }

  async #startRelay(): Promise<void> {
    this.#relay = await startRelayProcess(join(this.#folder, 'relay'))
    this.#line.lead(this.#relay.address)
  }

  async #killRelay(): Promise<void> {
    this.#kills.relay += 1
    await this.#relay?.kill()
    this.#line.lead(undefined)
    await this.#startRelay()
  }

  async #killDevice(at: number): Promise<void> {
    this.#kills.devices += 1
    await this.#devices[at]?.kill()
    await this.#devices[at]?.start()
  }

  /** Somebody writes on a device, so long as it runs; what it answers is kept. */
  async #learn(device: CoreDevice, at: number, plan: readonly number[], acted: () => void): Promise<void> {
    for (const choice of plan) {
      if (!device.isRunning) return
      this.#words += 1
      const word = `word${at + 1}x${this.#words}.`
      try {
        if (await write(device, word, choice)) this.#kept[at]?.add(word)
      } catch (error) {
        // It was killed in the middle: nobody knows whether this was done.
        if (!isLvaError(error, 'disconnected')) throw error
        return
      }
      acted()
    }
  }
}

/** @returns whether the word must be found for good: in the text of a note, another device may have written over it */
async function write({ client }: CoreDevice, word: string, choice: number): Promise<boolean> {
  if (choice < 6) {
    await client.captures.add({ sessionId: null, text: word, source: 'text' })
    return true
  }
  const { items } = await client.notes.list({ limit: 3 })
  const note = items[choice % Math.max(1, items.length)]
  if (!note || choice === 6) {
    await client.notes.create({ title: word, body: word })
    return true
  }
  const { body } = await client.notes.get({ id: note.id })
  await client.notes.edit({ id: note.id, body: choice === 7 ? `${word} ${body}` : `${body} ${word}` })
  return false
}

async function synced({ client }: CoreDevice): Promise<void> {
  while (!(await client.sync.now()).synced) await systemClock.sleep(LOOK_AGAIN_MS)
}

/** Everything that is seen on a device, in an order of its own. */
async function wordsOf({ client }: CoreDevice): Promise<string> {
  const texts: string[] = []
  for (let cursor: string | undefined; ; ) {
    const page = await client.captures.list({ limit: 200, ...(cursor !== undefined && { cursor }) })
    texts.push(...page.items.map(({ id, userText }) => `${id} ${userText}`))
    cursor = page.next ?? undefined
    if (cursor === undefined) break
  }
  const { items } = await client.notes.list({ limit: 200 })
  for (const { id } of items) {
    const { title, body } = await client.notes.get({ id })
    texts.push(`${id} ${title} ${body}`)
  }
  return JSON.stringify(texts.sort())
}

/** Documents and rows, as the folder itself holds them. */
async function contentOf(dataDir: string): Promise<string> {
  const store = await openStoreIn(dataDir)
  try {
    const vault = await openVault({
      db: store.database,
      clock: systemClock,
      newId: idMaker(systemClock, seededRandom(1)),
      log: silentLog,
      limits: { textLength: 10_000_000 },
    })
    const content = JSON.stringify([await contentsOf(vault), await shadowsOf(store.database, vault.id)])
    await vault.close()
    return content
  } finally {
    await store.close()
  }
}
