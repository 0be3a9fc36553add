import { OnnxGraph, TO_FLOAT32 } from './onnx-graph.ts'
import type { HalfTensor } from './safetensors.ts'

/** The numbers of the model's `config.json` that shape its graph. */
export interface BertConfig {
  hidden_size: number
  num_attention_heads: number
  num_hidden_layers: number
  layer_norm_eps: number
}

/** Names of the model's inputs and its output. Shapes: [texts, tokens] twice, and [texts, hidden_size]. */
export const MINILM_INPUTS = { tokens: 'input_ids', mask: 'attention_mask' } as const
export const MINILM_OUTPUT = 'sentence_embedding'

/** Added to the attention scores of padding; softmax turns it to zero. The lowest float32. */
const MASKED_SCORE = -3.4028234663852886e38

/**
 * Writes a sentence encoder as an ONNX model: a BERT encoder (Devlin et al. 2018, with learned positions, post-normalisation and the
 * erf form of GELU), the mean of its last states over the tokens that the mask counts, scaled to unit length (Reimers and Gurevych
 * 2019). Weights are stored with half precision and computed with in single precision: the runtime casts all but the word table
 * once, when it loads the model.
 * @param weights tensors named as in the safetensors file
 * @returns the bytes of the model file; inputs int32 token ids and float32 mask (1 token, 0 padding)
 * @throws Error naming a tensor that is missing
 */
