import type { Log } from '../../kernel/index.ts'
import type { Embedder, EmbedderInfo } from '../types.ts'
import { loadMiniLmFile, MINILM_SHA256 } from './minilm-file.ts'
import { MINILM_INPUTS, MINILM_OUTPUT } from './minilm-graph.ts'
import { loadMiniLmTokenizer, MINILM_MAX_TOKENS } from './minilm-tokens.ts'
import { loadOnnx, openSession } from './onnx-runtime.ts'
import { stopIfAborted } from './stop.ts'
import { batchByLength } from './token-batches.ts'

/** all-MiniLM-L6-v2, as this project converts it. Known without loading it. */
export const MINILM_INFO: EmbedderInfo = {
  id: `all-MiniLM-L6-v2/fp16/${MINILM_SHA256.slice(0, 8)}`,
  dimensions: 384,
  maxTokens: MINILM_MAX_TOKENS,
  languages: ['en'],
}

/** Tokens of a batch, padding included: more is not faster, and the runtime never gives back the memory of its largest batch. */
const BATCH_TOKENS = 512

export interface MiniLmOptions {
  /** Folder that keeps the converted model. */
  cacheDir: string
  /** Most texts in a batch. */
  batch: number
  /** Threads inside an operator; 0 takes one for each physical core. */
  threads: number
  log: Log
}

/**
 * Opens the embedder in this process. Any string has a vector: lone surrogates and control characters are what the vocabulary makes
 * of them, and of a long text the first `maxTokens` tokens count.
 * @throws LvaError model-files-damaged
 */
export async function openMiniLm(options: MiniLmOptions): Promise<Embedder> {
  const [onnx, tokenize, model] = await Promise.all([
    loadOnnx(),
    loadMiniLmTokenizer(),
    loadMiniLmFile(options.cacheDir, options.log),
  ])
  const session = await openSession(onnx, model, options.threads)

  /** Vectors of one batch, one after the other. */
  async function run(rows: number[][]): Promise<Float32Array> {
    const width = Math.max(...rows.map((row) => row.length))
    const ids = new Int32Array(rows.length * width)
    const mask = new Float32Array(rows.length * width)
    for (const [index, row] of rows.entries()) {
      ids.set(row, index * width)
      mask.fill(1, index * width, index * width + row.length)
    }
    const shape = [rows.length, width]
    const result = await session.run({
      [MINILM_INPUTS.tokens]: new onnx.Tensor('int32', ids, shape),
      [MINILM_INPUTS.mask]: new onnx.Tensor('float32', mask, shape),
    })
    return result[MINILM_OUTPUT]?.data as Float32Array
  }

  return {
    info: MINILM_INFO,
    async embed(texts, { signal } = {}) {
      stopIfAborted(signal)
      const tokens = texts.map(tokenize)
      const lengths = tokens.map((row) => row.length)
      const vectors = new Array<Float32Array>(texts.length)
      for (const batch of batchByLength(lengths, { rows: options.batch, tokens: BATCH_TOKENS })) {
        stopIfAborted(signal)
        const flat = await run(batch.map((index) => tokens[index] as number[]))
        for (const [row, index] of batch.entries()) {
          vectors[index] = flat.slice(row * MINILM_INFO.dimensions, (row + 1) * MINILM_INFO.dimensions)
        }
      }
      return vectors
    },
  }
}
