/** Spellings that mean the same word; transcripts differ in them by taste. */
const SAME_WORD: Record<string, string> = {
  mr: 'mister',
  mrs: 'missus',
  dr: 'doctor',
  st: 'saint',
  ok: 'okay',
  colour: 'color',
  favour: 'favor',
  honour: 'honor',
  labour: 'labor',
  neighbour: 'neighbor',
  grey: 'gray',
  theatre: 'theater',
  centre: 'center',
}

/**
 * The words of a transcript as they are compared: lower case, without punctuation, numbers in words (a year between 1100 and 1999 in
 * two pairs, as it is said), a few spellings made equal.
 */
export function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/(\d),(?=\d{3}\b)/g, '$1')
    .replace(/\b(\d+)(st|nd|rd|th)\b/g, (_, digits: string) => ordinal(numberInWords(Number(digits))))
    .replace(/\d+/g, (digits) => ` ${numberInWords(Number(digits))} `)
    .replace(/[^\p{L}\p{N}' ]+/gu, ' ')
    .replace(/(^|\s)'+|'+(?=\s|$)/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => SAME_WORD[word] ?? word)
}

/** The least number of words to replace, leave out or add that turns `heard` into `said` (Levenshtein's distance over words). */
export function wordErrors(said: readonly string[], heard: readonly string[]): number {
  let previous = Array.from({ length: heard.length + 1 }, (_, index) => index)
  for (const [index, word] of said.entries()) {
    const current = [index + 1]
    for (const [column, other] of heard.entries()) {
      const replaced = (previous[column] ?? 0) + (word === other ? 0 : 1)
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous[heard.length] ?? 0
}

const SMALL = (
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen ' +
  'seventeen eighteen nineteen'
).split(' ')
const TENS = '- - twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const SCALES: [number, string][] = [
  [1e9, 'billion'],
  [1e6, 'million'],
  [1e3, 'thousand'],
  [100, 'hundred'],
]

function numberInWords(value: number): string {
  if (value < 20) return SMALL[value] ?? ''
  if (value < 100) return [TENS[Math.floor(value / 10)], value % 10 ? SMALL[value % 10] : ''].join(' ').trim()
  if (value >= 1_100 && value <= 1_999 && value % 100 !== 0) {
    const rest = value % 100
    return `${numberInWords(Math.floor(value / 100))} ${rest < 10 ? 'oh ' : ''}${numberInWords(rest)}`
  }
  const scale = SCALES.find(([size]) => value >= size)
  if (!scale || value >= 1e12) return [...String(value)].map((digit) => SMALL[Number(digit)] ?? '').join(' ')
  const [size, name] = scale
  const rest = value % size
  return `${numberInWords(Math.floor(value / size))} ${name}${rest ? ` ${numberInWords(rest)}` : ''}`
}

const IRREGULAR: Record<string, string> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
}

/** The ordinal of a number in words: only its last word changes. */
function ordinal(words: string): string {
  return words.replace(
    /\w+$/,
    (last) => IRREGULAR[last] ?? (last.endsWith('y') ? `${last.slice(0, -1)}ieth` : `${last}th`),
  )
}