export function encodeMiniLm(weights: Map<string, HalfTensor>, config: BertConfig): Promise<Uint8Array<ArrayBuffer>> {
  const { hidden_size: hidden, num_attention_heads: heads, num_hidden_layers: layers, layer_norm_eps: epsilon } = config
  const graph = new OnnxGraph('sentence-encoder')

  const tensor = (name: string): HalfTensor => {
    const found = weights.get(name)
    if (!found) throw new Error(`the weights hold no tensor ${name}`)
    return found
  }
  /** Half-precision values, cast to single. */
  const weight = (name: string, { shape, bits } = tensor(name)): string =>
    graph.apply('Cast', `${name}.single`, [graph.constant(name, 'float16', shape, bits)], { to: TO_FLOAT32 })
  const linear = (x: string, name: string): string => {
    const product = graph.apply('MatMul', `${name}.product`, [
      x,
      weight(`${name}.weight`, transposed(tensor(`${name}.weight`))),
    ])
    return graph.apply('Add', name, [product, weight(`${name}.bias`)])
  }
  const normalised = (x: string, name: string): string =>
    graph.apply('LayerNormalization', name, [x, weight(`${name}.weight`), weight(`${name}.bias`)], {
      axis: { int: -1 },
      epsilon: { float: epsilon },
    })
  const activated = (x: string, name: string): string => {
    const bell = graph.apply('Add', `${name}.bell`, [
      graph.apply('Erf', `${name}.erf`, [graph.apply('Div', `${name}.scaled`, [x, 'sqrt2'])]),
      'one',
    ])
    return graph.apply('Mul', name, [graph.apply('Mul', `${name}.doubled`, [x, bell]), 'half'])
  }

  const tokens = graph.input(MINILM_INPUTS.tokens, 'int32', ['texts', 'tokens'])
  const mask = graph.input(MINILM_INPUTS.mask, 'float32', ['texts', 'tokens'])
  graph.scalar('one', 1)
  graph.scalar('half', 0.5)
  graph.scalar('sqrt2', Math.SQRT2)
  graph.scalar('attention_scale', 1 / Math.sqrt(hidden / heads))
  graph.scalar('masked_score', MASKED_SCORE)
  graph.integers('from_zero', [0])
  graph.integers('attention_axes', [1, 2])
  graph.integers('last_axis', [2])
  // 0 keeps the input's dimension: [texts, tokens, hidden] <-> [texts, tokens, heads, hidden / heads].
  graph.integers('split_heads', [0, 0, heads, hidden / heads])
  graph.integers('join_heads', [0, 0, hidden])

  // Only the rows that occur are cast, so that the table stays half as large in memory.
  const { shape, bits } = tensor('embeddings.word_embeddings.weight')
  const rows = graph.apply('Gather', 'embeddings.words.half', [
    graph.constant('embeddings.word_embeddings.weight', 'float16', shape, bits),
    tokens,
  ])
  const words = graph.apply('Cast', 'embeddings.words', [rows], { to: TO_FLOAT32 })
  const count = graph.apply('Shape', 'token_count', [tokens], { start: { int: 1 }, end: { int: 2 } })
  const positions = graph.apply('Slice', 'embeddings.positions', [
    weight('embeddings.position_embeddings.weight'),
    'from_zero',
    count,
    'from_zero',
  ])
  // Every token is of the first of BERT's two types: a sentence encoder never sees a pair.
  const types = tensor('embeddings.token_type_embeddings.weight')
  const type = weight('embeddings.token_type_embeddings.weight', {
    shape: [hidden],
    bits: types.bits.slice(0, hidden),
  })
  const placed = graph.apply('Add', 'embeddings.placed', [words, positions])
  let state = normalised(graph.apply('Add', 'embeddings.sum', [placed, type]), 'embeddings.LayerNorm')

  const padding = graph.apply('Sub', 'padding', [
    'one',
    graph.apply('Unsqueeze', 'mask.rows', [mask, 'attention_axes']),
  ])
  const penalty = graph.apply('Mul', 'padding.penalty', [padding, 'masked_score'])

  for (let layer = 0; layer < layers; layer++) {
    const at = `encoder.layer.${layer}`
    const headsOf = (part: string, order: number[]): string => {
      const split = graph.apply('Reshape', `${at}.${part}.heads`, [
        linear(state, `${at}.attention.self.${part}`),
        'split_heads',
      ])
      return graph.apply('Transpose', `${at}.${part}`, [split], { perm: { ints: order } })
    }
    const query = headsOf('query', [0, 2, 1, 3])
    const key = headsOf('key', [0, 2, 3, 1])
    const value = headsOf('value', [0, 2, 1, 3])
    const match = graph.apply('MatMul', `${at}.match`, [query, key])
    const scores = graph.apply('Add', `${at}.scores`, [
      graph.apply('Mul', `${at}.match.scaled`, [match, 'attention_scale']),
      penalty,
    ])
    const attention = graph.apply('Softmax', `${at}.attention`, [scores], { axis: { int: -1 } })
    const context = graph.apply(
      'Transpose',
      `${at}.context.heads`,
      [graph.apply('MatMul', `${at}.context.split`, [attention, value])],
      { perm: { ints: [0, 2, 1, 3] } },
    )
    const joined = graph.apply('Reshape', `${at}.context`, [context, 'join_heads'])
    const attended = graph.apply('Add', `${at}.attended`, [linear(joined, `${at}.attention.output.dense`), state])
    state = normalised(attended, `${at}.attention.output.LayerNorm`)
    const wide = activated(linear(state, `${at}.intermediate.dense`), `${at}.gelu`)
    state = normalised(
      graph.apply('Add', `${at}.sum`, [linear(wide, `${at}.output.dense`), state]),
      `${at}.output.LayerNorm`,
    )
  }

  // Scaling to unit length makes the mean's division unnecessary: the sum points the same way.
  const counted = graph.apply('Mul', 'states.counted', [
    state,
    graph.apply('Unsqueeze', 'mask.columns', [mask, 'last_axis']),
  ])
  const sum = graph.apply('ReduceSum', 'states.sum', [counted, graph.integers('token_axis', [1])], {
    keepdims: { int: 0 },
  })
  const length = graph.apply('ReduceL2', 'states.length', [sum], { axes: { ints: [1] }, keepdims: { int: 1 } })
  graph.apply('Div', MINILM_OUTPUT, [sum, length])
  graph.output(MINILM_OUTPUT, 'float32', ['texts', hidden])
  return graph.encode()
}

/** [rows, columns] to [columns, rows]: the file keeps linear layers as [out, in], and MatMul wants [in, out]. */
function transposed({ shape, bits }: HalfTensor): HalfTensor {
  const [rows = 0, columns = 0] = shape
  const turned = new Uint16Array(bits.length)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = bits[row * columns + column] as number
  }
  return { shape: [columns, rows], bits: turned }
}
