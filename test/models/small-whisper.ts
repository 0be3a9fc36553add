import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OnnxGraph } from '../../src-core/models/local/onnx-graph.ts'
import { sha256 } from '../../src-core/models/local/package-files.ts'
import { WHISPER_FILES, type WhisperPlace } from '../../src-core/models/local/whisper.ts'

/**
 * A Whisper of a few kilobytes, with the files, names and shapes of the real ones: it tells three languages by how high the sound is, and
 * says two words, the second in that language. That word it finds by the attention keys of the steps before, so that a program which loses
 * them says another.
 */

const WORDS = ['Ġok', 'Ġlow', 'Ġtief', 'Ġalto', 'Ġnever'] as const
const END = 5
const START = 6
const LANGUAGES = { '<|en|>': 7, '<|de|>': 8, '<|es|>': 9 }
const TRANSLATE = 10
const TRANSCRIBE = 11
const NO_TIMESTAMPS = 12
const SPECIAL = {
  '<|endoftext|>': END,
  '<|startoftranscript|>': START,
  ...LANGUAGES,
  '<|translate|>': TRANSLATE,
  '<|transcribe|>': TRANSCRIBE,
  '<|notimestamps|>': NO_TIMESTAMPS,
  '<|0.00|>': 13,
}
const TOKENS = 14
const HEADS = 2
const HEAD_SIZE = 2
const STATE = HEADS * HEAD_SIZE
const BANDS = 80

/** What it says of low, middle and high sound. */
export const SMALL_WHISPER_SAYS = [
  { language: 'en', text: 'ok low', hertz: 200 },
  { language: 'de', text: 'ok tief', hertz: 1_200 },
  { language: 'es', text: 'ok alto', hertz: 5_000 },
] as const

/** Its files, by their paths. */
export async function smallWhisper(): Promise<Map<string, Uint8Array>> {
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
  return new Map([
    [WHISPER_FILES.config, json(CONFIG)],
    [WHISPER_FILES.generation, json(GENERATION)],
    [WHISPER_FILES.tokenizer, json(TOKENIZER)],
    [WHISPER_FILES.encoder, await encoder()],
    [WHISPER_FILES.decoder, await decoder()],
  ])
}

/** Writes it to a folder. */
export async function writeSmallWhisper(folder: string): Promise<WhisperPlace> {
  const files = await smallWhisper()
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  return {
    id: 'whisper-small-test',
    folder,
    files: [...files].map(([path, bytes]) => ({ path, sha256: sha256(bytes) })),
  }
}

/** A tone of so many seconds, louder and softer like syllables. */
export function hum(hertz: number, seconds: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(
    { length: seconds * 16_000 },
    (_, n) => Math.sin((2 * Math.PI * hertz * n) / 16_000) * Math.max(0, Math.sin(n / 1_500)) * 0.4,
  )
}

const CONFIG = {
  model_type: 'whisper',
  architectures: ['WhisperForConditionalGeneration'],
  is_encoder_decoder: true,
  vocab_size: TOKENS,
  num_mel_bins: BANDS,
  d_model: STATE,
  encoder_layers: 1,
  decoder_layers: 1,
  encoder_attention_heads: HEADS,
  decoder_attention_heads: HEADS,
  decoder_start_token_id: START,
  eos_token_id: END,
  pad_token_id: END,
  bos_token_id: END,
  max_source_positions: 1_500,
  max_target_positions: 448,
}

const GENERATION = {
  is_multilingual: true,
  lang_to_id: LANGUAGES,
  task_to_id: { translate: TRANSLATE, transcribe: TRANSCRIBE },
  no_timestamps_token_id: NO_TIMESTAMPS,
  // The likeliest first word, and the likeliest of all, which may not be said.
  suppress_tokens: [START, TRANSLATE, TRANSCRIBE],
  begin_suppress_tokens: [4, END],
  decoder_start_token_id: START,
  eos_token_id: END,
  pad_token_id: END,
  max_length: 448,
  return_timestamps: false,
}

const TOKENIZER = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: Object.entries(SPECIAL).map(([content, id]) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: '',
    end_of_word_suffix: '',
    fuse_unk: false,
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])),
    merges: [],
  },
}

/** A table of numbers, zero but for what is told. */
function table(rows: number, columns: number, cells: [row: number, column: number, value: number][]): Float32Array {
  const values = new Float32Array(rows * columns)
  for (const [row, column, value] of cells) values[row * columns + column] = value
  return values
}

