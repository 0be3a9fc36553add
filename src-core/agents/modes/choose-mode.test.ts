import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import type { Answer, OpenVault, TalkMode } from '../../vault/index.ts'
import type { AgentServices, TurnRequest } from '../types.ts'
import { chooseMode, type ModeMetadata } from './choose-mode.ts'

const QUESTION = 'What is "house" in Spanish?'
let store: Store
let vault: OpenVault
let goal: string
let isOn: boolean
let usual: TalkMode

beforeAll(async () => {
  store = await openTestStore()
})
afterAll(() => store.close())
beforeEach(async () => {
  vault = (await openTestVault(store.database)).vault
  goal = (await vault.memories.add({ text: 'I want to learn Spanish', kind: 'goal' })).id
  isOn = true
  usual = 'answer'
})

const choose = (text: string, more: Partial<TurnRequest> = {}): Promise<ModeMetadata> =>
  chooseMode(
    {
      vault,
      clock: systemClock,
      log: silentLog,
      talkMode: async () => usual,
      asksAboutGoals: async () => isOn,
    } as unknown as AgentServices,
    { sessionId: 's', source: 'text', text, ...more },
    vault.captures.list({ sessionId: 's', order: 'newest' }, { limit: 5 }).then(({ items }) => items),
  )

async function exchange(userText: string, metadata: ModeMetadata, step?: Answer['step']): Promise<void> {
  const capture = await vault.captures.add({ sessionId: 's', source: 'text', userText, metadata: { ...metadata } })
  await vault.captures.answer(capture.id, {
    ...{ text: 'So.', provider: 'offline', model: 'tutor', inputTokens: 0, outputTokens: 0, costUsd: 0 },
    ...{ citations: [], agentsUsed: [], ending: 'complete', createdAt: capture.createdAt },
    ...(metadata.mode && { mode: metadata.mode }),
    ...(step && { step }),
  })
}

describe('how a turn is answered', () => {
  it('is asked back first where a question touches a goal', async () => {
    expect(await choose(QUESTION)).toEqual({ mode: 'ask-first', goal })
    expect(await choose('Why is the sky blue?')).toEqual({})
  })

  it('keeps to what was chosen by hand, for the turn and the rest of its session', async () => {
    expect(await choose(QUESTION, { mode: 'answer' })).toEqual({ mode: 'answer' })
    await exchange('Why is the sky blue?', { mode: 'answer' })
    expect(await choose(QUESTION)).toEqual({ mode: 'answer' })
  })

  it('is as Settings say in a new session, and leaves out goals where that is switched off', async () => {
    usual = 'socratic'
    expect(await choose(QUESTION, { sessionId: null })).toEqual({ mode: 'socratic' })
    usual = 'answer'
    isOn = false
    expect(await choose(QUESTION)).toEqual({})
  })

  it('goes on until the answer, then is as before', async () => {
    await exchange(QUESTION, { mode: 'ask-first', goal }, 'attempt')
    expect(await choose('Is it casa?')).toEqual({ mode: 'ask-first', goal })
    expect(await choose('Show me the answer')).toEqual({ mode: 'ask-first', goal })
    expect(await choose('Why is the sky blue?')).toEqual({})
    await exchange('Show me the answer', { mode: 'ask-first', goal }, 'answer')
    expect(await choose('Thank you')).toEqual({})
  })

  it.each([
    ['telling', 'I read a Spanish book today', {}],
    ['the own life', 'When is my Spanish exam?', {}],
    ['a wish to be told', 'Just tell me what "house" is in Spanish', {}],
    ['a change', 'Make a note: what is "house" in Spanish?', {}],
    ['pictures', QUESTION, { pictures: ['a'.repeat(64)] }],
    ['a command', QUESTION, { source: 'cli' as const }],
  ])('asks nothing back on %s', async (_, said, more) => {
    expect(await choose(said, more)).toEqual({})
  })

  it('knows no goal that is forgotten, and takes no preference for one', async () => {
    await vault.memories.forget([goal])
    await vault.memories.add({ text: 'I like Spanish', kind: 'preference' })
    expect(await choose(QUESTION)).toEqual({})
  })

  it('answers at once where memories cannot be read', async () => {
    vault = { ...vault, memories: { list: () => Promise.reject(new Error('gone')) } } as unknown as OpenVault
    expect(await choose(QUESTION)).toEqual({})
  })
})
