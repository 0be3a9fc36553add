import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as Y from 'yjs'
import { newAccount, testRelay } from './relay-devices.ts'
import { allSynced, type SyncDevice, syncDevice, TestMembers } from './sync-world.ts'
import { openTestStore } from './vault-world.ts'

/**
 * What people really typed (josephg/editing-traces, CC BY 4.0), typed once more on devices that sync through a relay that listens. The texts
 * are ASCII: a position is the same in characters and in UTF-16.
 */

const DATA = resolve(import.meta.dirname, '../../shared/data/crdt')

/** Where, how many are deleted there, and what is put in their place. */
type Patch = readonly [at: number, deleted: number, inserted: string]

interface Edit {
  /** Edits after whose text this one was made; none for the first. */
  parents: readonly number[]
  agent: number
  patch: Patch
}

interface ReplayedTrace {
  edits: number
  /** What one after the other of the edits gives. */
  expected: string
  /** On each device in the end. */
  texts: string[]
}

/** The text after edits of which each stands in the text that the one before it gave. */
function textAfter(patches: readonly Patch[], before = ''): string {
  let text = before
  for (const [at, deleted, inserted] of patches) text = text.slice(0, at) + inserted + text.slice(at + deleted)
  return text
}

interface Read {
  endContent: string
  txns: { parents?: number[]; agent?: number; patches: Patch[] }[]
}

function read(name: string): Read {
  return JSON.parse(gunzipSync(readFileSync(resolve(DATA, name))).toString())
}

const REWRITTEN_ELSEWHERE = new Error('the trace does not end with the text that it names')

/**
 * Two people who write in one document at once, each on a device, as they did: an edit is made as soon as its device has all that its writer
 * had seen, and there it meets what had come besides. A third device reads, is away for a third of the time, and starts anew.
 * @param most edits, from the first: as many as end where both had seen all that the other wrote
 */
export async function replayTogether(most = Number.POSITIVE_INFINITY): Promise<ReplayedTrace> {
  const { txns, endContent } = read('concurrent_friendsforever.json.gz')
  const all = txns.map(({ parents = [], agent = 0, patches: [patch] }): Edit => {
    if (!patch) throw new Error('an edit without a patch')
    return { parents, agent, patch }
  })
  const edits = all.slice(0, lastMeeting(all, most))
  const inOrder = read('friendsforever_flat.json.gz').txns.slice(0, edits.length)
  const expected = textAfter(inOrder.flatMap(({ patches }) => patches))
  if (edits.length === all.length && expected !== endContent) throw REWRITTEN_ELSEWHERE

  return onThreeDevices(edits.length, expected, async (devices, note) => {
    const [, , reader] = devices
    const history = new History(edits)
    const away = [Math.floor(edits.length / 3), Math.floor((2 * edits.length) / 3)]
    let isAway = false
    const write = async (agent: number) => {
      for (const run of history.runsOf(agent)) {
        await made(devices[agent] as SyncDevice, note, (doc) => history.make(run, doc))
        const [leaves = 0, comesBack = 0] = away
        if (agent !== 0) continue
        if (!isAway && run.from >= leaves && run.from < comesBack) {
          isAway = true
          await reader?.goOffline()
        } else if (isAway && run.from >= comesBack) {
          isAway = false
          await reader?.restart()
        }
      }
    }
    await Promise.all([write(0), write(1)])
    if (isAway) await reader?.restart()
  })
}

/** How many edits are stored and sent together, as the editor of a note does with what is typed without a pause. */
const STRETCH = 10
/** How many are made on one device before the next goes on. */
const TURN = 5 * STRETCH

/** One person who goes on writing on the next of three devices, over and over. In the middle the relay ends and starts again. */
export async function replayInTurns(most = Number.POSITIVE_INFINITY): Promise<ReplayedTrace> {
  const { txns, endContent } = read('sveltecomponent.json.gz')
  const edits = txns.slice(0, most).map(({ patches }) => patches)
  const expected = textAfter(edits.flat())
  if (edits.length === txns.length && expected !== endContent) throw REWRITTEN_ELSEWHERE

  return onThreeDevices(edits.length, expected, async (devices, note, restartRelay) => {
    let text = ''
    const middle = Math.floor(edits.length / 2 / TURN) * TURN
    for (let from = 0; from < edits.length; from += TURN) {
      if (from === middle) await restartRelay()
      const device = devices[(from / TURN) % devices.length] as SyncDevice
      for (let first = from; first < Math.min(from + TURN, edits.length); first += STRETCH) {
        const before = text
        const patches = edits.slice(first, first + STRETCH).flat()
        await made(device, note, (doc) => {
          const body = doc.getText('body')
          if (body.toString() !== before) return false
          for (const patch of patches) put(body, patch)
          return true
        })
        text = textAfter(patches, before)
      }
    }
  })
}

