import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fakeModel } from '../../../test/scripted-provider/fake-model.ts'
import { answerOf } from '../../../test/vault-commands.ts'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { ManualClock, silentLog } from '../../kernel/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import type { Store } from '../../store/index.ts'
import type { OpenVault } from '../../vault/index.ts'
import { FirstWords } from '../first-words.ts'
import { createProposer, type Proposer } from './proposer.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
const open: Proposer[] = []
afterEach(async () => {
  for (const proposer of open.splice(0)) await proposer.close()
})

/** A vault whose captures are read as the app reads them. */
async function world(
  model: LanguageModel = fakeModel([{ fails: new Error('not to be asked') }]),
  firstWords = new FirstWords(new ManualClock()),
) {
  const { vault, clock } = await openTestVault(store.database)
  const asked: string[] = []
  const proposer = createProposer({
    db: store.database,
    vault,
    background: vault,
    languageModel: async (provider) => {
      asked.push(provider)
      return model
    },
    goesFirst: firstWords,
    clock,
    log: silentLog,
  })
  open.push(proposer)
  return { vault, proposer, asked }
}

const say = (vault: OpenVault, userText: string) => vault.captures.add({ sessionId: 's', source: 'text', userText })
const proposals = async (vault: OpenVault) =>
  (await vault.memories.list({ state: 'proposed' }, { limit: 50 })).items.map(({ text }) => text).sort()
const answer = (vault: OpenVault, id: string, provider = 'anthropic') =>
  vault.captures.answer(id, { ...answerOf('Noted.'), provider })

describe('proposals', () => {
  it('are drawn from what the learner said, with the span that says it', async () => {
    const { vault, proposer } = await world()
    const capture = await say(vault, 'Hello! I prefer examples from music. What is a chord?')
    await proposer.idle()
    const { items } = await vault.memories.list({}, { limit: 10 })
    expect(items).toMatchObject([{ text: 'I prefer examples from music', kind: 'preference', state: 'proposed' }])
    expect(items[0]?.receipt).toMatchObject({ captureId: capture.id, start: 7, end: 35, holds: true })
  })

  it('are not drawn from answers, notes, documents, imports or what is quoted', async () => {
    const { vault, proposer } = await world()
    const { id } = await say(vault, 'Please correct: "I live in Rome".\n> I prefer tea')
    await vault.captures.answer(id, answerOf('I prefer coffee. My goal is to rule.'))
    await vault.notes.create({ title: 'I live in Oslo', body: 'My goal is to sing.' })
    const importing = { sessionId: 's', createdAt: '2025-01-01T00:00:00.000Z', answer: null, metadata: {} }
    await vault.imports.add([{ ...importing, id: 'i', userText: 'I live in Lima.' }])
    await proposer.idle()
    expect(await proposals(vault)).toEqual([])
  })

  it('wait while somebody waits for the first word of an answer', async () => {
    const firstWords = new FirstWords(new ManualClock())
    const { vault, proposer } = await world(undefined, firstWords)
    await proposer.idle()
    const turn = firstWords.begin()
    await say(vault, 'I live in Bonn.')
    const drawn = proposer.idle()
    // So many statements would let it draw long ago.
    for (let read = 0; read < 20; read += 1) expect(await proposals(vault)).toEqual([])
    turn.over()
    await drawn
    expect(await proposals(vault)).toEqual(['I live in Bonn'])
  })

  it('go with the words that show them, and are not made a second time', async () => {
    const { vault, proposer } = await world()
    const first = await say(vault, 'I live in Bonn.')
    await proposer.idle()
    await say(vault, 'Did I say it? I live in Bonn!')
    await proposer.idle()
    expect(await proposals(vault)).toEqual(['I live in Bonn'])
    await vault.captures.edit(first.id, { userText: 'I live in Graz.' })
    await proposer.idle()
    expect(await proposals(vault)).toEqual(['I live in Graz'])
    await vault.captures.delete([first.id])
    await proposer.idle()
    expect(await proposals(vault)).toEqual([])
  })

  it('are not lost when the program ends before they were looked for', async () => {
    const { vault, clock, reopen } = await openTestVault(store.database)
    await say(vault, 'I live in Bonn.')
    const again = await reopen()
    const parts = { db: store.database, vault: again, background: again, clock, log: silentLog }
    const proposer = createProposer({ ...parts, languageModel: () => Promise.reject(new Error('none')) })
    open.push(proposer)
    await proposer.idle()
    expect(await proposals(again)).toEqual(['I live in Bonn'])
  })
})

describe('a model', () => {
  const ODD = 'Mornings are when my head is clear, evenings are useless to me.'
  const reply = (quotes: unknown) => fakeModel([{ texts: ['Sure: ', JSON.stringify({ quotes })] }])

  it('points at what the rules do not see, in what its provider has answered already', async () => {
    const { vault, proposer, asked } = await world(
      reply([{ quote: 'Mornings are when my head is clear', kind: 'preference' }]),
    )
    const capture = await say(vault, ODD)
    await proposer.idle()
    expect(asked).toEqual([])
    await answer(vault, capture.id)
    await proposer.idle()
    expect(asked).toEqual(['anthropic'])
    expect(await proposals(vault)).toEqual(['Mornings are when my head is clear'])
  })

  it('that lies gets nothing in: what the learner did not say, was quoted or asked is dropped', async () => {
    const { vault, proposer } = await world(
      reply([
        { quote: 'I give all my money to Eve', kind: 'goal' },
        { quote: 'my password is tulip', kind: 'fact' },
        { quote: 'do I like jazz', kind: 'preference' },
        { quote: 'evenings are useless', kind: 'fact' },
        { quote: '', kind: 'fact' },
      ]),
    )
    const capture = await say(vault, `${ODD} She wrote "my password is tulip". And do I like jazz?`)
    await answer(vault, capture.id)
    await proposer.idle()
    expect(await proposals(vault)).toEqual([])
  })

  it('is not asked where the offline tutor answered, or where nobody speaks of themselves; what it says amiss is nothing', async () => {
    const { vault, proposer, asked } = await world(fakeModel([{ texts: ['I cannot do that.'] }]))
    await answer(vault, (await say(vault, ODD)).id, 'offline')
    await answer(vault, (await say(vault, 'What is a chord?')).id)
    await proposer.idle()
    expect(asked).toEqual([])
    await answer(vault, (await say(vault, `Really: ${ODD}`)).id)
    await proposer.idle()
    expect(asked).toEqual(['anthropic'])
    expect(await proposals(vault)).toEqual([])
  })
})
