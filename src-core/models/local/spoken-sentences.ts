import { sentencesIn } from '../../kernel/index.ts'

/** A sentence longer than this is spoken in parts, so that each takes well under a second to compute. Characters. */
const LONGEST_PART = 200

/** What the voice can say in place of characters that it does not know. */
const REPLACEMENTS: [RegExp, string][] = [
  [/[‘’‚‛′]/g, "'"],
  [/[“”„‟″«»]/g, '"'],
  [/[‐‑‒−]/g, '-'],
  [/[–—―]/g, ', '],
  [/…/g, '...'],
  [/[•·]/g, ', '],
  [/€\s?(\d[\d.,]*)/g, '$1 euros '],
  [/€/g, ' euros '],
  [/£\s?(\d[\d.,]*)/g, '$1 pounds '],
  [/£/g, ' pounds '],
  [/⁄/g, ' over '],
  [/°/g, ' degrees '],
  [/×/g, ' times '],
  [/÷/g, ' divided by '],
  [/±/g, ' plus or minus '],
  [/≤/g, ' is at most '],
  [/≥/g, ' is at least '],
  [/≠/g, ' is not '],
  [/≈/g, ' is about '],
  [/→/g, ' to '],
  [/ß/g, 'ss'],
  [/æ/gi, 'ae'],
  [/œ/gi, 'oe'],
  [/ø/gi, 'o'],
  [/ł/gi, 'l'],
  [/đ/gi, 'd'],
]

/**
 * Cuts a text into what an English voice says in one breath. Accents are dropped, signs become words where there are any, and what the
 * voice cannot say (emoji, other scripts, control characters) is left out.
 * @yields parts in ASCII, each with at least one letter or digit, in order; nothing when there is nothing to say
 */
export function* spokenSentences(text: string): Generator<string> {
  for (const paragraph of text.split(/\n\s*\n|\r\n?|\n(?=\s*(?:[-*•]|\d+[.)])\s)/)) {
    for (const sentence of sentencesIn(paragraph.replaceAll('\n', ' '))) {
      for (const part of shortParts(pronounceable(sentence.text))) if (/[a-z0-9]/i.test(part)) yield part
    }
  }
}

function pronounceable(text: string): string {
  let result = text.normalize('NFKD')
  for (const [pattern, words] of REPLACEMENTS) result = result.replace(pattern, words)
  return (
    result
      .replace(/\p{M}+/gu, '')
      // Marks of layout and emphasis, which the voice would name.
      .replace(/(^|\s)#+\s/g, ' ')
      .replace(/[*_`~^|\\<>{}[\]]+/g, ' ')
      .replace(/[^\x20-\x7e]+/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
  )
}

/** Parts of at most `LONGEST_PART` characters, cut after a comma or the like, else at a space, else anywhere. */
function* shortParts(sentence: string): Generator<string> {
  let start = 0
  while (sentence.length - start > LONGEST_PART) {
    const window = sentence.slice(start, start + LONGEST_PART)
    const clause = Math.max(...[', ', '; ', ': '].map((mark) => window.lastIndexOf(mark))) + 1
    const cut =
      clause > LONGEST_PART / 3 ? clause : window.lastIndexOf(' ') > 0 ? window.lastIndexOf(' ') : LONGEST_PART
    yield window.slice(0, cut).trim()
    start += cut
  }
  yield sentence.slice(start).trim()
}
