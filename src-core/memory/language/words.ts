import { UNSPACED } from './scripts.ts'

/** A word of a text and its place, in UTF-16 code units. */
export interface Word {
  text: string
  start: number
  end: number
}

/** Letters, their marks and digits; an apostrophe counts only inside. */
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}ー]*(?:['’][\p{L}\p{N}\p{M}]+)*/gu

const segmenter = new Intl.Segmenter('und', { granularity: 'word' })

/** The words of a text in order. Writing without blanks is taken apart by the dictionary of `Intl.Segmenter`. */
export function* wordsOf(text: string): Generator<Word> {
  for (const match of text.matchAll(WORD)) {
    const [run] = match
    if (!UNSPACED.test(run)) {
      yield { text: run, start: match.index, end: match.index + run.length }
      continue
    }
    for (const { segment, index, isWordLike } of segmenter.segment(run)) {
      const start = match.index + index
      if (isWordLike) yield { text: segment, start, end: start + segment.length }
    }
  }
}
