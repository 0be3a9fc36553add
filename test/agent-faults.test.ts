import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Client } from '../src-core/contract/index.ts'
import { ERROR_CODES } from '../src-core/kernel/index.ts'
import { screenWith } from './made-pictures.ts'
import { type AskingAgent, askingAgent } from './scripted-provider/asking-agent.ts'
import { type ScriptedProvider, startScriptedProvider } from './scripted-provider.ts'
import { type ScriptedWeb, startScriptedWeb } from './scripted-web/server.ts'
import { allRead, openWholeProgram, takeTurn, type WholeProgram } from './whole-program.ts'

/** Everything that a provider can do wrong, and what it is called where nobody stands in. */
const FAULTS: [scenario: string, code: string][] = [
  ['unauthorized', 'provider-key-refused'],
  ['forbidden', 'provider-key-refused'],
  ['unknown-model', 'provider-model-unknown'],
  ['bad-request', 'provider-refused'],
  ['too-long', 'provider-refused'],
  ['no-credit', 'provider-refused'],
  ['rate-limited', 'provider-rate-limited'],
  ['rate-limited-long', 'provider-rate-limited'],
  ['overloaded', 'provider-unavailable'],
  ['error', 'provider-unavailable'],
  ['reset', 'network-down'],
  ['cut', 'provider-stream-cut'],
  ['cut-quietly', 'provider-stream-cut'],
  ['cut-early', 'provider-stream-cut network-down'],
  ['stream-error', 'provider-stream-cut'],
  ['stream-error-early', 'provider-unavailable'],
  ['malformed', 'provider-stream-cut'],
  ['malformed-early', 'provider-not-understood'],
  ['html', 'provider-not-understood'],
  ['html-404', 'provider-not-understood'],
  ['redirect', 'provider-not-understood'],
  ['stall', 'timeout'],
  ['silence', 'timeout'],
  ['headers-only', 'timeout'],
]

/**
 * Milliseconds that an agent has here. Enough for a busy machine to read a picture before the model is asked: a late agent would never
 * meet its fault. What a deadline does is told in `orchestrate.test.ts`.
 */
const DEADLINE_MS = 20_000
/** Milliseconds of silence after which the provider is given up. */
const SILENCE_MS = 500
/** Longest time of a turn: two stages, one after the other. */
const TURN_MS = 2 * DEADLINE_MS

/** A turn in which each agent asks the model. */
const TURNS: [agent: AskingAgent, text: string, name: string][] = [
  ['conversation', 'What is a cell?', 'conversation'],
  ['insight', 'What did I learn this week?', 'synthesis'],
  ['vision', 'What is in this picture?', 'vision'],
  ['research-plan', 'Compare photosynthesis and cellular respiration in detail', 'research'],
  ['research-answer', 'Compare photosynthesis and cellular respiration in detail', 'research'],
  ['analysis', 'Compare photosynthesis and cellular respiration in detail', 'analysis'],
  ['synthesis', 'Compare photosynthesis and cellular respiration in detail', 'synthesis'],
]

describe('whatever a provider does wrong, in whichever agent', () => {
  let program: WholeProgram
  let client: Client
  let server: ScriptedProvider
  let web: ScriptedWeb
  let picture: string
  let failing: { agent: AskingAgent; scenario: string } | undefined
  let hits = 0

  beforeAll(async () => {
    web = await startScriptedWeb()
    server = await startScriptedProvider({
      delayMs: 0,
      reply: ({ text }) => {
        if (!failing || askingAgent(text) !== failing.agent) return undefined
        hits += 1
        return { scenario: failing.scenario }
      },
    })
    const deadlines = ['CONVERSATION', 'ANALYSIS', 'RESEARCH', 'VISION', 'SYNTHESIS'].map((name) => [
      `LVA_AGENTS_DEADLINES_${name}`,
      String(DEADLINE_MS),
    ])
    program = await openWholeProgram({
      ...Object.fromEntries(deadlines),
      LVA_LANGUAGE_PROVIDER: 'anthropic',
      LVA_LANGUAGE_ANTHROPIC_BASE_URL: server.url,
      ANTHROPIC_API_KEY: 'sk-faults',
      LVA_LANGUAGE_FIRST_TOKEN_TIMEOUT_MS: String(SILENCE_MS),
      LVA_LANGUAGE_IDLE_TIMEOUT_MS: String(SILENCE_MS),
      // One try: what retries do is told elsewhere. And no circuit, which would keep later faults from being met.
      LVA_LANGUAGE_RETRY_ATTEMPTS: '1',
      LVA_LANGUAGE_BREAKER_FAILURES: '100000',
    })
    client = program.client
    await client.settings.set({
      research: 'on',
      conceptsByModel: true,
      researchWikipedia: false,
      researchArxiv: false,
      researchWeb: 'searxng',
      researchWebUrl: `${web.url}/searxng`,
    })
    for (const text of [
      'Photosynthesis happens in the chloroplast.',
      'Photosynthesis needs light, water and carbon dioxide.',
    ])
      await client.captures.add({ sessionId: null, text, source: 'text' })
    const bytes = screenWith(['Photosystem II splits water.'])
    picture = (await client.pictures.add({ picture: new Blob([new Uint8Array(bytes)], { type: 'image/png' }) })).sha256
    await allRead(client)
    // The first turn loads the SDK and LangGraph, which no deadline is about.
    await takeTurn(client, 'What is a cell?')
  })
  afterAll(async () => {
    await program?.close()
    await server?.close()
    await web?.close()
  })

  describe.each(TURNS)('%s', (agent, text, name) => {
    it.each(FAULTS)('%s: the turn ends with an answer, or says what is wrong', async (scenario, code) => {
      failing = { agent, scenario }
      hits = 0
      const { capture, error, ms } = await takeTurn(client, text, agent === 'vision' ? { pictures: [picture] } : {})
      failing = undefined
      if (capture) await client.captures.delete({ ids: [capture.id] })

      expect(hits, 'the fault was met').toBeGreaterThan(0)
      expect(ms).toBeLessThan(TURN_MS)
      expect(capture?.userText).toBe(text)
      if (error !== undefined) {
        expect(ERROR_CODES).toContain(error)
        expect(code.split(' ')).toContain(error)
        expect(capture?.answer).toBeNull()
        return
      }
      const answer = capture?.answer
      expect(answer?.text.trim()).not.toBe('')
      const runs = answer?.agentsUsed.filter((run) => run.agent === name) ?? []
      // It failed and is named, or did its work without the model.
      expect(runs.length).toBeGreaterThan(0)
      for (const run of runs.filter(({ outcome }) => outcome === 'failed')) expect(code.split(' ')).toContain(run.error)
    })
  })
})
