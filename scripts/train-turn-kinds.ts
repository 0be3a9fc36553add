import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { KINDS, kindFeatures, type SpokenKind } from '../src-core/agents/orchestrator/kinds.ts'
import { silentLog } from '../src-core/kernel/index.ts'
import { openMiniLm } from '../src-core/models/index.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'

/**
 * `node scripts/train-turn-kinds.ts`: makes the weights by which turns are told apart, from the labelled turns that are not held out.
 * Softmax regression by plain gradient descent: the same turns give the same weights. Run it when the embedder, the features or the turns
 * change.
 */
const ROUNDS = 600
const STEP = 2
/** Keeps weights small, so that one odd turn does not decide: of L2, for each turn. */
const SHRINK = 0.0005

const root = resolve(import.meta.dirname, '..')
const turns = readFileSync(resolve(root, 'test/sets/turn-kinds.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): { text: string; kind: SpokenKind; heldOut: boolean } => JSON.parse(line))
  .filter(({ heldOut }) => !heldOut)

const embedder = await openMiniLm({ cacheDir: MODEL_CACHE, batch: 16, threads: 0, log: silentLog })
const vectors = await embedder.embed(turns.map(({ text }) => text))
const rows = turns.map(({ text, kind }, index) => ({
  features: kindFeatures(text, vectors[index] as Float32Array),
  label: KINDS.indexOf(kind),
}))

const width = rows[0]?.features.length ?? 0
const weights = KINDS.map(() => new Float64Array(width))
for (let round = 0; round < ROUNDS; round += 1) {
  const slopes = KINDS.map(() => new Float64Array(width))
  for (const { features, label } of rows) {
    const scores = weights.map((own) =>
      Math.exp(own.reduce((sum, weight, at) => sum + weight * (features[at] ?? 0), 0)),
    )
    const total = scores.reduce((sum, score) => sum + score, 0)
    for (const [kind, slope] of slopes.entries()) {
      const error = (scores[kind] ?? 0) / total - (kind === label ? 1 : 0)
      for (let at = 0; at < width; at += 1) slope[at] = (slope[at] ?? 0) + (error * (features[at] ?? 0)) / rows.length
    }
  }
  for (const [kind, own] of weights.entries())
    for (let at = 0; at < width; at += 1)
      own[at] = (own[at] ?? 0) - STEP * ((slopes[kind]?.[at] ?? 0) + SHRINK * (own[at] ?? 0))
}

const written = Object.fromEntries(
  KINDS.map((kind, at) => [kind, [...(weights[at] ?? [])].map((weight) => Number(weight.toFixed(4)))]),
)
const file = resolve(root, 'src-core/agents/orchestrator/kind-weights.json')
writeFileSync(file, `${JSON.stringify({ embedder: embedder.info.id, weights: written })}\n`)
console.log(`${turns.length} turns, ${width} weights a kind, into ${file}`)
