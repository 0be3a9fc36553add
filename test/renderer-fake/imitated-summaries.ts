import { implement } from '@orpc/server'
import { type Citation, contract } from '../../src-core/contract/index.ts'
import type { ClientContext } from '../../src-core/contract/server/index.ts'
import type { Scenario } from './scenario.ts'

const TEXT =
  'You worked out how attention mixes values: every key is compared with the query, and the softmax makes shares of the scores [1]. Later you said that the shares always sum to one, so the output stays an average [2]. Whether the division by the root matters for small keys is still open [?].'
const FOLLOW_UPS = [
  'How are softmax and the weights connected?',
  'What happens when two keys fit a query equally well?',
]
const CARDS = ['c1', 'c2']
const BEFORE_WORDS_MS = 120
const WORD_MS = 12

/** Summaries that are always of the same. What `scenario.answer` says of answers counts for them too. */
export function imitateSummaries(
  scenario: Scenario,
  citations: () => Citation[],
  fail: (code: string) => never,
  wait: (ms: number) => Promise<unknown>,
) {
  const os = implement(contract).$context<ClientContext>()
  return {
    make: os.summaries.make.handler(async function* ({ input, signal }) {
      await wait(BEFORE_WORDS_MS)
      if (scenario.isEmpty) fail('nothing-to-sum-up')
      const isOffline = input.provider === 'offline' || scenario.provider === 'offline'
      if (!isOffline && scenario.answer.startsWith('fail:')) fail(scenario.answer.slice(5))
      const places = citations()
      const by = isOffline
        ? { provider: 'offline' as const, model: 'tutor' }
        : { provider: 'anthropic' as const, model: 'claude-haiku-4-5' }
      yield { type: 'memory' as const, citations: places, ...by }
      if (scenario.answer === 'hang') await new Promise((resolve) => signal?.addEventListener('abort', resolve))
      for (const text of TEXT.match(/\S+\s*/g) ?? []) {
        await wait(WORD_MS * (scenario.answer === 'slow' ? 20 : 1))
        yield { type: 'delta' as const, text }
      }
      const cost = {
        inputTokens: isOffline ? 0 : 640,
        outputTokens: isOffline ? 0 : 92,
        costUsd: isOffline ? 0 : 0.0011,
      }
      const made = { text: TEXT, citations: places, followUps: FOLLOW_UPS, cards: CARDS }
      yield { type: 'done' as const, summary: { ...by, ...cost, ...made, ending: 'complete' as const } }
    }),
  }
}
