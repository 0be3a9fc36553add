import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { conflictsIn, writeEntries } from './conflict-entries.ts'
import { conflictRules } from './conflict-rules.ts'
import { type DocumentKind, documentKind } from './document-names.ts'
import { forgetNote, isForgetting, isForgottenNote, removeForgottenFrom } from './forgotten.ts'
import { editKey, journalOf } from './journal.ts'
import { noteOf } from './note.ts'
import { noticing } from './overwritten.ts'
import { mergeReturning, type Returning, writeReturning } from './returning.ts'

const AT = '2026-11-03T09:15:00.000Z'
const DEVICES = [0, 1, 2]

/** One thing that is edited, deleted, restored and forgotten, in a document of its own. */
interface Thing {
  name: string
  add(doc: Y.Doc): void
  edit(doc: Y.Doc, text: string): void
  /** What it says; undefined where nothing of it is there. */
  words(doc: Y.Doc): string | undefined
  isLive(doc: Y.Doc): boolean
  isDeleted(doc: Y.Doc): boolean
  delete(doc: Y.Doc): void
  restore(doc: Y.Doc): void
  forget(doc: Y.Doc): void
}

const CAPTURE: Thing = {
  name: 'journal:2026-11.0',
  add: (doc) => {
    journalOf(doc).captures.set('c', { sessionId: 's', createdAt: AT, source: 'text', userText: 'first' })
  },
  edit: (doc, text) => {
    journalOf(doc).edits.set(editKey('c', 'userText'), { text, at: AT })
  },
  words: (doc) => {
    const { captures, edits } = journalOf(doc)
    const edit = edits.get(editKey('c', 'userText')) as { text: string } | undefined
    return edit?.text ?? (captures.has('c') ? 'first' : undefined)
  },
  isLive: (doc) => journalOf(doc).captures.has('c') && !journalOf(doc).tombstones.has('c'),
  isDeleted: (doc) => {
    const tombstone = journalOf(doc).tombstones.get('c')
    return tombstone !== undefined && !isForgetting(tombstone) && journalOf(doc).captures.has('c')
  },
  delete: (doc) => {
    journalOf(doc).tombstones.set('c', { at: AT })
  },
  restore: (doc) => journalOf(doc).tombstones.delete('c'),
  forget: (doc) => {
    journalOf(doc).tombstones.set('c', { at: AT, isForgotten: true })
    removeForgottenFrom(doc, documentKind('journal:2026-11.0'), new Set(['c']))
  },
}

const NOTE: Thing = {
  name: 'note:n',
  add: (doc) => {
    noteOf(doc).fields.set('createdAt', AT)
    noteOf(doc).body.insert(0, 'first ')
  },
  edit: (doc, text) => noteOf(doc).body.insert(noteOf(doc).body.length, `${text} `),
  words: (doc) => noteOf(doc).body.toString() || undefined,
  isLive: (doc) => noteOf(doc).fields.has('createdAt') && !noteOf(doc).fields.has('deletedAt'),
  isDeleted: (doc) => noteOf(doc).fields.has('deletedAt') && !isForgottenNote(doc),
  delete: (doc) => {
    noteOf(doc).fields.set('deletedAt', AT)
  },
  restore: (doc) => noteOf(doc).fields.delete('deletedAt'),
  forget: (doc) => forgetNote(doc, AT),
}

class Device {
  readonly doc = new Y.Doc()
  /** What it has to say to others. */
  readonly said: Uint8Array[] = []
  /** Whether something came before what its author had read, as a relay, which keeps one order, never gives it. */
  isOutOfOrder = false
  /** What the learner did here. */
  readonly did = new Set<number>()
  /** What the learner did that it knows of. */
  readonly knows = new Set<number>()
  readonly #kind: DocumentKind
  readonly #name: string

  constructor(number: number, { name }: Thing) {
    this.doc.clientID = 100 + number
    this.#name = name
    this.#kind = documentKind(name)
  }

  say(change: () => void): void {
    const onUpdate = (update: Uint8Array) => this.said.push(update)
    this.doc.on('update', onUpdate)
    change()
    this.doc.off('update', onUpdate)
  }

