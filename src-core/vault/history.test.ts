import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerOf, type Command, Player, propertyRuns, singleCommand } from '../../test/vault-commands.ts'
import { openTestStore, openTestVault, SMALL } from '../../test/vault-world.ts'
import type { Store } from '../store/index.ts'
import type { OpenVault } from './index.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())

const say = (vault: OpenVault, userText: string) => vault.captures.add({ sessionId: 's', source: 'text', userText })
const textsOf = async (vault: OpenVault) =>
  (await vault.captures.list({ order: 'oldest' }, { limit: 1_000 })).items.map(({ userText }) => userText)
const exchange = async (from: OpenVault, to: OpenVault) => {
  for (const name of await from.documents.names())
    await to.documents.apply(name, await from.documents.updateSince(name))
}

/** All that the learner sees, but for the instant at which a note was last changed: taking back is a change too. */
async function viewOf(vault: OpenVault) {
  const captures = (await vault.captures.list({}, { limit: 1_000 })).items
  const sessions = (await vault.sessions.list({ limit: 1_000 })).items
  const notes = (await vault.notes.list({ limit: 1_000 })).items
  const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1)
  return { captures, sessions, notes: notes.map(({ updatedAt: _, ...note }) => note).sort(byId) }
}

describe('undo', () => {
  it('has nothing to take back in a new vault', async () => {
    const { vault } = await openTestVault(store.database)
    expect(await vault.undo()).toBeNull()
    expect(await vault.redo()).toBeNull()
  })

  it('takes an added capture back with the session that it began, and makes it again with its answer', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await say(vault, 'one')
    await vault.captures.answer(id, answerOf('yes'))
    const before = await viewOf(vault)
    expect(await vault.undo()).toEqual({
      captures: [id],
      sessions: ['s'],
      notes: [],
      documents: [],
      collections: false,
      settings: false,
    })
    expect(await viewOf(vault)).toEqual({ captures: [], sessions: [], notes: [] })
    expect(await vault.undo()).toBeNull()
    expect(await vault.redo()).not.toBeNull()
    expect(await viewOf(vault)).toEqual(before)
    expect(await vault.redo()).toBeNull()
  })

  it('goes back a hundred steps and more, over journals that memory has dropped', async () => {
    const { vault } = await openTestVault(store.database, { tuning: { ...SMALL, journalCaptures: 10 } })
    for (let number = 0; number < 110; number++) await say(vault, `${number}`)
    for (let number = 0; number < 105; number++) expect(await vault.undo()).not.toBeNull()
    expect(await textsOf(vault)).toEqual(['0', '1', '2', '3', '4'])
    for (let number = 0; number < 105; number++) expect(await vault.redo()).not.toBeNull()
    expect((await textsOf(vault)).length).toBe(110)
  })

  it('leaves answers and settings alone', async () => {
    const { vault } = await openTestVault(store.database)
    const { id } = await say(vault, 'one')
    await vault.captures.edit(id, { userText: 'two' })
    await vault.captures.answer(id, answerOf('yes'))
    await vault.settings.set({ theme: 'dark' })
    await vault.undo()
    expect(await vault.captures.get(id)).toMatchObject({ userText: 'one', editedAt: null, answer: { text: 'yes' } })
    expect((await vault.settings.get()).theme).toBe('dark')
  })

  it('cannot make again what was undone before a new change', async () => {
    const { vault } = await openTestVault(store.database)
    await say(vault, 'one')
    await say(vault, 'two')
    await vault.undo()
    await say(vault, 'three')
    expect(await vault.redo()).toBeNull()
    expect(await textsOf(vault)).toEqual(['one', 'three'])
  })

  it('does not take back what another device changed since', async () => {
    const [{ vault: a }, { vault: b }] = [await openTestVault(store.database), await openTestVault(store.database)]
    const { id } = await say(a, 'first')
    await a.captures.edit(id, { userText: 'by a' })
    await exchange(a, b)
    await b.captures.edit(id, { userText: 'by b' })
    await exchange(b, a)
    // The edit is superseded, so the step before it is taken back: the capture itself.
    expect(await a.undo()).not.toBeNull()
    expect(await textsOf(a)).toEqual([])
    await a.redo()
    expect(await textsOf(a)).toEqual(['by b'])
  })

  it('takes back the own words in a note and leaves those of others between them', async () => {
    const [{ vault: a }, { vault: b }] = [await openTestVault(store.database), await openTestVault(store.database)]
    const { id } = await a.notes.create({ title: 't', body: 'one two three' })
    await exchange(a, b)
    await a.notes.edit(id, { body: 'one (my words) three' })
    await exchange(a, b)
    await b.notes.edit(id, { body: 'zero one (my OTHER words) three four' })
    await exchange(b, a)
    await a.undo()
    expect((await a.notes.get(id)).body).toBe('zero one twoOTHER  three four')
    await a.redo()
    expect((await a.notes.get(id)).body).toBe('zero one (my OTHER words) three four')
    await exchange(a, b)
    expect((await b.notes.get(id)).body).toBe('zero one (my OTHER words) three four')
  })

  it('keeps its steps when the database fails under it', async () => {
    let failing = false
    const { database } = store
    const { vault } = await openTestVault({
      kind: database.kind,
      features: database.features,
      query: (...args) => database.query(...args),
      exec: (script) => database.exec(script),
      transaction: async (task) => {
        if (failing) throw new Error('no')
        return database.transaction(task)
      },
      scrub: () => database.scrub(),
      close: () => database.close(),
    })
    const note = await vault.notes.create({ title: 't', body: 'body' })
    await vault.notes.edit(note.id, { body: 'other body' })
    failing = true
    await expect(vault.undo()).rejects.toThrow('no')
    failing = false
    await vault.undo()
    expect((await vault.notes.get(note.id)).body).toBe('body')
    failing = true
    await expect(vault.redo()).rejects.toThrow('no')
    failing = false
    await vault.redo()
    expect((await vault.notes.get(note.id)).body).toBe('other body')
  })

  it('goes back through every state to the beginning, and forward again', async () => {
    const learners = singleCommand.filter(({ do: name }) => !['answer', 'set', 'undo', 'redo'].includes(name))
    await fc.assert(
      fc.asyncProperty(
        fc.array(learners, { minLength: 10, maxLength: 40, size: 'max' }),
        async (commands: Command[]) => {
          const { vault, clock } = await openTestVault(store.database, { tuning: SMALL })
          const player = new Player(vault, clock)
          const states = [await viewOf(vault)]
          for (const command of commands) {
            await player.play(command)
            states.push(await viewOf(vault))
          }
          let place = states.length - 1
          while (await vault.undo()) {
            const state = JSON.stringify(await viewOf(vault))
            const earlier = states.findLastIndex((known, index) => index <= place && JSON.stringify(known) === state)
            expect(earlier, 'a state that never was').toBeGreaterThanOrEqual(0)
            place = earlier
          }
          expect(await viewOf(vault)).toEqual(states[0])
          while (await vault.redo());
          expect(await viewOf(vault)).toEqual(states.at(-1))
          await vault.close()
        },
      ),
      propertyRuns(15),
    )
  })
})
