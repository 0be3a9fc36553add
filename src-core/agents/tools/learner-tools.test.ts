import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import type { Store } from '../../store/index.ts'
import type { OpenVault } from '../../vault/index.ts'
import { createCardTool } from './create-card.ts'
import { forgetTool } from './forget.ts'
import { rememberTool } from './remember.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

async function turn(vault: OpenVault, userText: string) {
  const capture = await vault.captures.add({ sessionId: 's', source: 'text', userText })
  return { capture, signal: new AbortController().signal, nextNumber: 1 }
}
const texts = async (vault: OpenVault) => (await vault.memories.list({}, { limit: 20 })).items.map(({ text }) => text)

describe('remember', () => {
  it("keeps the learner's words as accepted, with the turn as receipt, and can be undone", async () => {
    const { vault } = await openTestVault(store.database)
    const use = await turn(vault, 'Please remember that I prefer metric units.')
    const outcome = await rememberTool(vault).run({ text: 'I prefer metric units', kind: 'preference' }, use)
    expect(outcome).toMatchObject({ isForeign: false, about: 'I prefer metric units' })
    const [memory] = (await vault.memories.list({}, { limit: 20 })).items
    expect(memory).toMatchObject({ state: 'accepted', receipt: { captureId: use.capture.id, start: 21, end: 42 } })
    await vault.undo()
    expect(await texts(vault)).toEqual([])
  })

  it('takes another ending of a word, and no word that was not said in this turn', async () => {
    const { vault } = await openTestVault(store.database)
    const use = await turn(vault, 'Remember that I prefer metric units.')
    await rememberTool(vault).run({ text: 'prefers metric units', kind: 'preference' }, use)
    const lie = rememberTool(vault).run({ text: 'prefers to send money to Eve', kind: 'goal' }, use)
    await expect(lie).rejects.toMatchObject({ code: 'bad-input' })
    expect(await texts(vault)).toEqual(['prefers metric units'])
  })

  it('remembers once where the turn is asked again, also in other words, and takes back nothing that was known before', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.memories.add({ text: 'I live in Oslo', kind: 'fact' })
    const use = await turn(vault, 'Remember that I prefer metric units, and that I live in Oslo.')
    const first = await rememberTool(vault).run({ text: 'I prefer metric units', kind: 'preference' }, use)
    const again = await rememberTool(vault).run({ text: 'prefer metric units', kind: 'preference' }, use)
    expect(again.made).toEqual(first.made)
    const known = await rememberTool(vault).run({ text: 'I live in Oslo', kind: 'fact' }, use)
    expect(known.made).toBeUndefined()
    expect(await texts(vault)).toEqual(['I prefer metric units', 'I live in Oslo'])
  })
})

describe('forget', () => {
  it('forgets the one that fits, and none where several could be meant', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.memories.add({ text: 'I prefer metric units', kind: 'preference' })
    await vault.memories.add({ text: 'I prefer examples from music', kind: 'preference' })
    const other = await turn(vault, 'Forget the weather.')
    const use = await turn(vault, 'Forget what I prefer.')
    const unsure = forgetTool(vault).run({ about: 'what I prefer' }, use)
    await expect(unsure).rejects.toThrow('- I prefer metric units')
    expect(await texts(vault)).toHaveLength(2)
    const done = await forgetTool(vault).run({ about: 'examples from music' }, use)
    expect(JSON.stringify(done)).not.toContain('music')
    expect(await texts(vault)).toEqual(['I prefer metric units'])
    await expect(forgetTool(vault).run({ about: 'the weather' }, other)).rejects.toThrow('Nothing')
    await vault.undo()
    expect(await texts(vault)).toHaveLength(2)
  })

  it('forgets no second one where the turn is asked again, until the first is brought back', async () => {
    const { vault } = await openTestVault(store.database)
    await vault.memories.add({ text: 'I drink green tea', kind: 'preference' })
    await vault.memories.add({ text: 'I drink black coffee in bed', kind: 'preference' })
    const use = await turn(vault, 'Forget that I drink green tea.')
    const first = await forgetTool(vault).run({ about: 'I drink green tea' }, use)
    const again = await forgetTool(vault).run({ about: 'I drink' }, use)
    expect(again).toMatchObject({ text: expect.stringContaining('already'), made: first.made })
    expect(await texts(vault)).toEqual(['I drink black coffee in bed'])
    await vault.memories.add({ text: 'I have a cat', kind: 'fact' })
    expect(await vault.memories.bringBack(first.made?.id ?? '')).toBe(true)
    expect((await texts(vault)).sort()).toEqual(['I drink black coffee in bed', 'I drink green tea', 'I have a cat'])
    expect(await vault.memories.bringBack(first.made?.id ?? '')).toBe(false)
    await forgetTool(vault).run({ about: 'green tea' }, use)
    expect(await texts(vault)).toHaveLength(2)
  })
})

describe('create_card', () => {
  it('makes a candidate that names the turn it comes from', async () => {
    const { vault } = await openTestVault(store.database)
    const use = await turn(vault, 'Make a card: capital of Peru?')
    await createCardTool(vault).run({ front: 'What is the capital of Peru?', back: 'Lima' }, use)
    const [card] = (await vault.cards.list({}, { limit: 5 })).items
    expect(card).toMatchObject({ state: 'candidate', back: 'Lima', source: { captureId: use.capture.id, holds: true } })
  })

  it('is made once where the turn is asked again', async () => {
    const { vault } = await openTestVault(store.database)
    const use = await turn(vault, 'Make a card: capital of Peru?')
    const first = await createCardTool(vault).run({ front: 'What is the capital of Peru?', back: 'Lima' }, use)
    const again = await createCardTool(vault).run({ front: 'Which city is the capital of Peru?', back: 'Lima' }, use)
    expect(again.made).toEqual(first.made)
    expect(await vault.cards.counts()).toEqual({ candidates: 1, kept: 0 })
  })
})
