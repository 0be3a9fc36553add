import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { conflictsIn, writeEntries } from './conflict-entries.ts'
import { conflictRules } from './conflict-rules.ts'
import { documentKind } from './document-names.ts'
import { noticing, OVERWRITTEN } from './overwritten.ts'

const NAME = 'settings'
const NOW = '2026-11-03T09:15:00.000Z'

/** A device with one document, that sends what it changes, or all that it has. */
class Device {
  readonly doc = new Y.Doc()
  readonly sent: Uint8Array[] = []
  constructor(number: number) {
    this.doc.clientID = 100 + number
  }

  change(fn: (map: Y.Map<unknown>) => void): void {
    this.#sending(() => this.doc.transact(() => fn(this.doc.getMap('settings'))))
  }

  take(update: Uint8Array): void {
    const rules = conflictRules(documentKind(NAME), this.doc)
    if (!rules) throw new Error('settings have no rules')
    const noticed = noticing(this.doc, rules, update, () => Y.applyUpdate(this.doc, update))
    this.#sending(() => writeEntries(this.doc, noticed, (client) => `device ${client}`, NOW))
  }

  #sending(work: () => void): void {
    const onUpdate = (update: Uint8Array) => this.sent.push(update)
    this.doc.on('update', onUpdate)
    work()
    this.doc.off('update', onUpdate)
  }

  /** Values that are kept, with the device that lost them. */
  kept() {
    return conflictsIn(NAME, this.doc)
  }
}

const KEYS = ['a', 'b']

/** Either a device sets a key, or reads what another has sent since, one by one, together, or as a whole. */
const step = fc.oneof(
  fc.record({ do: fc.constant('set' as const), who: fc.nat(2), key: fc.constantFrom(...KEYS) }),
  fc.record({
    do: fc.constantFrom('one' as const, 'merged' as const, 'whole' as const),
    who: fc.nat(2),
    from: fc.nat(2),
  }),
)

describe('what a merge overwrites', () => {
  it('stands, was seen by who overwrote it, or is kept, the same on all devices, whatever the order', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.shuffledSubarray([0, 1, 2], { minLength: 3 }),
        (steps, order) => {
          const devices = order.map((number) => new Device(number))
          const read = new Map<string, number>()
          const written: { key: string; value: string }[] = []
          const seen = new Set<unknown>()
          const take = (who: number, from: number, how: 'one' | 'merged' | 'whole') => {
            const [to, source] = [devices[who], devices[from]]
            if (!to || !source || who === from) return
            const at = read.get(`${who} ${from}`) ?? 0
            const updates = source.sent.slice(at)
            read.set(`${who} ${from}`, source.sent.length)
            if (how === 'whole') to.take(Y.encodeStateAsUpdate(source.doc))
            else if (how === 'merged' && updates.length > 0) to.take(Y.mergeUpdates(updates))
            else for (const update of updates) to.take(update)
          }
          for (const [at, done] of steps.entries()) {
            if (done.do !== 'set') {
              take(done.who, done.from, done.do)
              continue
            }
            devices[done.who]?.change((map) => {
              seen.add(map.get(done.key))
              map.set(done.key, `value ${at}`)
            })
            written.push({ key: done.key, value: `value ${at}` })
          }
          // Everybody reads everything until nobody has anything new to say.
          for (let round = 0; round < 4; round += 1)
            for (const who of [0, 1, 2]) for (const from of [0, 1, 2]) take(who, from, 'one')
          const [first, ...others] = devices
          if (!first) throw new Error('no devices')
          const state = (device: Device) => [device.doc.getMap('settings').toJSON(), device.kept()]
          for (const other of others) expect(state(other)).toEqual(state(first))
          const kept = first.kept().map(({ lost }) => lost.value)
          const standing = first.doc.getMap('settings')
          for (const { key, value } of written)
            expect(standing.get(key) === value || seen.has(value) || kept.includes(value), `${value} is lost`).toBe(
              true,
            )
          // Nothing is kept that somebody has replaced knowingly, or that stands.
          for (const value of kept) expect(seen.has(value)).toBe(false)
          for (const key of KEYS) expect(kept).not.toContain(standing.get(key))
          expect(new Set(kept).size).toBe(kept.length)
        },
      ),
      { numRuns: Number(process.env.LVA_TEST_RUNS ?? 300) },
    )
  })

  it('is kept with both devices', () => {
    const [one, two] = [new Device(1), new Device(2)]
    one.change((map) => map.set('theme', 'dark'))
    two.change((map) => map.set('theme', 'light'))
    for (const update of one.sent) two.take(update)
    const kept = Array.from(two.doc.getMap(OVERWRITTEN).entries())
    expect(kept).toEqual([
      [
        '101:0',
        {
          ...{ map: 'settings', key: 'theme', value: 'dark', device: 'device 101', at: null, noticedAt: NOW },
          over: { item: '102:0', device: 'device 102', at: null },
        },
      ],
    ])
  })

  it('is no conflict where both wrote the same, where it was deleted knowingly, or where text merges', () => {
    const [one, two] = [new Device(1), new Device(2)]
    one.change((map) => map.set('theme', 'dark'))
    two.change((map) => map.set('theme', 'dark'))
    one.change((map) => map.set('voice', 'a'))
    one.change((map) => map.delete('voice'))
    two.change((map) => map.set('voice', 'b'))
    two.take(Y.mergeUpdates(one.sent))
    expect(two.kept()).toEqual([])
    const note = [new Y.Doc(), new Y.Doc()]
    for (const [at, doc] of note.entries()) doc.getText('body').insert(0, `text ${at}`)
    const [mine, theirs] = note.map((doc) => Y.encodeStateAsUpdate(doc))
    const rules = conflictRules(documentKind('note:n'), note[0] as Y.Doc)
    if (!rules || !mine || !theirs) throw new Error('notes have rules')
    expect(noticing(note[0] as Y.Doc, rules, theirs, () => Y.applyUpdate(note[0] as Y.Doc, theirs))).toEqual([])
  })
})
