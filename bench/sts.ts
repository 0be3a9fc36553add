import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { silentLog } from '../src-core/kernel/index.ts'
import { openMiniLm } from '../src-core/models/index.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { bench, rounded } from './harness.ts'

interface Pair {
  /** How alike people found the two sentences, 0 to 5. */
  gold: number
  left: string
  right: string
}

/** The STS benchmark's layout: genre, file, year, id, score, sentence, sentence, separated by tabs. */
function readPairs(text: string): Pair[] {
  return text
    .split('\n')
    .map((line) => line.split('\t'))
    .map(([, , , , gold, left = '', right = '']) => ({
      gold: Number(gold || Number.NaN),
      left,
      right: right.trimEnd(),
    }))
    .filter((pair) => pair.left !== '' && pair.right !== '' && Number.isFinite(pair.gold))
}

/** Ranks from 0; equal values share the mean of their ranks. */
function ranks(values: number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const result = new Array<number>(values.length)
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++
    for (const index of order.slice(start, end)) result[index] = (start + end - 1) / 2
    start = end
  }
  return result
}

/** Pearson's correlation of two lists of the same length. */
function correlation(x: number[], y: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanX, meanY] = [mean(x), mean(y)]
  let both = 0
  let onlyX = 0
  let onlyY = 0
  for (const [index, value] of x.entries()) {
    const dx = value - meanX
    const dy = (y[index] ?? 0) - meanY
    both += dx * dy
    onlyX += dx * dx
    onlyY += dy * dy
  }
  return both / Math.sqrt(onlyX * onlyY)
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)

await bench({
  name: 'sts',
  about: 'How well the embedder ranks sentence pairs by likeness: Spearman correlation with people, times 100 (STS-B).',
  data: 'stsb',
  options: { file: 'file inside the data folder (default sts-test.csv)' },
  async run({ data, options }) {
    const pairs = readPairs(await readFile(join(data, options.file ?? 'sts-test.csv'), 'utf8'))
    const embedder = await openMiniLm({ cacheDir: MODEL_CACHE, batch: 16, threads: 0, log: silentLog })
    const start = performance.now()
    const left = await embedder.embed(pairs.map((pair) => pair.left))
    const right = await embedder.embed(pairs.map((pair) => pair.right))
    const seconds = (performance.now() - start) / 1_000
    const cosines = left.map((vector, index) => dot(vector, right[index] ?? new Float32Array()))
    const gold = pairs.map((pair) => pair.gold)
    const figures = {
      pairs: pairs.length,
      spearman: rounded(100 * correlation(ranks(cosines), ranks(gold)), 2),
      pearson: rounded(100 * correlation(cosines, gold), 2),
      textsPerSecond: rounded((2 * pairs.length) / seconds, 0),
    }
    return {
      figures,
      table: [{ model: embedder.info.id, ...figures }],
      targets: [{ figure: 'spearman', atLeast: 82 }],
    }
  },
})
