import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { Database, Store } from '../store/index.ts'
import { FORGET_UNDO_MS } from './history.ts'
import type { OpenVault, VaultChange } from './index.ts'

let store: Store
let db: Database
beforeAll(async () => {
  store = await openTestStore()
  db = store.database
})
afterAll(() => store.close())

const SAID = 'I prefer examples from music. My goal is to play the violin.'
const QUOTE = 'I prefer examples from music'

async function say(vault: OpenVault, userText = SAID) {
  return vault.captures.add({ sessionId: 's', source: 'text', userText })
}

/** A proposal that stands on `quote`. */
async function proposed(vault: OpenVault, text = 'prefers examples from music', quote = QUOTE, said = SAID) {
  const capture = await say(vault, said)
  const start = said.indexOf(quote)
  const receipt = { captureId: capture.id, start, end: start + quote.length }
  const [memory] = await vault.memories.propose([{ text, kind: 'preference', receipt }])
  return { capture, memory, receipt }
}

const listed = async (vault: OpenVault, filter = {}) =>
  (await vault.memories.list(filter, { limit: 100 })).items.map(({ text }) => text).sort()

/** Whether anything that is stored of the vault's documents and tables holds these words. */
async function isStored(vault: OpenVault, words: string): Promise<boolean> {
  const updates = await db.query<{ update: Uint8Array }>(
    `select "update" from doc_updates where vault_id = $1 and doc in ('memories', 'deck')`,
    [vault.id],
  )
  const rows = await db.query('select text, quote from memories where vault_id = $1', [vault.id])
  const cards = await db.query('select front, back, source from cards where vault_id = $1', [vault.id])
  const bytes = Buffer.concat(updates.map(({ update }) => update)).toString('latin1')
  return bytes.includes(words) || JSON.stringify([rows, cards]).includes(words)
}

describe('a proposal', () => {
  it('waits with the words that show it, and counts only once the learner accepts it', async () => {
    const { vault } = await openTestVault(db)
    const { memory, capture } = await proposed(vault)
    expect(memory).toMatchObject({
      text: 'prefers examples from music',
      kind: 'preference',
      state: 'proposed',
      validFrom: capture.createdAt,
      validTo: null,
      receipt: { captureId: capture.id, quote: QUOTE, start: 0, end: QUOTE.length, holds: true },
    })
    expect(await vault.memories.counts()).toEqual({ proposed: 1, accepted: 0 })
    const [accepted] = await vault.memories.accept([memory?.id ?? ''])
    expect(accepted).toMatchObject({ state: 'accepted' })
    expect(await listed(vault, { state: 'proposed' })).toEqual([])
    expect(await listed(vault, { state: 'accepted' })).toEqual(['prefers examples from music'])
  })

  it('is not made of words that the capture does not hold', async () => {
    const { vault } = await openTestVault(db)
    const capture = await say(vault)
    const receipts = [
      { captureId: 'nothing', start: 0, end: 4 },
      { captureId: capture.id, start: 0, end: 1_000 },
      { captureId: capture.id, start: 5, end: 5 },
      { captureId: capture.id, start: -3, end: 2 },
    ]
    const statements = receipts.map((receipt) => ({ text: 'is rich', kind: 'fact' as const, receipt }))
    expect(await vault.memories.propose(statements)).toEqual([])
  })

  it('is not made again of what is known, waits, or was forgotten, whatever the capture', async () => {
    const { vault } = await openTestVault(db)
    const first = await proposed(vault)
    expect((await proposed(vault)).memory).toBeUndefined()
    await vault.memories.accept([first.memory?.id ?? ''])
    expect((await proposed(vault, 'Prefers examples, from music!')).memory).toBeUndefined()
    await vault.memories.forget([first.memory?.id ?? ''])
    expect((await proposed(vault)).memory).toBeUndefined()
    // Asking for it outright is another matter.
    await vault.memories.add({ text: 'prefers examples from music', kind: 'preference' })
    expect(await listed(vault)).toEqual(['prefers examples from music'])
  })

  it('goes when its capture no longer says it, and comes back when it is drawn again from a restored one', async () => {
    const { vault } = await openTestVault(db)
    const { memory, capture, receipt } = await proposed(vault)
    await vault.captures.edit(capture.id, { userText: `Well: ${SAID}` })
    expect((await vault.memories.get(memory?.id ?? '')).receipt).toMatchObject({
      start: 6,
      end: 6 + QUOTE.length,
      holds: true,
    })
    expect(await vault.memories.withdrawUnheld([capture.id])).toBe(0)
    await vault.captures.delete([capture.id])
    expect(await listed(vault)).toEqual([])
    expect(await vault.memories.withdrawUnheld([capture.id])).toBe(1)
    await vault.captures.restore([capture.id])
    await vault.memories.propose([{ text: 'prefers music', kind: 'preference', receipt }])
    expect(await listed(vault)).toEqual(['prefers music'])
  })

  it('that was accepted stays when its capture goes, and says that the words are gone', async () => {
    const { vault } = await openTestVault(db)
    const { memory, capture } = await proposed(vault)
    await vault.memories.accept([memory?.id ?? ''])
    await vault.captures.edit(capture.id, { userText: 'Never mind.' })
    const { receipt } = await vault.memories.get(memory?.id ?? '')
    expect(receipt).toMatchObject({ captureId: capture.id, quote: '', holds: false })
  })
})

