/** A stretch of a text in UTF-16 code units, end exclusive. */
export interface Stretch {
  start: number
  end: number
}

/** More than this, and nobody steps through them one by one. */
export const MOST_OCCURRENCES = 1_000

/**
 * Where `words` stand in `text`, whatever their case, accents, and the kind of white space between them; from start to end, without overlap.
 */
export function occurrences(text: string, words: string): Stretch[] {
  const wanted = fold(words.trim())
  if (wanted.letters === '') return []
  const { letters, places } = fold(text)
  const found: Stretch[] = []
  for (
    let at = letters.indexOf(wanted.letters);
    at >= 0 && found.length < MOST_OCCURRENCES;
    at = letters.indexOf(wanted.letters, at + wanted.letters.length)
  ) {
    const last = at + wanted.letters.length
    found.push({ start: places[at] as number, end: places[last] ?? text.length })
  }
  return found
}

/** The text as it is compared, and for each of its code units the place in the text that it comes from. */
function fold(text: string): { letters: string; places: number[] } {
  let letters = ''
  const places: number[] = []
  let place = 0
  let wasSpace = false
  for (const sign of text) {
    const isSpace = /\s/.test(sign)
    if (!(isSpace && wasSpace)) {
      const folded = isSpace ? ' ' : sign.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
      letters += folded
      for (let unit = 0; unit < folded.length; unit += 1) places.push(place)
    }
    wasSpace = isSpace
    place += sign.length
  }
  places.push(text.length)
  return { letters, places }
}
