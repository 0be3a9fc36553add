import { afterAll, beforeAll, expect, it } from 'vitest'
import { allRead, openWholeProgram, type WholeProgram } from './whole-program.ts'

/** A thousand captures at once, as from a script, a flood of pastes or a keyboard that hangs: none is lost, none twice, and each can be found. */

const MANY = 1_000
const mark = (number: number) => `${'bdfghjklmn'[number % 10]}${number}x`
const text = (number: number) => `Quick thought ${number}: its mark is ${mark(number)}.`
let program: WholeProgram

beforeAll(async () => {
  program = await openWholeProgram({ LVA_LANGUAGE_PROVIDER: 'offline' })
})
afterAll(() => program?.close())

it('a thousand quick captures at once are kept whole and once, and each is found', async () => {
  const { client } = program
  const acknowledged: string[] = []
  await Promise.all(
    Array.from({ length: MANY }, async (_, number) => {
      const { id, userText } = await client.captures.add({ sessionId: 'quick', text: text(number), source: 'text' })
      expect(userText).toBe(text(number))
      acknowledged.push(id)
    }),
  )
  const kept: { id: string; userText: string }[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await client.captures.list({ sessionId: 'quick', limit: 200, ...(cursor && { cursor }) })
    kept.push(...page.items)
    cursor = page.next
  }
  expect(new Set(acknowledged).size).toBe(MANY)
  expect(kept.map(({ id }) => id).sort()).toEqual([...acknowledged].sort())
  expect(new Set(kept.map(({ userText }) => userText))).toEqual(
    new Set(Array.from({ length: MANY }, (_, n) => text(n))),
  )

  await allRead(client)
  expect((await client.app.indexProgress()).failed).toBe(0)
  for (const number of [0, 499, MANY - 1]) {
    const { hits } = await client.search.query({ query: mark(number), limit: 3 })
    expect(hits.map(({ text: found }) => found).join()).toContain(text(number))
  }
}, 300_000)