describe('what is true only once at a time', () => {
  it('ends when something else is said of it, and an older one that is accepted late is over already', async () => {
    const { vault, clock } = await openTestVault(db)
    const berlin = await vault.memories.add({ text: 'lives in Berlin', kind: 'fact', about: 'home' })
    await clock.advance(1_000)
    const capture = await say(vault, 'I live in Bonn')
    const receipt = { captureId: capture.id, start: 0, end: 14 }
    const [bonn] = await vault.memories.propose([{ text: 'lives in Bonn', kind: 'fact', about: 'home', receipt }])
    await clock.advance(1_000)
    const hamburg = await vault.memories.add({ text: 'lives in Hamburg', kind: 'fact', about: 'home' })
    expect(await vault.memories.get(berlin.id)).toMatchObject({ validTo: hamburg.validFrom })
    await vault.memories.accept([bonn?.id ?? ''])
    expect(await vault.memories.get(bonn?.id ?? '')).toMatchObject({ validTo: hamburg.validFrom })
    expect(await listed(vault, { validAt: new Date(clock.now()).toISOString() })).toEqual(['lives in Hamburg'])
    await vault.undo()
    expect(await vault.memories.get(bonn?.id ?? '')).toMatchObject({ state: 'proposed', validTo: null })
  })

  it('can be ended by the learner, by a day', async () => {
    const { vault } = await openTestVault(db)
    const newer = await vault.memories.add({ text: 'learns Greek', kind: 'goal' })
    expect(
      await vault.memories.edit(newer.id, { validTo: '2027-01-01T00:00:00.000Z', text: 'learns old Greek' }),
    ).toMatchObject({
      text: 'learns old Greek',
      validTo: '2027-01-01T00:00:00.000Z',
    })
    expect(await listed(vault, { validAt: '2027-02-01T00:00:00.000Z' })).toEqual([])
    expect(await listed(vault, { query: 'old g' })).toEqual(['learns old Greek'])
    expect(await listed(vault, { query: '%' })).toEqual([])
  })
})

