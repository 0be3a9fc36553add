import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { idMaker, isLvaError, ManualClock, type Random, seededRandom } from '../src-core/kernel/index.ts'
import type { Database, Queries, Store } from '../src-core/store/index.ts'
import type { OpenVault } from '../src-core/vault/index.ts'
import { answerOf, propertyRuns, sessionId } from './vault-commands.ts'
import { openSmallVault, openTestStore, shadowsOf } from './vault-world.ts'

let store: Store
let db: Database
let runs = 0

beforeAll(async () => {
  store = await openTestStore()
  db = store.database
})
afterAll(() => store.close())

class Fault extends Error {}

/** A database that fails at random: at a statement, before a commit, or after one, when the caller cannot know that it happened. */
function faulty(inner: Database, random: Random, rate: () => number): Database {
  const mayFail = () => {
    if (random.fraction() < rate()) throw new Fault()
  }
  const queries = (on: Queries): Queries => ({
    query: async (...args) => {
      mayFail()
      return on.query(...args)
    },
    exec: (script) => on.exec(script),
  })
  return {
    ...queries(inner),
    kind: inner.kind,
    features: inner.features,
    transaction: async (task) => {
      mayFail()
      const result = await inner.transaction(async (tx) => {
        const done = await task(queries(tx))
        mayFail()
        return done
      })
      mayFail()
      return result
    },
    scrub: () => inner.scrub(),
    close: () => inner.close(),
  }
}

/** What the vault must hold: a second, naive implementation of captures and sessions. */
class Model {
  captures = new Map<string, { session: string; text: string; answer: string | null; gone: 'alone' | number | null }>()
  sessions = new Map<string, { title: string | null; deletion: number | null }>()
  deletions = 0

  copy(): Model {
    const copy = new Model()
    copy.captures = structuredClone(this.captures)
    copy.sessions = structuredClone(this.sessions)
    copy.deletions = this.deletions
    return copy
  }

  alive(id: string) {
    const capture = this.captures.get(id)
    return capture?.gone === null ? capture : undefined
  }

  capturesOf(session: string): string[] {
    return [...this.captures.keys()].filter((id) => this.alive(id)?.session === session)
  }

  aliveSession(id: string) {
    const session = this.sessions.get(id)
    return session && (session.deletion === null || this.capturesOf(id).length > 0) ? session : undefined
  }

  add(id: string, session: string, text: string): void {
    this.captures.set(id, { session, text, answer: null, gone: null })
    if (!this.sessions.has(session)) this.sessions.set(session, { title: null, deletion: null })
  }

  deleteSession(id: string): void {
    const session = this.aliveSession(id)
    if (!session) return
    this.deletions += 1
    for (const capture of this.capturesOf(id)) Object.assign(this.captures.get(capture) ?? {}, { gone: this.deletions })
    session.deletion = this.deletions
  }

  restoreSession(id: string): void {
    const session = this.sessions.get(id)
    if (!session || session.deletion === null) return
    for (const capture of this.captures.values()) if (capture.gone === session.deletion) capture.gone = null
    session.deletion = null
  }

  /** What a reader sees. */
  view() {
    return {
      captures: [...this.captures]
        .filter(([, { gone }]) => gone === null)
        .map(([id, { session, text, answer }]) => ({ id, session, text, answer }))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
      sessions: [...this.sessions.keys()]
        .flatMap((id) => {
          const session = this.aliveSession(id)
          return session ? [{ id, title: session.title, count: this.capturesOf(id).length }] : []
        })
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    }
  }
}

async function viewOf(vault: OpenVault) {
  const captures = (await vault.captures.list({ order: 'oldest' }, { limit: 1_000 })).items
  const sessions = (await vault.sessions.list({ limit: 1_000 })).items
  return {
    captures: captures
      .map(({ id, sessionId: session, userText: text, answer }) => ({
        id,
        session,
        text,
        answer: answer?.text ?? null,
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    sessions: sessions
      .map(({ id, title, captureCount: count }) => ({ id, title, count }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  }
}

const pick = fc.nat({ max: 50 })
const session = fc.nat({ max: 2 }).map(sessionId)
const text = fc.constantFrom('one', 'two', 'three', 'é😀')
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), session, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('edit' as const, 'answer' as const), pick, text }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('delete' as const, 'restore' as const), pick }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('deleteSession' as const, 'restoreSession' as const), session }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), session, title: fc.option(text) }) },
)
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never