/** How loud the 27 low, 27 middle and 26 high bands are, on average. */
function encoder(): Promise<Uint8Array<ArrayBuffer>> {
  const graph = new OnnxGraph('encoder')
  graph.input('input_features', 'float32', ['batch_size', BANDS, 3_000])
  const thirds = table(
    BANDS,
    STATE,
    Array.from({ length: BANDS }, (_, band) => [band, Math.min(2, Math.floor(band / 27)), band < 54 ? 26 : 27]),
  )
  graph.constant('thirds', 'float32', [BANDS, STATE], thirds)
  const mean = graph.apply('ReduceMean', 'mean', ['input_features'], { axes: { ints: [2] }, keepdims: { int: 0 } })
  const loud = graph.apply('MatMul', 'loud', [mean, 'thirds'])
  graph.apply('Unsqueeze', 'last_hidden_state', [loud, graph.integers('one', [1])])
  graph.output('last_hidden_state', 'float32', ['batch_size', 'length', STATE])
  return graph.encode()
}

function decoder(): Promise<Uint8Array<ArrayBuffer>> {
  const graph = new OnnxGraph('decoder')
  const past = (side: string, part: string) =>
    graph.input(`past_key_values.0.${side}.${part}`, 'float32', ['batch_size', HEADS, `past_${side}`, HEAD_SIZE])
  graph.input('input_ids', 'int64', ['batch_size', 'sequence'])
  graph.input('encoder_hidden_states', 'float32', ['batch_size', 'length', STATE])
  graph.input('use_cache_branch', 'bool', [1])
  const pasts = ['decoder', 'encoder'].flatMap((side) => ['key', 'value'].map((part) => past(side, part)))

  const next: [number, number, number][] = [
    [NO_TIMESTAMPS, 0, 20],
    // Those that may not be said are likelier.
    [NO_TIMESTAMPS, 4, 30],
    [NO_TIMESTAMPS, END, 30],
    [NO_TIMESTAMPS, TRANSCRIBE, 40],
    // Without the keys it would be this one.
    [0, 4, 1],
    [0, TRANSLATE, 40],
    ...[1, 2, 3].map((word): [number, number, number] => [word, END, 60]),
    ...Object.values(LANGUAGES).map((language): [number, number, number] => [START, language, 100]),
  ]
  graph.constant('next', 'float32', [TOKENS, TOKENS], table(TOKENS, TOKENS, next))
  const languages = Object.values(LANGUAGES)
  const remembered: [number, number, number][] = languages.map((token, index) => [token, index, 1])
  graph.constant('remembered', 'float32', [TOKENS, STATE], table(TOKENS, STATE, remembered))
  // The word of the language, and the language of the sound.
  const words: [number, number, number][] = languages.map((_, index) => [index, 1 + index, 10])
  graph.constant('words', 'float32', [STATE, TOKENS], table(STATE, TOKENS, words))
  const heard: [number, number, number][] = languages.map((token, index) => [index, token, 1])
  graph.constant('heard', 'float32', [STATE, TOKENS], table(STATE, TOKENS, heard))

  const split = graph.integers('split', [1, -1, HEADS, HEAD_SIZE])
  const own = graph.apply('Gather', 'own', ['remembered', 'input_ids'])
  const heads = graph.apply('Transpose', 'heads', [graph.apply('Reshape', 'own_split', [own, split])], {
    perm: { ints: [0, 2, 1, 3] },
  })
  const [pastKey, pastValue] = pasts as [string, string]
  const keys = graph.apply('Concat', 'present.0.decoder.key', [pastKey, heads], { axis: { int: 2 } })
  graph.apply('Concat', 'present.0.decoder.value', [pastValue, heads], { axis: { int: 2 } })
  const states = graph.apply('Reshape', 'states_split', ['encoder_hidden_states', split])
  for (const part of ['key', 'value']) {
    graph.apply('Transpose', `present.0.encoder.${part}`, [states], { perm: { ints: [0, 2, 1, 3] } })
  }
  const all = graph.apply('ReduceSum', 'all', [keys, graph.integers('axis', [2])], { keepdims: { int: 0 } })
  const memory = graph.apply('Reshape', 'memory', [all, graph.integers('flat', [1, 1, STATE])])
  const chain = graph.apply('Gather', 'chain', ['next', 'input_ids'])
  const byMemory = graph.apply('MatMul', 'by_memory', [memory, 'words'])
  const bySound = graph.apply('MatMul', 'by_sound', ['encoder_hidden_states', 'heard'])
  graph.apply('Add', 'logits', [graph.apply('Add', 'some', [chain, byMemory]), bySound])
  graph.output('logits', 'float32', ['batch_size', 'sequence', TOKENS])
  for (const side of ['decoder', 'encoder']) {
    for (const part of ['key', 'value'])
      graph.output(`present.0.${side}.${part}`, 'float32', ['batch_size', HEADS, `present_${side}`, HEAD_SIZE])
  }
  return graph.encode()
}
