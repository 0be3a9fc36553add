import type { Answer, ConsentDecision, Source } from '../../src-core/contract/index.ts'

const LEAVING = [
  { to: 'en.wikipedia.org', sends: 'attention transformers softmax scaling' },
  { to: 'export.arxiv.org', sends: 'all:attention AND all:transformers AND all:scaling' },
]
const QUOTE =
  'For large values of the dimension, the dot products grow large in magnitude, pushing the softmax into regions of small gradients.'
const AT = '2026-11-26T10:00:00.000Z'
const SOURCE: Source = {
  number: 2,
  kind: 'wikipedia',
  title: 'Attention (machine learning)',
  url: 'https://en.wikipedia.org/wiki/Attention_(machine_learning)',
  quote: QUOTE,
  at: AT,
}

/** Research that asks before words leave: its questions, who answers them, and what an answer then holds. */
export function imitateResearch(newId: () => string) {
  const deciders = new Map<string, (decision: ConsentDecision) => void>()
  return {
    decide(id: string, decision: ConsentDecision): boolean {
      const take = deciders.get(id)
      deciders.delete(id)
      take?.(decision)
      return take !== undefined
    },
    open() {
      return LEAVING.map((leaving) => {
        const id = newId()
        const decided = new Promise<ConsentDecision>((resolve) => deciders.set(id, resolve))
        return { decided, event: { type: 'consent' as const, id, agent: 'research' as const, ...leaving } }
      })
    },
    answerWith(decisions: readonly ConsentDecision[]): Partial<Answer> {
      const asked = LEAVING.map((leaving, at) => {
        const outcome = decisions[at] === 'no' ? ('refused' as const) : ('answered' as const)
        return { ...leaving, outcome }
      })
      const found = asked.some(({ outcome }) => outcome === 'answered')
      const free = { model: null, inputTokens: 0, outputTokens: 0, costUsd: 0 }
      return {
        agentsUsed: [{ agent: 'research', startedMs: 12, ms: 2_140, outcome: 'done', ...free, asked }],
        ...(found && {
          sources: [SOURCE],
          additions: [{ agent: 'research' as const, text: `${SOURCE.title}: “${QUOTE}” [2]`, createdAt: AT }],
        }),
      }
    },
  }
}