function put(body: Y.Text, [at, deleted, inserted]: Patch): void {
  if (deleted > 0) body.delete(at, deleted)
  if (inserted !== '') body.insert(at, inserted)
}

/** Changes a document as soon as `change` can be made; it says whether it was, and does nothing otherwise. */
async function made({ vault }: SyncDevice, name: string, change: (doc: Y.Doc) => boolean): Promise<void> {
  for (;;) {
    let stop = () => {}
    const more = new Promise<void>((resolve) => {
      stop = vault.documents.onUpdate((of) => {
        if (of === name) resolve()
      })
    })
    try {
      if (await vault.documents.change(name, change)) return
      await more
    } finally {
      stop()
    }
  }
}

async function onThreeDevices(
  edits: number,
  expected: string,
  write: (devices: readonly SyncDevice[], note: string, restartRelay: () => Promise<void>) => Promise<void>,
): Promise<ReplayedTrace> {
  const relay = await testRelay()
  const store = await openTestStore()
  const devices: SyncDevice[] = []
  try {
    const email = await newAccount(relay)
    const members = new TestMembers()
    for (const number of [1, 2, 3])
      devices.push(await syncDevice({ db: store.database, relay, email, members, number }))
    const note = await (devices[0] as SyncDevice).vault.notes.create({ title: 'Typed before', body: '' })
    await allSynced(...devices)
    const name = `note:${note.id}`
    await write(devices, name, () => relay.restart())
    await allSynced(...devices)
    const texts = await Promise.all(
      devices.map(({ vault }) => vault.documents.change(name, (doc) => doc.getText('body').toString())),
    )
    return { edits, expected, texts }
  } finally {
    for (const device of devices) await device.close()
    await store.close()
    await relay.stop()
  }
}

/** Edits of one agent in a row, each made after the one before it alone. */
interface Run {
  from: number
  /** Exclusive. */
  to: number
}

/** Of one person, the newest edit that belongs to a text; -1 where none does. By agent. */
type Version = readonly number[]

interface Character {
  client: number
  clock: number
  isInVersion: boolean
  isInDocument: boolean
}

/** Of the characters of one Yjs client, by clock: the edit that wrote each, and those that deleted it. */
interface Written {
  by: number[]
  deletedBy: number[][]
}

/** What each edit was made after, and the same with the edit itself. */
function versionsOf(edits: readonly Edit[]): { seen: Version; version: Version }[] {
  const versions: { seen: Version; version: Version }[] = []
  for (const [index, { agent, parents }] of edits.entries()) {
    const seen = [0, 1].map((of) => Math.max(-1, ...parents.map((parent) => versions[parent]?.version[of] ?? -1)))
    versions.push({ seen, version: seen.map((newest, of) => (of === agent ? index : newest)) })
  }
  return versions
}

/** The greatest number of edits, `most` at most, of which everything that follows was made after all. */
function lastMeeting(edits: readonly Edit[], most: number): number {
  const versions = versionsOf(edits)
  /** Of each place, what those that follow have all seen. */
  const seen: Version[] = [[edits.length, edits.length]]
  for (const version of versions.toReversed())
    seen.unshift((seen[0] as Version).map((newest, agent) => Math.min(newest, version.seen[agent] ?? -1)))
  const newest = [-1, -1]
  let last = 0
  for (const [index, { agent }] of edits.entries()) {
    if (index >= most) break
    newest[agent] = index
    if (newest.every((edit, of) => edit <= (seen[index + 1]?.[of] ?? -1))) last = index + 1
  }
  return last
}

/** Which character was written and deleted by which edit, so that an edit finds its place in a document that holds more than its writer saw. */
class History {
  readonly #edits: readonly Edit[]
  readonly #versions: ReturnType<typeof versionsOf>
  /** Characters that the agent of each edit has written up to it. */
  readonly #writtenUpTo: number[] = []
  readonly #written = new Map<number, Written>()
  /** The newest edit that was made, by agent. */
  readonly #newest = [-1, -1]

