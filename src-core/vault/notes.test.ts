import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import { DEFAULT_SETTINGS, type OpenVault, type Settings } from './index.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const error = (code: string) => expect.objectContaining({ name: 'LvaError', code })

const exchange = async (from: OpenVault, to: OpenVault) => {
  for (const name of await from.documents.names())
    await to.documents.apply(name, await from.documents.updateSince(name))
}

describe('notes', () => {
  it('are written, edited, deleted and restored', async () => {
    const { vault, clock, reopen } = await openTestVault(store.database)
    const note = await vault.notes.create({ title: 'Attention', body: 'weighs' })
    expect(note).toEqual({
      id: expect.any(String),
      title: 'Attention',
      body: 'weighs',
      createdAt: '2026-11-03T09:15:00.000Z',
      updatedAt: '2026-11-03T09:15:00.000Z',
    })
    expect(await vault.notes.get(note.id)).toEqual(note)
    clock.advance(1_000)
    const edited = await vault.notes.edit(note.id, { body: 'weighs tokens' })
    expect(edited).toEqual({ ...note, body: 'weighs tokens', updatedAt: '2026-11-03T09:15:01.000Z' })
    clock.advance(1_000)
    expect(await vault.notes.edit(note.id, { title: 'Attention', body: 'weighs tokens' })).toEqual(edited)
    await vault.notes.delete(note.id)
    await vault.notes.delete(note.id)
    await expect(vault.notes.get(note.id)).rejects.toEqual(error('not-found'))
    await expect(vault.notes.edit(note.id, { body: 'x' })).rejects.toEqual(error('not-found'))
    await vault.notes.restore(note.id)
    expect(await (await reopen()).notes.get(note.id)).toEqual(edited)
  })

  it('may be empty, and refuse what is too long or unknown', async () => {
    const { vault } = await openTestVault(store.database)
    const empty = await vault.notes.create({ title: '', body: '' })
    expect((await vault.notes.edit(empty.id, { body: 'x' })).body).toBe('x')
    const create = (title: string, body: string) => vault.notes.create({ title, body })
    await expect(create('x'.repeat(501), '')).rejects.toEqual(error('text-too-long'))
    await expect(create('', 'x'.repeat(10_001))).rejects.toEqual(error('text-too-long'))
    await expect(vault.notes.edit('nobody', { body: '' })).rejects.toEqual(error('not-found'))
    await expect(vault.notes.restore('nobody')).rejects.toEqual(error('not-found'))
    await expect(vault.notes.delete('nobody')).rejects.toEqual(error('not-found'))
    expect(await vault.documents.names()).toHaveLength(1)
  })

  it('hold no half characters', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    const { id } = await vault.notes.create({ title: '\u0000', body: 'a\ud800' })
    await vault.notes.edit(id, { body: 'a\ufffd😀' })
    await vault.notes.edit(id, { body: 'a\ufffd😁' })
    expect(await (await reopen()).notes.get(id)).toMatchObject({ title: '\ufffd', body: 'a\ufffd😁' })
  })

  it('list the one changed last first, page by page', async () => {
    const { vault, clock } = await openTestVault(store.database)
    const ids: string[] = []
    for (const title of ['a', 'b', 'c']) {
      ids.push((await vault.notes.create({ title, body: '' })).id)
      clock.advance(1_000)
    }
    await vault.notes.edit(ids[0] as string, { body: 'new' })
    const first = await vault.notes.list({ limit: 2 })
    expect(first.items.map(({ title }) => title)).toEqual(['a', 'c'])
    const second = await vault.notes.list({ limit: 2, cursor: first.next })
    expect(second.items.map(({ title }) => title)).toEqual(['b'])
    expect(second.next).toBeNull()
  })

  it('merge what two devices typed, character by character', async () => {
    const [{ vault: a }, { vault: b }] = [await openTestVault(store.database), await openTestVault(store.database)]
    const { id } = await a.notes.create({ title: 't', body: 'The cat sat on the mat.' })
    await exchange(a, b)
    await a.notes.edit(id, { body: 'The big cat sat on the mat, purring.' })
    await b.notes.edit(id, { body: 'The cat slept on the red mat.', title: 'b' })
    await exchange(a, b)
    await exchange(b, a)
    for (const vault of [a, b]) {
      expect(await vault.notes.get(id)).toMatchObject({
        title: 'b',
        body: 'The big cat slept on the red mat, purring.',
      })
    }
  })
})

describe('settings', () => {
  it('keep what was changed and nothing else', async () => {
    const { vault, reopen } = await openTestVault(store.database)
    expect(await vault.settings.get()).toEqual(DEFAULT_SETTINGS)
    const changed: Settings = {
      theme: 'dark',
      language: 'de',
      welcomed: true,
      speakAnswers: false,
      voice: 'packaged',
      voiceRate: 1.25,
      voiceLanguage: 'es',
      recogniser: 'whisper-tiny',
      spokenLanguage: 'de',
      turnPause: 1.2,
      keepRecordings: false,
      conceptsByModel: true,
      pictureLanguage: 'fra',
      talkMode: 'socratic',
      askAboutGoals: false,
      provider: 'compatible',
      anthropicModel: 'a',
      openaiModel: 'o',
      compatibleUrl: 'http://127.0.0.1:11434/v1',
      compatibleModel: 'c',
      monthlyBudgetUsd: 5,
      research: 'ask',
      researchWikipedia: false,
      researchArxiv: false,
      researchAddresses: false,
      researchWeb: 'searxng',
      researchWebUrl: 'http://127.0.0.1:8888',
      researchWebResults: 'data.items',
      timelineDays: 30,
      timelineMb: 500,
      timelineExcluded: ['Mail'],
      recordingDays: 365,
      longRecordingDays: 90,
      pictureDays: null,
      researchAllowed: ['wikipedia', 'http://127.0.0.1:8888'],
    }
    expect(await vault.settings.set(changed)).toEqual(changed)
    expect(await (await reopen()).settings.get()).toEqual(changed)
    const again = await reopen()
    expect(await again.settings.set({ monthlyBudgetUsd: null, voice: 'a\u0000b' })).toEqual({
      ...changed,
      monthlyBudgetUsd: null,
      voice: 'a\ufffdb',
    })
    await again.rebuild()
    expect((await again.settings.get()).monthlyBudgetUsd).toBeNull()
  })

  it('refuse values and names that mean nothing, and then change nothing', async () => {
    const { vault } = await openTestVault(store.database)
    const set = (patch: object) => vault.settings.set({ theme: 'dark', ...patch })
    for (const patch of [
      { language: 'fr' },
      { voiceRate: 3 },
      { voiceRate: Number.NaN },
      { welcomed: 'yes' },
      { voice: 'x'.repeat(201) },
      { monthlyBudgetUsd: -1 },
      { unknown: 1 },
      { constructor: 1 },
    ]) {
      await expect(set(patch)).rejects.toEqual(error('bad-input'))
    }
    expect(await vault.settings.get()).toEqual(DEFAULT_SETTINGS)
  })

  it('merge what two devices changed, and survive values of other versions', async () => {
    const [{ vault: a }, { vault: b }] = [await openTestVault(store.database), await openTestVault(store.database)]
    await a.settings.set({ theme: 'dark' })
    await b.settings.set({ voiceRate: 2 })
    await b.documents.change('settings', (doc) => {
      doc.getMap('settings').set('language', 'tlh')
      doc.getMap('settings').set('fromTheFuture', { a: 1 })
    })
    await exchange(b, a)
    expect(await a.settings.get()).toEqual({ ...DEFAULT_SETTINGS, theme: 'dark', voiceRate: 2 })
  })
})
