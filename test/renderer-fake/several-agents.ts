import type { Answer, TurnEvent } from '../../src-core/contract/index.ts'

/** What several agents add to an answer of the imitated core. */
const FREE = { inputTokens: 0, outputTokens: 0, costUsd: 0 }

export const SOURCES_ELSEWHERE: NonNullable<Answer['sources']> = [
  {
    number: 2,
    kind: 'arxiv',
    title: 'Attention Is All You Need',
    url: 'https://arxiv.org/abs/1706.03762',
    quote:
      'We suspect that for large values of d_k, the dot products grow large in magnitude, pushing the softmax function into regions where it has extremely small gradients.',
    at: '2026-11-26T10:00:00.000Z',
  },
  {
    number: 3,
    kind: 'wikipedia',
    title: 'Transformer (deep learning architecture)',
    url: 'https://en.wikipedia.org/wiki/Transformer_(deep_learning_architecture)',
    quote: 'The attention weights are divided by the square root of the dimension of the key vectors.',
    at: '2026-11-26T10:00:00.000Z',
  },
]

export const ADDITIONS: { agent: 'research' | 'synthesis'; text: string }[] = [
  {
    agent: 'research',
    text: 'The paper that introduced it gives the same reason: the products grow, and softmax ends up where its gradients are extremely small [2]. The weights are divided by the square root of the dimension [3].',
  },
  {
    agent: 'synthesis',
    text: 'Your words and the paper look at one thing from two sides: that the weights sum to one [1] is why a single large product takes nearly everything [2].',
  },
]

export const FOLLOW_UPS = [
  'What would happen to the gradient without the division?',
  'How are softmax and temperature connected?',
  'What did I say about several heads?',
]

export const SEVERAL_RUNS: Answer['agentsUsed'] = [
  { agent: 'research', startedMs: 15, ms: 3_420, outcome: 'done', model: 'claude-haiku-4-5', ...FREE },
  { agent: 'analysis', startedMs: 15, ms: 2_000, outcome: 'late', model: null, ...FREE, error: 'timeout' },
  { agent: 'synthesis', startedMs: 3_440, ms: 1_180, outcome: 'done', model: 'claude-haiku-4-5', ...FREE },
]

/** The additions to an answer that is whole, as they come. */
export async function* adding(
  answer: Answer,
  everyMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<TurnEvent> {
  const { citations } = answer
  yield {
    type: 'tool',
    agent: 'research',
    name: 'wikipedia',
    state: 'running',
    about: 'Wikipedia, “attention scaling”',
  }
  for (const addition of ADDITIONS) {
    await new Promise((resolve) => setTimeout(resolve, everyMs))
    if (signal?.aborted) return
    yield { type: 'addition', ...addition, citations, sources: SOURCES_ELSEWHERE }
    yield { type: 'agent', agent: addition.agent, state: 'done' }
    if (addition.agent === 'research') yield { type: 'agent', agent: 'synthesis', state: 'running' }
  }
}
