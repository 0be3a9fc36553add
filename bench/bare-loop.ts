import type { InferenceSession } from 'onnxruntime-node'
import { silentLog } from '../src-core/kernel/index.ts'
import { loadMiniLmFile } from '../src-core/models/local/minilm-file.ts'
import { MINILM_INPUTS } from '../src-core/models/local/minilm-graph.ts'
import { loadMiniLmTokenizer } from '../src-core/models/local/minilm-tokens.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'

const BATCH = 16

/** The model and nothing around it: tokens in, vectors out, in this process, with the runtime's own settings. */
export async function openBareLoop(): Promise<(texts: readonly string[]) => Promise<void>> {
  const onnx = await import('onnxruntime-node')
  const [model, tokenize] = await Promise.all([loadMiniLmFile(MODEL_CACHE, silentLog), loadMiniLmTokenizer()])
  const session: InferenceSession =
    typeof model === 'string' ? await onnx.InferenceSession.create(model) : await onnx.InferenceSession.create(model)
  return async (texts) => {
    const rows = texts.map(tokenize).sort((a, b) => a.length - b.length)
    for (let from = 0; from < rows.length; from += BATCH) {
      const batch = rows.slice(from, from + BATCH)
      const width = Math.max(...batch.map((row) => row.length))
      const ids = new Int32Array(batch.length * width)
      const mask = new Float32Array(batch.length * width)
      for (const [index, row] of batch.entries()) {
        ids.set(row, index * width)
        mask.fill(1, index * width, index * width + row.length)
      }
      const shape = [batch.length, width]
      await session.run({
        [MINILM_INPUTS.tokens]: new onnx.Tensor('int32', ids, shape),
        [MINILM_INPUTS.mask]: new onnx.Tensor('float32', mask, shape),
      })
    }
  }
}
