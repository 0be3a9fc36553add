import type { SearchHit } from '../src-core/memory/index.ts'
import { type Agreement, agreementOf, RELEVANT, relevanceBy } from '../src-core/memory/relevance.ts'
import { CALIBRATING, JUDGING, TOLD_FACTS, type ToldFact } from '../test/told-facts.ts'
import { bench, rounded } from './harness.ts'
import { openMemoryWorld } from './memory-world.ts'

/** Hits of a question that are looked at, as a grounded answer does. */
const LOOKED_AT = 10
/** Hits of a question that the fit learns from: further ones are too easily told. */
const LEARNED_FROM = 4

interface Asked {
  fact: ToldFact
  isAbsent: boolean
  hits: { isRight: boolean; agreement: Agreement }[]
}

/** A question is answered where a hit is relevant; of those with an answer, only by the right one. */
function isJudgedRight({ isAbsent, hits }: Asked): boolean {
  const relevant = hits.filter(({ agreement }) => relevanceBy(agreement) >= RELEVANT)
  return isAbsent ? relevant.length === 0 : relevant.some(({ isRight }) => isRight)
}

function figuresOf(asked: readonly Asked[]) {
  const absent = asked.filter(({ isAbsent }) => isAbsent)
  const answered = asked.filter(({ isAbsent }) => !isAbsent)
  const told = absent.filter(isJudgedRight).length
  const missed = answered.filter((one) => !isJudgedRight(one)).length
  return {
    precision: rounded(told / Math.max(1, told + missed), 3),
    recall: rounded(told / Math.max(1, absent.length), 3),
    found: rounded((answered.length - missed) / Math.max(1, answered.length), 3),
  }
}

const FEATURES = ['base', 'cosine', 'covered', 'lacking'] as const
type Weights = Record<(typeof FEATURES)[number], number>
const STEPS = 60_000
/** Per weight; five folds of the calibrating half do not tell values from 0.00005 to 0.01 apart. */
const L2 = 0.0002

/** Logistic regression by gradient descent; both classes weigh the same. */
function fitted(hits: readonly Asked['hits'][number][]): Weights {
  const valuesOf = ({ cosine = 0, covered, lacking }: Agreement): Weights => ({ base: 1, cosine, covered, lacking })
  const right = hits.filter(({ isRight }) => isRight).length
  const weights: Weights = { base: 0, cosine: 0, covered: 0, lacking: 0 }
  for (let step = 0; step < STEPS; step += 1) {
    const gradient: Weights = { base: 0, cosine: 0, covered: 0, lacking: 0 }
    for (const { isRight, agreement } of hits) {
      const values = valuesOf(agreement)
      const sum = FEATURES.reduce((total, feature) => total + weights[feature] * values[feature], 0)
      const error = (1 / (1 + Math.exp(-sum)) - Number(isRight)) / (2 * (isRight ? right : hits.length - right))
      for (const feature of FEATURES) gradient[feature] += error * values[feature]
    }
    for (const feature of FEATURES)
      weights[feature] -= gradient[feature] + (feature === 'base' ? 0 : L2 * weights[feature])
  }
  return Object.fromEntries(FEATURES.map((feature) => [feature, rounded(weights[feature], 2)])) as Weights
}

await bench({
  name: 'absent',
  about:
    'How well a question whose answer nobody told is told from one that was answered: of the questions left unanswered the part that had no answer (precision), and of those without an answer the part left unanswered (recall).',
  options: { fit: 'any: also fits the weights of relevance.ts anew on the calibrating half, and prints them' },
  async run({ options }) {
    const world = await openMemoryWorld()
    try {
      const ids: string[] = []
      for (const [place, { said }] of TOLD_FACTS.entries()) {
        ids.push((await world.vault.captures.add({ sessionId: `session ${place}`, source: 'text', userText: said })).id)
      }
      const memory = await world.openMemory()
      await memory.index.idle()
      const { languages } = world.models.embedder.info
      const all: Asked[] = []
      for (const [place, fact] of TOLD_FACTS.entries()) {
        for (const isAbsent of [false, true]) {
          const question = isAbsent ? fact.absent : fact.answered
          const { hits } = await memory.search({ query: question, limit: LOOKED_AT })
          const judged = hits.map((hit: SearchHit) => ({
            isRight: !isAbsent && hit.captureId === ids[place],
            agreement: agreementOf(question, { ...hit, cosine: hit.why.cosine }, languages),
          }))
          all.push({ fact, isAbsent, hits: judged })
        }
      }
      const of = (facts: readonly ToldFact[], language?: string) =>
        all.filter(({ fact }) => facts.includes(fact) && (language === undefined || fact.language === language))
      if (options.fit !== undefined) {
        const learnable = of(CALIBRATING).flatMap(({ hits }) => hits.slice(0, LEARNED_FROM))
        for (const isLearned of [true, false]) {
          const weights = fitted(learnable.filter(({ agreement }) => agreement.isLearned === isLearned))
          console.error(`${isLearned ? 'LEARNED' : 'UNLEARNED'} = ${JSON.stringify(weights)}`)
        }
      }
      const table = [
        { half: 'calibrating', language: 'all', ...figuresOf(of(CALIBRATING)) },
        { half: 'judging', language: 'all', ...figuresOf(of(JUDGING)) },
        ...['en', 'de', 'es'].map((language) => ({ half: 'judging', language, ...figuresOf(of(JUDGING, language)) })),
      ]
      return {
        figures: figuresOf(of(JUDGING)),
        table,
        targets: [
          { figure: 'precision', atLeast: 0.85 },
          { figure: 'recall', atLeast: 0.8 },
        ],
      }
    } finally {
      await world.close()
    }
  },
})
