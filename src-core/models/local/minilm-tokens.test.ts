import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { firstPieces, loadMiniLmTokenizer, MINILM_MAX_TOKENS, type Tokenize } from './minilm-tokens.ts'

let tokenize: Tokenize
beforeAll(async () => {
  tokenize = await loadMiniLmTokenizer()
})

it('cuts words into the pieces of BERT', () => {
  // [CLS] una ##ffa ##ble [SEP], the example of the BERT authors' tokenizer (google-research/bert, tokenization_test.py).
  expect(tokenize('unaffable')).toEqual([101, 14477, 20961, 3468, 102])
  expect(tokenize('')).toEqual([101, 102])
})

it('drops case and accents', () => {
  expect(tokenize('Naïve CAFÉ')).toEqual(tokenize('naive cafe'))
})

it('cuts after the last token that counts and still ends the text', () => {
  const ids = tokenize('word '.repeat(1_000))
  expect(ids).toHaveLength(MINILM_MAX_TOKENS)
  expect(ids.at(-1)).toBe(102)
})

it('finds the words behind a long run of blanks', () => {
  expect(tokenize(`${' '.repeat(500_000)}unaffable`)).toEqual([101, 14477, 20961, 3468, 102])
})

it('gives of a long text what looking at all of it gives', () => {
  // Words are cut into letters: the pieces of a word that is cut off differ from those of the whole word.
  const pieces = (text: string) =>
    (text.match(/\S+/g) ?? []).flatMap((word) =>
      word.length > 100 ? [0] : [word.length, ...Array.from(word, (letter) => letter.charCodeAt(0))],
    )
  const word = fc.oneof(fc.string({ maxLength: 120 }), fc.constant(' '.repeat(900)), fc.constant('x'.repeat(99)))
  const text = fc.array(word, { minLength: 20, maxLength: 400 }).map((words) => words.join(' '))
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 300 }), (long, count) => {
      expect(firstPieces(long, count, pieces)).toEqual(pieces(long).slice(0, count))
    }),
    { numRuns: 100, seed: 3 },
  )
})
