import { afterAll, beforeAll, expect, it } from 'vitest'
import { answerOf } from '../../test/vault-commands.ts'
import { openTestStore, openTestVault } from '../../test/vault-world.ts'
import type { Store } from './index.ts'
import { spendingByAgent } from './spending.ts'

let store: Store
beforeAll(async () => {
  store = await openTestStore()
}, 60_000)
afterAll(() => store.close())

it('adds up what the agents of the kept answers used since an instant', async () => {
  const { vault, clock } = await openTestVault(store.database)
  const run = (agent: string, costUsd: number | null, model: string | null = 'a-model') => ({
    ...{ agent, ms: 5, model, inputTokens: model ? 10 : 0, outputTokens: model ? 2 : 0, costUsd },
  })
  const answered = async (...agentsUsed: ReturnType<typeof run>[]) => {
    const { id } = await vault.captures.add({ sessionId: 's', source: 'text', userText: 'Why?' })
    await vault.captures.answer(id, { ...answerOf('Because.'), agentsUsed })
    return id
  }
  await answered(run('conversation', 5))
  clock.advance(1_000)
  const since = clock.now()
  await answered(run('conversation', 0.001), run('research', 0.01), run('analysis', 0, null))
  await answered(run('conversation', null), { agent: 'conversation', ms: 3 } as ReturnType<typeof run>)
  const deleted = await answered(run('vision', 1))
  await vault.captures.delete([deleted])
  expect(await spendingByAgent(store.database, vault.id, since)).toEqual([
    { agent: 'research', inputTokens: 10, outputTokens: 2, costMicroUsd: 10_000, runs: 1 },
    { agent: 'conversation', inputTokens: 20, outputTokens: 4, costMicroUsd: 1_000, runs: 2 },
  ])
})