  constructor(edits: readonly Edit[]) {
    this.#edits = edits
    this.#versions = versionsOf(edits)
    const written = [0, 0]
    for (const { agent, patch } of edits) {
      written[agent] = (written[agent] ?? 0) + patch[2].length
      this.#writtenUpTo.push(written[agent])
    }
  }

  *runsOf(agent: number): Generator<Run> {
    for (let from = 0; from < this.#edits.length; from += 1) {
      if (this.#edits[from]?.agent !== agent) continue
      let to = from + 1
      while (this.#edits[to]?.agent === agent && this.#edits[to]?.parents.join() === `${to - 1}`) to += 1
      yield { from, to }
      from = to - 1
    }
  }

  /** @returns false where something that the writer had seen is not in the document yet, which is then left as it is */
  make({ from, to }: Run, doc: Y.Doc): boolean {
    const { seen } = this.#versions[from] as { seen: Version }
    const body = doc.getText('body')
    const characters = this.#charactersOf(body, seen)
    if (!characters) return false
    for (let index = from; index < to; index += 1) this.#makeOne(index, body, characters)
    return true
  }

  /** All that the document has ever held, in its order; undefined where something of that version is not as it was in it. */
  #charactersOf(body: Y.Text, version: Version): Character[] | undefined {
    if (version.some((newest, agent) => newest > (this.#newest[agent] ?? -1))) return undefined
    const isIn = (edit: number) => edit <= (version[(this.#edits[edit] as Edit).agent] ?? -1)
    const characters: Character[] = []
    let there = 0
    for (let item = body._start; item; item = item.right) {
      const { client } = item.id
      const isInDocument = !item.deleted
      const { by, deletedBy } = this.#written.get(client) ?? { by: [], deletedBy: [] }
      for (let clock = item.id.clock; clock < item.id.clock + item.length; clock += 1) {
        const writer = by[clock]
        const wasWritten = writer !== undefined && isIn(writer)
        const wasDeleted = deletedBy[clock]?.some(isIn) ?? false
        if (wasDeleted && isInDocument) return undefined
        if (wasWritten) there += 1
        characters.push({ client, clock, isInVersion: wasWritten && !wasDeleted, isInDocument })
      }
    }
    const written = version.reduce((sum, newest) => sum + (this.#writtenUpTo[newest] ?? 0), 0)
    return there === written ? characters : undefined
  }

  #makeOne(index: number, body: Y.Text, characters: Character[]): void {
    const { agent, patch } = this.#edits[index] as Edit
    const [at, deleted, inserted] = patch
    let place = 0
    let inDocument = 0
    for (let passed = 0; passed < at; place += 1) {
      const character = characters[place] as Character
      if (character.isInVersion) passed += 1
      if (character.isInDocument) inDocument += 1
    }
    for (let left = deleted, next = place, position = inDocument; left > 0; next += 1) {
      const character = characters[next] as Character
      if (!character.isInVersion) {
        if (character.isInDocument) position += 1
        continue
      }
      left -= 1
      this.#note(character, index)
      // The other may have deleted it already.
      if (character.isInDocument) body.delete(position, 1)
      character.isInVersion = false
      character.isInDocument = false
    }
    if (inserted !== '') characters.splice(place, 0, ...this.#insert(index, body, inDocument, inserted))
    this.#newest[agent] = index
  }

  #note({ client, clock }: Character, edit: number): void {
    const { deletedBy } = this.#of(client)
    deletedBy[clock] = [...(deletedBy[clock] ?? []), edit]
  }

  #insert(edit: number, body: Y.Text, at: number, inserted: string): Character[] {
    const doc = body.doc as Y.Doc
    const client = doc.clientID
    const first = Y.getState(doc.store, client)
    body.insert(at, inserted)
    return Array.from(inserted, (_, offset) => {
      this.#of(client).by[first + offset] = edit
      return { client, clock: first + offset, isInVersion: true, isInDocument: true }
    })
  }

  #of(client: number): Written {
    const known = this.#written.get(client) ?? { by: [], deletedBy: [] }
    this.#written.set(client, known)
    return known
  }
}
