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
  for (let place = 0; ; ) {
    // Others may have read in between; an iterator of matches is three times slower.
    WORD.lastIndex = place
    const match = WORD.exec(text)
    if (!match) return
    const [run] = match
    place = match.index + run.length
    if (!UNSPACED.test(run)) {
      yield { text: run, start: match.index, end: place }
      continue
    }
    for (const { segment, index, isWordLike } of segmenter.segment(run)) {
      const start = match.index + index
      if (isWordLike) yield { text: segment, start, end: start + segment.length }
    }
  }
}