describe('forgetting', () => {
  it('leaves no word of it in any table or stored update, and takes the cards along that rest on it', async () => {
    const { vault } = await openTestVault(db)
    const { memory, capture } = await proposed(vault)
    await vault.memories.accept([memory?.id ?? ''])
    await vault.memories.edit(memory?.id ?? '', { text: 'prefers melodies' })
    await vault.memories.add({ text: 'is called Ada', kind: 'fact' })
    const when = capture.createdAt
    const place = {
      captureId: capture.id,
      kind: 'capture',
      field: 'userText',
      start: 2,
      end: 8,
      text: 'prefer',
      when,
    } as const
    const on = {
      captureId: memory?.id ?? '',
      kind: 'memory',
      field: 'memoryText',
      start: 0,
      end: 7,
      text: 'prefers',
      when,
    } as const
    await vault.cards.propose([
      { front: 'What do I like?', back: 'melodies', source: on },
      { front: 'Which examples?', back: 'melodies again', source: place },
      { front: 'What instrument?', back: 'violin', source: { ...place, start: 45, end: 59, text: 'play the violi' } },
    ])
    expect((await vault.memories.restingCards([memory?.id ?? ''])).map(({ front }) => front).sort()).toEqual([
      'What do I like?',
      'Which examples?',
    ])
    expect(await isStored(vault, 'melodies')).toBe(true)
    expect(await vault.memories.forget([memory?.id ?? ''])).toEqual({ memories: 1, cards: 2 })
    for (const words of ['melodies', 'examples from music', 'Which examples']) {
      expect(await isStored(vault, words), words).toBe(false)
    }
    expect(await isStored(vault, 'is called Ada')).toBe(true)
    expect((await vault.cards.list({}, { limit: 10 })).items.map(({ back }) => back)).toEqual(['violin'])
    await expect(vault.memories.forget([memory?.id ?? ''])).rejects.toMatchObject({ code: 'not-found' })
  })

  it('can be taken back for ten minutes, and then nobody holds it any more', async () => {
    const { vault, clock } = await openTestVault(db)
    const kept = await vault.memories.add({ text: 'is called Ada', kind: 'fact' })
    await vault.memories.forget([kept.id])
    await clock.advance(FORGET_UNDO_MS - 1)
    expect(await vault.undo()).toMatchObject({ memories: [kept.id] })
    expect(await vault.memories.get(kept.id)).toEqual(kept)
    await vault.redo()
    expect(await isStored(vault, 'is called Ada')).toBe(false)
    await clock.advance(FORGET_UNDO_MS)
    expect(await vault.undo()).toBeNull()
    expect(await listed(vault)).toEqual([])
  })

  it('also ends what undo could bring back of it from before', async () => {
    const { vault, clock } = await openTestVault(db)
    const note = await vault.notes.create({ title: 'before', body: '' })
    const kept = await vault.memories.add({ text: 'is called Ada', kind: 'fact' })
    await vault.memories.edit(kept.id, { text: 'is called Ida' })
    await vault.memories.forget([kept.id])
    await clock.advance(FORGET_UNDO_MS)
    expect(await vault.undo()).toMatchObject({ notes: [note.id], captures: [] })
    expect(await listed(vault)).toEqual([])
  })

  it('reaches another device, also what that one wrote of it meanwhile', async () => {
    const { vault } = await openTestVault(db)
    const { vault: other } = await openTestVault(db)
    const kept = await vault.memories.add({ text: 'is called Ada', kind: 'fact' })
    const exchange = async (from: OpenVault, to: OpenVault) =>
      to.documents.apply('memories', await from.documents.updateSince('memories'))
    await exchange(vault, other)
    await other.memories.edit(kept.id, { text: 'is called Adele' })
    await vault.memories.forget([kept.id])
    const heard: VaultChange[] = []
    other.onChange((change) => heard.push(change))
    await exchange(vault, other)
    await exchange(other, vault)
    expect(heard).toMatchObject([{ memories: [kept.id] }])
    for (const side of [vault, other]) {
      expect(await listed(side)).toEqual([])
      expect(await isStored(side, 'is called')).toBe(false)
    }
    // Undo on the other device does not bring the words back either.
    await other.undo()
    expect(await isStored(other, 'is called')).toBe(false)
  })

  it('waits for a snapshot that is being read, and then leaves nothing', async () => {
    const { vault } = await openTestVault(db)
    const kept = await vault.memories.add({ text: 'is called Ada', kind: 'fact' })
    const snapshot = await vault.snapshot()
    await vault.memories.forget([kept.id])
    const names = new Set<string>()
    for await (const { doc } of snapshot.updates()) names.add(doc)
    expect(names).toContain('memories')
    await snapshot.close()
    await vault.documents.names()
    expect(await isStored(vault, 'is called')).toBe(false)
  })

  it('that a crash kept from the stored updates is made good by the next change', async () => {
    const { vault, reopen } = await openTestVault(db)
    const kept = await vault.memories.add({ text: 'is called Ada', kind: 'fact' })
    await vault.snapshot()
    await vault.memories.forget([kept.id])
    expect(await isStored(vault, 'is called')).toBe(true)
    const again = await reopen()
    await again.memories.add({ text: 'likes tea', kind: 'preference' })
    expect(await isStored(again, 'is called')).toBe(false)
  })
})

