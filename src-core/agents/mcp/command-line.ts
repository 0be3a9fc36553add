/**
 * Splits what the learner typed into words, as a shell does and no more: blanks part, single and double quotes hold together, a backslash
 * before a quote, a blank or a backslash takes it as it is. Nothing is expanded. Any other backslash stays, so that paths of Windows can
 * be typed.
 * @returns undefined where a quote is not closed
 */
export function wordsOf(line: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let at = 0; at < line.length; at++) {
    const sign = line[at] as string
    const next = line[at + 1] ?? ''
    if (sign === '\\' && quote !== "'" && isTakenAsIs(next, quote)) {
      word = (word ?? '') + next
      at++
    } else if (quote !== '') {
      if (sign === quote) quote = ''
      else word += sign
    } else if (sign === '"' || sign === "'") {
      quote = sign
      word ??= ''
    } else if (/\s/.test(sign)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + sign
  }
  if (quote !== '') return undefined
  if (word !== undefined) words.push(word)
  return words
}

/** A line that `wordsOf` splits into these words again. */
export function lineOf(words: readonly string[]): string {
  return words.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`)).join(' ')
}

function isTakenAsIs(sign: string, quote: string): boolean {
  if (sign === '') return false
  return quote === '"' ? sign === '"' || sign === '\\' : /["'\s\\]/.test(sign)
}