/** Does the action to both. The model first, on a copy, because a failed call may or may not have happened. */
async function act(
  vault: OpenVault,
  model: Model,
  action: Action,
): Promise<{ expected: Model; done: Promise<unknown> }> {
  const expected = model.copy()
  const id =
    'pick' in action ? ([...model.captures.keys()][action.pick % Math.max(1, model.captures.size)] ?? 'none') : ''
  const capture = expected.captures.get(id)
  switch (action.do) {
    case 'add': {
      const done = vault.captures.add({ sessionId: action.session, source: 'text', userText: action.text })
      return { expected, done: done.then(({ id }) => expected.add(id, action.session, action.text)) }
    }
    case 'edit':
      if (capture?.gone === null) capture.text = action.text
      return { expected, done: vault.captures.edit(id, { userText: action.text }) }
    case 'answer':
      if (capture?.gone === null) capture.answer = action.text
      return { expected, done: vault.captures.answer(id, answerOf(action.text)) }
    case 'delete':
      if (capture?.gone === null) capture.gone = 'alone'
      return { expected, done: vault.captures.delete([id]) }
    case 'restore':
      if (capture) capture.gone = null
      return { expected, done: vault.captures.restore([id]) }
    case 'deleteSession':
      expected.deleteSession(action.session)
      return { expected, done: vault.sessions.delete(action.session) }
    case 'restoreSession':
      expected.restoreSession(action.session)
      return { expected, done: vault.sessions.restore(action.session) }
    case 'rename': {
      const named = expected.aliveSession(action.session)
      if (named) named.title = action.title
      return { expected, done: vault.sessions.rename(action.session, action.title) }
    }
  }
}

describe.each([
  { rate: 0, what: 'follows its model' },
  { rate: 0.04, what: 'loses no acknowledged write and keeps tables and documents together when the database fails' },
])('a vault whose database fails at $rate of its calls', ({ rate, what }) => {
  it(what, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 20, maxLength: 60, size: 'max' }),
        fc.integer(),
        async (actions, seed) => {
          runs += 1
          const vaultId = `faults-${runs}`
          const clock = new ManualClock()
          const newId = idMaker(clock, seededRandom(seed))
          let failing = rate
          const open = () =>
            openSmallVault(
              faulty(db, seededRandom(seed), () => failing),
              vaultId,
              clock,
              newId,
            )
          const calmly = async <T>(task: () => Promise<T>): Promise<T> => {
            failing = 0
            const result = await task()
            failing = rate
            return result
          }

          let vault = await calmly(open)
          let model = new Model()
          for (const each of actions) {
            clock.advance(1_000)
            const { expected, done } = await act(vault, model, each)
            const error = await done.then(
              () => undefined,
              (reason) => reason,
            )
            if (error === undefined) model = expected
            else if (error instanceof Fault) {
              // It happened entirely or not at all; a capture whose id nobody learned may be there.
              const view = await calmly(() => viewOf(vault))
              const known = new Set(model.captures.keys())
              const added = view.captures.find(({ id }) => !known.has(id))
              if (each.do === 'add' && added) expected.add(added.id, added.session, added.text)
              expect([model.view(), expected.view()]).toContainEqual(view)
              if (JSON.stringify(view) === JSON.stringify(expected.view())) model = expected
            } else if (!isLvaError(error, 'not-found')) throw error
          }

          failing = 0
          expect(await viewOf(vault)).toEqual(model.view())
          const shadows = await shadowsOf(db, vaultId)
          await vault.close()
          vault = await open()
          await vault.rebuild()
          expect(await shadowsOf(db, vaultId)).toEqual(shadows)
          expect(await viewOf(vault)).toEqual(model.view())
          await vault.close()
        },
      ),
      propertyRuns(25),
    )
  })
})