describe('odd documents', () => {
  it('of another device give rows only where they can be read', async () => {
    const { vault } = await openTestVault(db)
    const doc = new Y.Doc()
    const fields = doc.getMap('memories')
    const put = (id: string, values: Record<string, unknown>) => {
      for (const [field, value] of Object.entries(values)) fields.set(`${id}/${field}`, value)
    }
    const whole = { text: 'a\u0000b', kind: 'goal', state: 'accepted', createdAt: '2026-01-01T00:00:00.000Z' }
    put('whole', { ...whole, later: { of: 'a newer version' }, receipt: { captureId: 3 }, validTo: 'soon', about: [] })
    put('long', { ...whole, text: 'x'.repeat(10_000) })
    put('undated', { ...whole, createdAt: 'yesterday' })
    put('unkind', { ...whole, kind: 'secret' })
    put('blank', { ...whole, text: '  ' })
    fields.set('no slash', 1)
    fields.set('/text', 1)
    doc.getMap('forgotten').set('gone', null)
    put('gone', whole)
    await vault.documents.apply('memories', Y.encodeStateAsUpdate(doc))
    const { items } = await vault.memories.list({}, { limit: 100 })
    expect(items.map(({ id, text }) => [id, text.length]).sort()).toEqual([
      ['long', 500],
      ['whole', 3],
    ])
    expect(items.find(({ id }) => id === 'whole')).toMatchObject({
      text: 'a\uFFFDb',
      receipt: null,
      validTo: null,
      about: null,
    })
    await vault.rebuild()
    expect((await vault.memories.list({}, { limit: 100 })).items).toEqual(items)
  })

  it('refuses what is blank, too long or of no kind', async () => {
    const { vault } = await openTestVault(db)
    await expect(vault.memories.add({ text: ' ', kind: 'fact' })).rejects.toMatchObject({ code: 'text-empty' })
    await expect(vault.memories.add({ text: 'x'.repeat(501), kind: 'fact' })).rejects.toMatchObject({
      code: 'text-too-long',
    })
    await expect(vault.memories.add({ text: 'x', kind: 'rumour' as 'fact' })).rejects.toMatchObject({
      code: 'bad-input',
    })
    const receipt = { captureId: 'none', start: 0, end: 1 }
    await expect(vault.memories.add({ text: 'x', kind: 'fact', receipt })).rejects.toMatchObject({ code: 'bad-input' })
  })
})

describe('cards', () => {
  it('are candidates until they are kept, once for each question and answer, and say whether their source is still there', async () => {
    const { vault } = await openTestVault(db)
    const capture = await say(vault)
    const source = {
      captureId: capture.id,
      kind: 'capture',
      field: 'userText',
      start: 0,
      end: 8,
      text: 'I prefer',
      when: capture.createdAt,
    } as const
    const card = await vault.cards.add({ front: 'Which examples?', back: 'music', source })
    expect((await vault.cards.propose([{ front: 'which examples', back: 'Music.' }])).map(({ id }) => id)).toEqual([
      card.id,
    ])
    expect(card).toMatchObject({ state: 'candidate', source: { ...source, holds: true } })
    expect(await vault.cards.keep([card.id])).toMatchObject([{ state: 'kept' }])
    expect(await vault.cards.counts()).toEqual({ candidates: 0, kept: 1 })
    expect(await vault.cards.edit(card.id, { back: 'those from music' })).toMatchObject({ back: 'those from music' })
    await vault.captures.delete([capture.id])
    expect(await vault.cards.get(card.id)).toMatchObject({ source: { text: '', holds: false } })
    await vault.cards.delete([card.id])
    expect(await isStored(vault, 'from music')).toBe(false)
    await vault.undo()
    expect(await vault.cards.get(card.id)).toMatchObject({ back: 'those from music' })
    await expect(vault.cards.keep(['none'])).rejects.toMatchObject({ code: 'not-found' })
    await expect(vault.cards.add({ front: 'x', back: ' ' })).rejects.toMatchObject({ code: 'text-empty' })
  })
})
