import * as onnx from 'onnxruntime-node'
import { MINILM_INPUTS } from '../src-core/models/local/minilm-graph.ts'

/** A yardstick of `memory`: a Node process with the embedding model in onnxruntime and nothing else, after the largest batch that the app gives it. */
const [model = '', batch = '16', tokens = '256'] = process.argv.slice(2)
const shape = [Number(batch), Number(tokens)]
const size = Number(batch) * Number(tokens)
const session = await onnx.InferenceSession.create(model)
process.send?.('idle')
process.on('message', async (word) => {
  if (word !== 'run') process.exit()
  await session.run({
    [MINILM_INPUTS.tokens]: new onnx.Tensor('int32', new Int32Array(size).fill(2_000), shape),
    [MINILM_INPUTS.mask]: new onnx.Tensor('float32', new Float32Array(size).fill(1), shape),
  })
  process.send?.('ran')
})
