import type { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Onnx } from './onnx-runtime.ts'

/** What is known of a decoder whose first step and later steps are one model, as Optimum exports them. */
export interface DecoderShape {
  layers: number
  heads: number
  /** Numbers of one head. */
  headSize: number
  /** Batch and length of the attention keys before the first step; which it does not look at. */
  empty: { batch: number; length: number }
}

/** Reads tokens one after the other, and says each time how likely every token is to come next. */
export type DecoderSteps = (tokens: readonly number[]) => Promise<Float32Array>

/**
 * Decoding of one window of sound. The attention keys of the steps before are kept; those of the encoder's states are computed in the first
 * step alone.
 * @param states what the encoder made of the sound
 * @returns to be given the first tokens at once, then one each time; it answers the scores of the token after the last
 */
export function decoderSteps(onnx: Onnx, session: InferenceSession, shape: DecoderShape, states: Tensor): DecoderSteps {
  const { layers, heads, headSize, empty } = shape
  const names = keyNames(layers)
  const nothing = new onnx.Tensor('float32', new Float32Array(), [empty.batch, heads, empty.length, headSize])
  const keys: Record<string, Tensor> = Object.fromEntries(names.map((name) => [name, nothing]))
  let isFirst = true
  return async (tokens) => {
    const result = await session.run({
      input_ids: new onnx.Tensor('int64', BigInt64Array.from(tokens, BigInt), [1, tokens.length]),
      encoder_hidden_states: states,
      use_cache_branch: new onnx.Tensor('bool', [!isFirst], [1]),
      ...keys,
    })
    for (const name of names) {
      if (isFirst || name.includes('decoder')) keys[name] = result[name.replace('past_key_values', 'present')] as Tensor
    }
    isFirst = false
    const { data, dims } = result.logits as Tensor
    return (data as Float32Array).subarray(-(dims.at(-1) as number))
  }
}

/** The token with the highest score, and the logarithm of its share under softmax. */
export function likeliest(scores: Float32Array): { token: number; logProbability: number } {
  let token = 0
  for (let index = 1; index < scores.length; index++) {
    if ((scores[index] as number) > (scores[token] as number)) token = index
  }
  const highest = scores[token] as number
  let sum = 0
  for (const score of scores) sum += Math.exp(score - highest)
  return { token, logProbability: -Math.log(sum) }
}

/** The decoder's inputs that carry the attention keys and values from step to step. */
function keyNames(layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) => layer).flatMap((layer) =>
    ['decoder', 'encoder'].flatMap((side) =>
      ['key', 'value'].map((part) => `past_key_values.${layer}.${side}.${part}`),
    ),
  )
}