  take(update: Uint8Array): void {
    const { doc } = this
    const rules = conflictRules(this.#kind, doc)
    if (!rules) throw new Error('these documents have rules')
    let returning: Returning[] = []
    const noticed = noticing(doc, rules, update, () => {
      returning = doc.transact((transaction) => {
        const found = mergeReturning(doc, this.#kind, transaction, update)
        removeForgottenFrom(doc, this.#kind)
        return found
      })
    })
    this.isOutOfOrder ||= doc.store.pendingStructs !== null || doc.store.pendingDs !== null
    this.say(() => {
      writeReturning(doc, this.#name, returning)
      writeEntries(doc, noticed, (client) => `device ${client}`, AT)
    })
  }

  get conflicts() {
    return conflictsIn(this.#name, this.doc)
  }
}

const step = fc.oneof(
  fc.record({
    do: fc.constantFrom('edit' as const, 'delete' as const, 'restore' as const, 'forget' as const),
    who: fc.nat(2),
    from: fc.constant(0),
  }),
  fc.record({ do: fc.constantFrom('read' as const, 'whole' as const), who: fc.nat(2), from: fc.nat(2) }),
)

/** Found once: two devices delete, one of them forgets, and the deletion of the other, which stands, comes to it after that. */
const TWICE_DELETED = [
  { do: 'delete' as const, who: 1, from: 0 as const },
  { do: 'delete' as const, who: 2, from: 0 as const },
  { do: 'read' as const, who: 0, from: 2 },
  { do: 'forget' as const, who: 1, from: 0 as const },
  { do: 'whole' as const, who: 1, from: 0 },
  { do: 'whole' as const, who: 0, from: 1 },
]

it.each([CAPTURE, NOTE])('whatever devices do with a thing of $name, they end equal, and no edit is lost', (thing) => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      const devices = DEVICES.map((number) => new Device(number, thing))
      const [first] = devices
      if (!first) throw new Error('no devices')
      const heard = new Map<string, number>()
      const read = (who: number, from: number, isWhole: boolean) => {
        const [to, source] = [devices[who], devices[from]]
        if (!to || !source || who === from) return
        // What it says by itself is what was done there; only the whole document holds also what it has read.
        for (const known of isWhole ? source.knows : source.did) to.knows.add(known)
        const at = heard.get(`${who} ${from}`) ?? 0
        heard.set(`${who} ${from}`, source.said.length)
        if (isWhole) to.take(Y.encodeStateAsUpdate(source.doc))
        else for (const update of source.said.slice(at)) to.take(update)
      }
      first.say(() => first.doc.transact(() => thing.add(first.doc)))
      for (const who of [1, 2]) read(who, 0, true)
      const edits = new Set<number>()
      const restores = new Set<number>()
      const forgettings: Set<number>[] = []
      for (const [at, done] of steps.entries()) {
        const device = devices[done.who]
        if (!device) continue
        const { doc } = device
        const act = (change: () => void) => device.say(() => doc.transact(change))
        if (done.do === 'edit' && thing.isLive(doc)) {
          act(() => thing.edit(doc, `word${at}`))
          edits.add(at)
          device.did.add(at)
          device.knows.add(at)
        } else if (done.do === 'delete' && thing.isLive(doc)) act(() => thing.delete(doc))
        else if (done.do === 'restore' && thing.isDeleted(doc)) {
          act(() => thing.restore(doc))
          restores.add(at)
          device.did.add(at)
          device.knows.add(at)
        } else if (done.do === 'forget' && thing.isDeleted(doc)) {
          forgettings.push(new Set(device.knows))
          act(() => thing.forget(doc))
        } else if (done.do === 'read' || done.do === 'whole') read(done.who, done.from, done.do === 'whole')
      }
      for (let round = 0; round < 5; round += 1)
        for (const who of DEVICES) for (const from of DEVICES) read(who, from, round > 2)
      const state = ({ doc }: Device) => [thing.words(doc), thing.isLive(doc), thing.isDeleted(doc)]
      for (const device of devices) expect(state(device)).toEqual(state(first))
      const isCovered = (at: number) => forgettings.some((known) => known.has(at))
      const words = thing.words(first.doc)
      if ([...edits].some((at) => !isCovered(at))) expect(words ?? first.conflicts[0]?.lost.value).toBeTruthy()
      const [only, ...more] = forgettings
      // Out of order, what was forgotten rather comes back than that an edit is lost.
      if (devices.some(({ isOutOfOrder }) => isOutOfOrder)) return
      if (only && more.length === 0 && [...edits, ...restores].every((at) => only.has(at)))
        expect(words).toBeUndefined()
    }),
    { numRuns: Number(process.env.LVA_TEST_RUNS ?? 300), examples: [[TWICE_DELETED]] },
  )
})
