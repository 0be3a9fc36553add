import type { InferenceSession, Tensor } from 'onnxruntime-node'
import { loadOnnx, openSession } from './onnx-runtime.ts'
import { checkPackageFile, type PackageFile } from './package-files.ts'
import { tokensBeforeLoop } from './repetition.ts'
import { stopIfAborted } from './stop.ts'

const ENCODER: PackageFile = {
  package: '@usefulsensors/moonshine-js',
  path: 'dist/model/tiny/quantized/encoder_model.onnx',
  sha256: 'c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a',
}

const DECODER: PackageFile = {
  package: '@usefulsensors/moonshine-js',
  path: 'dist/model/tiny/quantized/decoder_model_merged.onnx',
  sha256: 'eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367',
}

export const MOONSHINE_ID = 'moonshine-tiny/en'
/** Samples a second that the model hears. */
export const SPEECH_RATE = 16_000

// Shapes of Moonshine tiny (Jeffries et al. 2024, arXiv:2410.15608).
const LAYERS = 6
const HEADS = 8
const HEAD_SIZE = 36
const START_TOKEN = 1
const END_TOKEN = 2
/** English is spoken with at most about this many tokens a second; more are made up. */
const TOKENS_PER_SECOND = 6.5
/** Tokens that even the shortest sound may have: a word with its punctuation. */
const FEWEST_TOKENS = 4

/** The encoder's convolutions need at least 896 samples; shorter sound is followed by silence. */
const SHORTEST_WINDOW = 1_024

/** What the model made of one window of sound. */
export interface Heard {
  text: string
  /** Mean probability of its tokens as a natural logarithm: 0 is certain. 0 when there is no token. */
  confidence: number
  /** True when it began to repeat itself, or to say more than can be said in that time, and was stopped: the text is not all there is. */
  lost: boolean
}

/** Hears one window of sound. */
export type Hear = (samples: Float32Array<ArrayBuffer>, options?: { signal?: AbortSignal }) => Promise<Heard>

/**
 * Opens Moonshine tiny in this process. `hear` takes mono sound at `SPEECH_RATE`, in [-1, 1], of up to some 30 seconds: the decoder
 * picks the likeliest token each time, with the attention keys of the steps before kept.
 * @throws LvaError model-files-damaged
 */
export async function openMoonshine(options: { threads: number }): Promise<Hear> {
  const [onnx, encoderFile, decoderFile, { default: vocabulary }] = await Promise.all([
    loadOnnx(),
    checkPackageFile(ENCODER),
    checkPackageFile(DECODER),
    import('llama-tokenizer-js'),
  ])
  const encoder = await openSession(onnx, encoderFile, options.threads)
  const decoder = await openSession(onnx, decoderFile, options.threads)
  const single = (value: boolean) => new onnx.Tensor('bool', [value], [1])
  const firstStep = single(false)
  const laterStep = single(true)
  const nothing = new onnx.Tensor('float32', new Float32Array(), [0, HEADS, 1, HEAD_SIZE])

  async function hear(samples: Float32Array<ArrayBuffer>, { signal }: { signal?: AbortSignal } = {}): Promise<Heard> {
    stopIfAborted(signal)
    const padded = new Float32Array(Math.max(samples.length, SHORTEST_WINDOW))
    padded.set(samples)
    const sound = new onnx.Tensor('float32', padded, [1, padded.length])
    const { last_hidden_state: states } = await encoder.run({ input_values: sound })
    const most = Math.trunc((samples.length / SPEECH_RATE) * TOKENS_PER_SECOND) + FEWEST_TOKENS
    const keys: Record<string, Tensor> = {}
    for (const name of keyNames()) keys[name] = nothing
    const tokens: number[] = []
    let certainty = 0
    let next = START_TOKEN
    for (;;) {
      stopIfAborted(signal)
      const result: InferenceSession.ReturnType = await decoder.run({
        input_ids: new onnx.Tensor('int64', BigInt64Array.of(BigInt(next)), [1, 1]),
        encoder_hidden_states: states as Tensor,
        use_cache_branch: tokens.length === 0 ? firstStep : laterStep,
        ...keys,
      })
      const best = likeliest((result.logits as Tensor).data as Float32Array)
      if (best.token === END_TOKEN) return finish(tokens, certainty, false)
      if (tokens.length === most) return finish(tokens, certainty, true)
      for (const name of keyNames()) {
        // What the encoder's states give is computed in the first step only.
        if (tokens.length === 0 || name.includes('decoder'))
          keys[name] = result[name.replace('past_key_values', 'present')] as Tensor
      }
      tokens.push(best.token)
      certainty += best.logProbability
      next = best.token
      const kept = tokensBeforeLoop(tokens)
      if (kept !== undefined) return finish(tokens.slice(0, kept), (certainty / tokens.length) * kept, true)
    }
  }

  function finish(tokens: number[], certainty: number, lost: boolean): Heard {
    const text = vocabulary.decode(tokens, false, false).trim()
    return { text, confidence: tokens.length === 0 ? 0 : certainty / tokens.length, lost }
  }

  return hear
}

/** The decoder's inputs that carry the attention keys and values from step to step. */
function keyNames(): string[] {
  return Array.from({ length: LAYERS }, (_, layer) => layer).flatMap((layer) =>
    ['decoder', 'encoder'].flatMap((side) =>
      ['key', 'value'].map((part) => `past_key_values.${layer}.${side}.${part}`),
    ),
  )
}

/** The token with the highest score, and the logarithm of its share under softmax. */
function likeliest(scores: Float32Array): { token: number; logProbability: number } {
  let token = 0
  for (let index = 1; index < scores.length; index++) {
    if ((scores[index] as number) > (scores[token] as number)) token = index
  }
  const highest = scores[token] as number
  let sum = 0
  for (const score of scores) sum += Math.exp(score - highest)
  return { token, logProbability: -Math.log(sum) }
}
