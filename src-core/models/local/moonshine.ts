import type { Tensor } from 'onnxruntime-node'
import { type DecoderShape, decoderSteps, likeliest } from './merged-decoder.ts'
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
const SHAPE: DecoderShape = { layers: 6, heads: 8, headSize: 36, empty: { batch: 0, length: 1 } }
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
  /** ISO 639-1 of what was spoken; null where the model does not say. */
  language: string | null
}

export interface HearOptions {
  signal?: AbortSignal
  /** ISO 639-1 of what is spoken, where it is known; else the model tells, if it can. */
  language?: string | undefined
}

/** Hears one window of sound. */
export type Hear = (samples: Float32Array<ArrayBuffer>, options?: HearOptions) => Promise<Heard>

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

  async function hear(samples: Float32Array<ArrayBuffer>, { signal }: HearOptions = {}): Promise<Heard> {
    stopIfAborted(signal)
    const padded = new Float32Array(Math.max(samples.length, SHORTEST_WINDOW))
    padded.set(samples)
    const sound = new onnx.Tensor('float32', padded, [1, padded.length])
    const { last_hidden_state: states } = await encoder.run({ input_values: sound })
    const most = Math.trunc((samples.length / SPEECH_RATE) * TOKENS_PER_SECOND) + FEWEST_TOKENS
    const step = decoderSteps(onnx, decoder, SHAPE, states as Tensor)
    const tokens: number[] = []
    let certainty = 0
    let next = START_TOKEN
    for (;;) {
      stopIfAborted(signal)
      const best = likeliest(await step([next]))
      if (best.token === END_TOKEN) return finish(tokens, certainty, false)
      if (tokens.length === most) return finish(tokens, certainty, true)
      tokens.push(best.token)
      certainty += best.logProbability
      next = best.token
      const kept = tokensBeforeLoop(tokens)
      if (kept !== undefined) return finish(tokens.slice(0, kept), (certainty / tokens.length) * kept, true)
    }
  }

  function finish(tokens: number[], certainty: number, lost: boolean): Heard {
    const text = vocabulary.decode(tokens, false, false).trim()
    return { text, confidence: tokens.length === 0 ? 0 : certainty / tokens.length, lost, language: 'en' }
  }

  return hear
}
