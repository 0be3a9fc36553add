/** "machine learning (ML)" and "ML (machine learning)": A. Schwartz and M. Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", 2003. */
export interface Abbreviation {
  short: { text: string; start: number; end: number }
  long: { text: string; start: number; end: number }
}

const SHORT = /^\p{L}[\p{L}\p{N}-]{1,9}$/u
const PAIR = /([^()\n]{2,200}?)\s*\(([^()\n]{2,80})\)/gu

/** @param offset of the sentence in its text */
export function abbreviationsOf(sentence: string, offset: number): Abbreviation[] {
  const found: Abbreviation[] = []
  for (const match of sentence.matchAll(PAIR)) {
    const [, before = '', inside = ''] = match
    const insideStart = match.index + match[0].length - 1 - inside.length
    const place = (text: string, start: number) => ({ text, start: offset + start, end: offset + start + text.length })
    if (isShort(inside)) {
      const long = longForm(inside, before)
      if (long)
        found.push({ short: place(inside, insideStart), long: place(long, match.index + before.length - long.length) })
      continue
    }
    const last = /[\p{L}\p{N}-]+$/u.exec(before)?.[0] ?? ''
    if (isShort(last) && longForm(last, inside) === inside)
      found.push({ short: place(last, match.index + before.length - last.length), long: place(inside, insideStart) })
  }
  return found
}

function isShort(text: string): boolean {
  return SHORT.test(text) && (text.match(/\p{Lu}/gu)?.length ?? 0) >= 2
}

/** The shortest end of `text` whose words hold the letters of `short` in order, the first at the beginning of a word. */
function longForm(short: string, text: string): string | undefined {
  const letters = Array.from(short.toLowerCase()).filter((letter) => /[\p{L}\p{N}]/u.test(letter))
  const lower = text.toLowerCase()
  let at = lower.length - 1
  for (let index = letters.length - 1; index >= 0; index -= 1) {
    while (
      at >= 0 &&
      (lower[at] !== letters[index] || (index === 0 && at > 0 && /[\p{L}\p{N}]/u.test(lower[at - 1] ?? '')))
    )
      at -= 1
    if (at < 0) return undefined
    if (index > 0) at -= 1
  }
  const long = text.slice(at)
  const words = long.trim().split(/\s+/).length
  if (words < 2 || words > Math.min(short.length + 5, short.length * 2)) return undefined
  return long
}
