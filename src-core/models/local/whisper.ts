import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tensor } from 'onnxruntime-node'
import { z } from 'zod'
import { LvaError } from '../../kernel/index.ts'
import { type DecoderShape, decoderSteps, likeliest } from './merged-decoder.ts'
import { type Hear, type Heard, type HearOptions, SPEECH_RATE } from './moonshine.ts'
import { loadOnnx, openSession } from './onnx-runtime.ts'
import { sha256OfFile } from './package-files.ts'
import { tokensBeforeLoop } from './repetition.ts'
import { stopIfAborted } from './stop.ts'
import { WHISPER_BANDS, WHISPER_FRAMES, whisperFeatures } from './whisper-features.ts'

/** A downloaded model: its folder, and what each file must hash to. */
export interface WhisperPlace {
  /** As transcripts name it, such as `whisper-tiny`. */
  id: string
  folder: string
  files: readonly { path: string; sha256: string }[]
}

/** The files of a model, as the hub's exports for transformers.js name them. */
export const WHISPER_FILES = {
  config: 'config.json',
  generation: 'generation_config.json',
  tokenizer: 'tokenizer.json',
  encoder: 'onnx/encoder_model_quantized.onnx',
  decoder: 'onnx/decoder_model_merged_quantized.onnx',
} as const

const configFile = z.object({
  decoder_layers: z.number().int().positive(),
  decoder_attention_heads: z.number().int().positive(),
  d_model: z.number().int().positive(),
  decoder_start_token_id: z.number().int(),
  eos_token_id: z.number().int(),
})

const generationFile = z.object({
  lang_to_id: z.record(z.string(), z.number().int()),
  task_to_id: z.object({ transcribe: z.number().int() }),
  no_timestamps_token_id: z.number().int(),
  suppress_tokens: z.array(z.number().int()).default([]),
  begin_suppress_tokens: z.array(z.number().int()).default([]),
})

/** No language is spoken with more tokens a second: those of some scripts are parts of letters. */
const TOKENS_PER_SECOND = 20
const FEWEST_TOKENS = 8
/** Half of what the decoder can hold, as in OpenAI's own program. */
const MOST_TOKENS = 224

/**
 * Opens a multilingual Whisper in this process. `hear` takes mono sound at `SPEECH_RATE` of up to 30 seconds; it tells the language that is
 * spoken unless one is given that the model knows.
 * @throws LvaError model-files-damaged
 */
export async function openWhisper(
  place: WhisperPlace,
  options: { threads: number },
): Promise<{ hear: Hear; close(): Promise<void> }> {
  const { config, generation, tokenizer, encoderFile, decoderFile } = await readModel(place)
  const onnx = await loadOnnx()
  const encoder = await openSession(onnx, encoderFile, options.threads)
  const decoder = await openSession(onnx, decoderFile, options.threads)
  const shape: DecoderShape = {
    layers: config.decoder_layers,
    heads: config.decoder_attention_heads,
    headSize: config.d_model / config.decoder_attention_heads,
    empty: { batch: 1, length: 0 },
  }
  const languages = new Map(
    Object.entries(generation.lang_to_id).map(([name, token]) => [token, name.replace(/[<|>]/g, '')]),
  )
  const tokenOf = new Map([...languages].map(([token, code]) => [code, token]))

  /** The token of the language that is spoken. */
  async function detect(states: Tensor): Promise<number> {
    const scores = await decoderSteps(onnx, decoder, shape, states)([config.decoder_start_token_id])
    let best: number | undefined
    for (const token of languages.keys()) {
      if (best === undefined || (scores[token] as number) > (scores[best] as number)) best = token
    }
    return best as number
  }

  async function hear(samples: Float32Array<ArrayBuffer>, { signal, language }: HearOptions = {}): Promise<Heard> {
    stopIfAborted(signal)
    const features = new onnx.Tensor('float32', whisperFeatures(samples), [1, WHISPER_BANDS, WHISPER_FRAMES])
    const { last_hidden_state } = await encoder.run({ input_features: features })
    stopIfAborted(signal)
    const states = last_hidden_state as Tensor
    const spoken = tokenOf.get(language ?? '') ?? (await detect(states))
    const { transcribe } = generation.task_to_id
    const prompt = [config.decoder_start_token_id, spoken, transcribe, generation.no_timestamps_token_id]
    const step = decoderSteps(onnx, decoder, shape, states)
    const most = Math.min(MOST_TOKENS, Math.ceil((samples.length / SPEECH_RATE) * TOKENS_PER_SECOND) + FEWEST_TOKENS)
    const finish = (tokens: number[], certainty: number, lost: boolean): Heard => ({
      text: tokens.length === 0 ? '' : tokenizer.decode(tokens, { skip_special_tokens: true }).trim(),
      confidence: tokens.length === 0 ? 0 : certainty / tokens.length,
      lost,
      language: languages.get(spoken) as string,
    })
    const tokens: number[] = []
    let certainty = 0
    for (;;) {
      stopIfAborted(signal)
      const scores = await step(tokens.length === 0 ? prompt : tokens.slice(-1))
      const never =
        tokens.length === 0
          ? [...generation.suppress_tokens, ...generation.begin_suppress_tokens]
          : generation.suppress_tokens
      for (const token of never) scores[token] = Number.NEGATIVE_INFINITY
      // After "no timestamps" there are none.
      scores.fill(Number.NEGATIVE_INFINITY, generation.no_timestamps_token_id)
      const best = likeliest(scores)
      if (best.token === config.eos_token_id) return finish(tokens, certainty, false)
      if (tokens.length === most) return finish(tokens, certainty, true)
      tokens.push(best.token)
      certainty += best.logProbability
      const kept = tokensBeforeLoop(tokens)
      if (kept !== undefined) return finish(tokens.slice(0, kept), (certainty / tokens.length) * kept, true)
    }
  }

  return {
    hear,
    async close() {
      await encoder.release()
      await decoder.release()
    },
  }
}

async function readModel(place: WhisperPlace) {
  try {
    for (const { path, sha256 } of place.files) {
      if ((await sha256OfFile(join(place.folder, path))) !== sha256) throw new Error(`${path} has other bytes`)
    }
    const json = async (path: string) => JSON.parse(await readFile(join(place.folder, path), 'utf8'))
    const { Tokenizer } = await import('@huggingface/tokenizers')
    return {
      config: configFile.parse(await json(WHISPER_FILES.config)),
      generation: generationFile.parse(await json(WHISPER_FILES.generation)),
      tokenizer: new Tokenizer(await json(WHISPER_FILES.tokenizer), {}),
      encoderFile: join(place.folder, WHISPER_FILES.encoder),
      decoderFile: join(place.folder, WHISPER_FILES.decoder),
    }
  } catch (error) {
    throw new LvaError('model-files-damaged', `The files of ${place.id} are missing or damaged.`, {
      advice: 'Remove this recogniser in Settings, Voice, and download it again.',
      params: { package: place.id, file: '' },
      cause: error,
    })
  }
}
