import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { KINDS, type SpokenKind } from '../src-core/agents/orchestrator/kind-cues.ts'
import { kindFeatures } from '../src-core/agents/orchestrator/kind-features.ts'
import { silentLog } from '../src-core/kernel/index.ts'
import { openMiniLm } from '../src-core/models/index.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'

/**
 * `node scripts/train-turn-kinds.ts`: makes the weights by which turns are told apart, from the labelled turns that are for training.
 * Softmax regression by gradient descent with momentum: the same turns give the same weights. Run it when the embedder, the features or
 * the turns change. `--cross-validate` writes nothing and prints what tenths of these turns get from the other nine, by which features are
 * chosen; the held-out ones are never read here.
 */
const ROUNDS = 300
const STEP = 0.3
const MOMENTUM = 0.9
/** Keeps weights small, so that one odd turn does not decide: of L2, for each turn. */
const SHRINK = 0.0015
const FOLDS = 10

interface Row {
  text: string
  features: Float64Array
  /** Of the features that are not 0. */
  places: number[]
  label: number
}

const root = resolve(import.meta.dirname, '..')
const turns = readFileSync(resolve(root, 'test/sets/turn-kinds.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line): { text: string; kind: SpokenKind; part: string } => JSON.parse(line))
  .filter(({ part }) => part === 'training')

const embedder = await openMiniLm({ cacheDir: MODEL_CACHE, batch: 16, threads: 0, log: silentLog })
const vectors = await embedder.embed(turns.map(({ text }) => text))
const rows = turns.map(({ text, kind }, index): Row => {
  const features = Float64Array.from(kindFeatures(text, vectors[index] as Float32Array))
  const places = Array.from(features.keys()).filter((place) => features[place] !== 0)
  return { text, features, places, label: KINDS.indexOf(kind) }
})

if (process.argv.includes('--cross-validate')) crossValidate()
else writeWeights()

function writeWeights(): void {
  const weights = trained(rows)
  const written = Object.fromEntries(
    KINDS.map((kind, at) => [kind, Array.from(weights[at] ?? [], (weight) => Number(weight.toFixed(4)))]),
  )
  const file = resolve(root, 'src-core/agents/orchestrator/kind-weights.json')
  writeFileSync(file, `${JSON.stringify({ embedder: embedder.info.id, weights: written })}\n`)
  console.log(`${turns.length} turns, ${rows[0]?.features.length} weights a kind, into ${file}`)
}

function crossValidate(): void {
  const told = Array.from({ length: FOLDS }, (_, fold) => fold).flatMap((fold) => {
    const weights = trained(rows.filter((_, index) => index % FOLDS !== fold))
    return rows
      .filter((_, index) => index % FOLDS === fold)
      .map((row) => {
        const chances = chancesOf(weights, row)
        const [best = 0, next = 0] = [...chances].sort((a, b) => b - a)
        const kind = chances.indexOf(best)
        return { row, kind, isRight: kind === row.label, margin: best - next }
      })
  })
  const wrong = told.filter(({ isRight }) => !isRight)
  for (const { row, kind } of wrong) console.log(`${KINDS[row.label]} taken for ${KINDS[kind]}: ${row.text}`)
  console.log(`${(1 - wrong.length / told.length).toFixed(3)} of ${told.length} are right`)
  for (const margin of [0.1, 0.2, 0.25, 0.3, 0.4]) {
    const share = (of: typeof told) => (of.filter((one) => one.margin < margin).length / of.length).toFixed(2)
    console.log(`margin below ${margin}: ${share(told)} of the turns, ${share(wrong)} of the errors`)
  }
}

function trained(of: readonly Row[]): Float64Array[] {
  const width = of[0]?.features.length ?? 0
  const weights = KINDS.map(() => new Float64Array(width))
  const speeds = KINDS.map(() => new Float64Array(width))
  for (let round = 0; round < ROUNDS; round += 1) {
    const slopes = KINDS.map(() => new Float64Array(width))
    for (const row of of) {
      for (const [kind, chance] of chancesOf(weights, row).entries()) {
        const error = (chance - (kind === row.label ? 1 : 0)) / of.length
        const slope = slopes[kind] as Float64Array
        for (const place of row.places) slope[place] = (slope[place] ?? 0) + error * (row.features[place] ?? 0)
      }
    }
    for (const [kind, own] of weights.entries()) {
      const [speed, slope] = [speeds[kind] as Float64Array, slopes[kind] as Float64Array]
      for (let at = 0; at < width; at += 1) {
        speed[at] = MOMENTUM * (speed[at] ?? 0) - STEP * ((slope[at] ?? 0) + SHRINK * (own[at] ?? 0))
        own[at] = (own[at] ?? 0) + (speed[at] ?? 0)
      }
    }
  }
  return weights
}

/** The probability of each kind. */
function chancesOf(weights: readonly Float64Array[], { features, places }: Row): number[] {
  const scores = weights.map((own) =>
    Math.exp(places.reduce((sum, place) => sum + (own[place] ?? 0) * (features[place] ?? 0), 0)),
  )
  const total = scores.reduce((sum, score) => sum + score, 0)
  return scores.map((score) => score / total)
}
