import * as Y from 'yjs'
import type { Database, Queries } from '../../src-core/store/index.ts'
import { openFrame } from '../../src-core/sync/index.ts'
import { deviceId, TestMembers } from '../sync-world.ts'
import { rememberedKeys } from './remembered-keys.ts'
import { ACCOUNT } from './world.ts'

interface NamedUpdate {
  /** Of the document. */
  name: string
  update: Uint8Array
}

interface Frame extends Record<string, unknown> {
  room: string
  position: number
  device: string
  sequence: number
}

/** Everything that can be read out of what the relay holds, with all keys. Frames are opened once, and documents made of the same frames read once: it is asked often. */
export class RelayTexts {
  readonly #database: Database
  readonly #members: TestMembers
  /** A device whose frames are none of the vault. */
  readonly #intruder: string
  /** By place and content; undefined for one that brings nothing to a document. */
  readonly #opened = new Map<string, NamedUpdate | undefined>()
  #documents = new Map<string, { from: string; text: string }>()

  constructor(database: Database, members: TestMembers, intruder: string) {
    this.#database = database
    this.#members = members
    this.#intruder = intruder
  }

  read(): Promise<string> {
    // One transaction: what a snapshot replaces goes when the snapshot comes.
    return this.#database.transaction(async (tx) => {
      const listed = await tx.query<Frame & { content: string }>(
        `select room, position, device_id as device, sequence, md5(sealed) as content from relay_frames
         where account_id = $1 and device_id <> $2 order by room, position`,
        [ACCOUNT, this.#intruder],
      )
      const frames = listed.map((frame) => ({ ...frame, key: Object.values(frame).join(' ') }))
      await this.#open(
        tx,
        frames.filter(({ key }) => !this.#opened.has(key)),
      )
      return this.#textOf(frames.map(({ key }) => key))
    })
  }

  async #open(tx: Queries, frames: readonly (Frame & { key: string })[]): Promise<void> {
    if (frames.length === 0) return
    const rows = await tx.query<{ room: string; position: number; sealed: Uint8Array }>(
      `select room, position, sealed from relay_frames join unnest($2::text[], $3::bigint[]) as wanted (room, position)
       using (room, position) where account_id = $1`,
      [ACCOUNT, frames.map(({ room }) => room), frames.map(({ position }) => String(position))],
    )
    const sealed = new Map(rows.map((row) => [`${row.room} ${row.position}`, row.sealed]))
    const all = new TestMembers(rememberedKeys)
    for (const [epoch, key] of this.#members.epochs) all.epochs.set(epoch, key)
    const opening = { keys: all.rosterOf(deviceId(1)).keys(), verify: () => true }
    for (const { key, room, position, device, sequence } of frames) {
      const bytes = sealed.get(`${room} ${position}`) as Uint8Array
      const { kind, name, payload } = openFrame(bytes, { room, device, sequence }, opening)
      const isUpdate = kind === 'update' || kind === 'snapshot'
      this.#opened.set(key, isUpdate ? { name, update: payload } : undefined)
    }
  }

  #textOf(keys: readonly string[]): string {
    const byName = new Map<string, { from: string; updates: Uint8Array[] }>()
    for (const key of keys) {
      const opened = this.#opened.get(key)
      if (!opened) continue
      const { from, updates } = byName.get(opened.name) ?? { from: '', updates: [] }
      byName.set(opened.name, { from: `${from}\n${key}`, updates: [...updates, opened.update] })
    }
    const before = this.#documents
    this.#documents = new Map(
      Array.from(byName, ([name, { from, updates }]) => {
        const known = before.get(name)
        if (known?.from === from) return [name, known]
        const named = updates.map((update) => ({ name, update }))
        return [name, { from, text: JSON.stringify(contentOf(named)) }]
      }),
    )
    return Array.from(this.#documents.values(), ({ text }) => text).join('\n')
  }
}

const MAPS = ['captures', 'edits', 'tombstones', 'sessions', 'settings', 'fields', 'cards', 'forgotten']

/** What documents hold, by their names. */
export function contentOf(updates: readonly NamedUpdate[]): Record<string, unknown> {
  const docs = new Map<string, Y.Doc>()
  for (const { name, update } of updates) {
    // It draws no id for itself, which takes longer than all else.
    const doc = docs.get(name) ?? new Y.Doc({ guid: name })
    docs.set(name, doc)
    Y.applyUpdate(doc, update)
  }
  return Object.fromEntries(
    Array.from(docs, ([name, doc]): [string, unknown] => [
      name,
      [
        doc.getText('body').toString(),
        ...MAPS.map((map) => Array.from(doc.getMap(map).entries()).sort(([a], [b]) => (a < b ? -1 : 1))),
      ],
    ]).sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}
