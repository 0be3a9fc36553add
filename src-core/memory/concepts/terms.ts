import { createHash } from 'node:crypto'

/**
 * The form in which all spellings of a term are the same: NFKC, lower case, hyphens as spaces, no possessive, the last word singular.
 * Whatever the language: the rules for the plural are those of English, and change nothing but the form by which spellings meet.
 */
export function normalTerm(surface: string): string {
  const words = surface
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’]s\b/gu, '')
    .replace(/[-‐‑–—_/]+/gu, ' ')
    .replace(/[^\p{L}\p{N}\p{M}+#. ]+/gu, ' ')
    .split(/\s+/u)
    .map((word) => word.replace(/^\.+|\.+$/gu, ''))
    .filter((word) => word !== '')
  const last = words.pop()
  return last === undefined ? '' : [...words, singular(last)].join(' ')
}

/** Words in "our" that Americans write with "or"; "hour" and "four" are none. */
const BRITISH_OUR = /^(arm|behavi|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|rum|sav|tum|vap|vig)our/u

/** What spellings of one term have in common: no spaces, and American where British and American differ. */
export function spellingKey(normal: string): string {
  return normal
    .split(' ')
    .map((word) =>
      word
        .replace(/is(ation|ing|ed|er)$/u, 'iz$1')
        .replace(BRITISH_OUR, '$1or')
        .replace(/(?<=[bt])re$/u, 'er')
        .replace(/ogue$/u, 'og')
        .replace(/ll(?=ing$|ed$)/u, 'l'),
    )
    .join('')
}

/** Id of a term: the same on every device. */
export function termId(normal: string): string {
  return createHash('sha256').update(normal).digest('hex').slice(0, 24)
}

/** First letters of the words of a normal form; empty for a single word. */
export function initialsOf(normal: string): string {
  const words = normal.split(' ').filter((word) => !SMALL_WORDS.has(word))
  return words.length < 2 ? '' : words.map((word) => Array.from(word)[0] ?? '').join('')
}

const SMALL_WORDS = new Set(['of', 'the', 'and', 'for', 'in', 'der', 'die', 'das', 'und', 'von', 'de', 'la', 'y'])

function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(?:sh|ch|x|z|ss)es$/.test(word)) return word.slice(0, -2)
  return word.slice(0, -1)
}
