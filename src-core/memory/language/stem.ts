/**
 * The English stemmer of the Snowball project ("Porter2", https://snowballstem.org/algorithms/english/stemmer.html), which Postgres uses
 * for its `english` text search: two words are the same to the lexical index exactly if they have the same stem. An integration test
 * compares both over a vocabulary.
 * @param word one word in lower case; words with other than Latin letters come back as they are
 */
export function stem(word: string): string {
  const fixed = IRREGULAR.get(word)
  if (fixed !== undefined) return fixed
  if (word.length <= 2 || !/^[a-z']+$/.test(word)) return word
  const marked = markConsonantY(word.replace(/^'/, ''))
  const regions = regionsOf(marked)
  const singular = withoutPlural(marked.replace(/'s?'?$/, ''))
  if (INVARIANT_SINGULAR.has(singular)) return singular
  let stemmed = withoutPastOrGerund(singular, regions)
  stemmed = stemmed.replace(/(?<=.[^aeiouy])[yY]$/, 'i')
  stemmed = replaceLongest(stemmed, DERIVATIONS, regions.first)
  stemmed = replaceLongest(stemmed, ADJECTIVES, regions.first, regions.second)
  stemmed = replaceLongest(stemmed, ENDINGS, regions.second)
  return withoutFinal(stemmed, regions).replaceAll('Y', 'y')
}

/** Where the two regions begin in which a suffix may be taken off: after the first, and after the second, vowel followed by a consonant. */
interface Regions {
  first: number
  second: number
}

const IRREGULAR = new Map(
  Object.entries({
    skis: 'ski',
    skies: 'sky',
    idly: 'idl',
    gently: 'gentl',
    ugly: 'ugli',
    early: 'earli',
    only: 'onli',
    singly: 'singl',
    dying: 'die',
    lying: 'lie',
    tying: 'tie',
  }).concat(['sky', 'news', 'howe', 'atlas', 'cosmos', 'bias', 'andes'].map((word) => [word, word])),
)
const INVARIANT_SINGULAR = new Set([
  'inning',
  'outing',
  'canning',
  'herring',
  'earring',
  'proceed',
  'exceed',
  'succeed',
])
const LONG_PREFIX = /^(?:gener|commun|arsen)/

/** A rule: the suffix, what stands in its place, and what must stand before it. */
type Rule = readonly [suffix: string, replacement: string, before?: RegExp | 'second region']

const DERIVATIONS: readonly Rule[] = [
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['abli', 'able'],
  ['entli', 'ent'],
  ['izer', 'ize'],
  ['ization', 'ize'],
  ['ational', 'ate'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['aliti', 'al'],
  ['alli', 'al'],
  ['fulness', 'ful'],
  ['ousli', 'ous'],
  ['ousness', 'ous'],
  ['iveness', 'ive'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['bli', 'ble'],
  ['ogi', 'og', /l$/],
  ['fulli', 'ful'],
  ['lessli', 'less'],
  ['li', '', /[cdeghkmnrt]$/],
]

const ADJECTIVES: readonly Rule[] = [
  ['tional', 'tion'],
  ['ational', 'ate'],
  ['alize', 'al'],
  ['icate', 'ic'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
  ['ative', '', 'second region'],
]

const ENDINGS: readonly Rule[] = [
  ...['al', 'ance', 'ence', 'er', 'ic', 'able', 'ible', 'ant', 'ement', 'ment', 'ent'].map(
    (suffix): Rule => [suffix, ''],
  ),
  ...['ism', 'ate', 'iti', 'ous', 'ive', 'ize'].map((suffix): Rule => [suffix, '']),
  ['ion', '', /[st]$/],
]

/** A `y` at the beginning or after a vowel is a consonant, written `Y` from here on. */
function markConsonantY(word: string): string {
  return word.replace(/^y/, 'Y').replace(/(?<=[aeiouy])y/g, 'Y')
}

function regionsOf(word: string): Regions {
  const after = (from: number) => {
    const match = /[aeiouy][^aeiouy]/.exec(word.slice(from))
    return match ? from + match.index + 2 : word.length
  }
  const first = LONG_PREFIX.exec(word)?.[0].length ?? after(0)
  return { first, second: after(first) }
}

function withoutPlural(word: string): string {
  if (word.endsWith('sses')) return word.slice(0, -2)
  if (/ie[ds]$/.test(word)) return word.slice(0, word.length > 4 ? -2 : -1)
  if (/(?:us|ss)$/.test(word)) return word
  return /[aeiouy].+s$/.test(word) ? word.slice(0, -1) : word
}

function withoutPastOrGerund(word: string, regions: Regions): string {
  const agreed = /eed(?:ly)?$/.exec(word)
  if (agreed) return agreed.index >= regions.first ? `${word.slice(0, agreed.index)}ee` : word
  const ending = /(?:ed|edly|ing|ingly)$/.exec(word)
  if (!ending || !/[aeiouy]/.test(word.slice(0, ending.index))) return word
  const rest = word.slice(0, ending.index)
  if (/(?:at|bl|iz)$/.test(rest)) return `${rest}e`
  if (/(?:bb|dd|ff|gg|mm|nn|pp|rr|tt)$/.test(rest)) return /^[aeo]..$/.test(rest) ? rest : rest.slice(0, -1)
  return regions.first >= rest.length && endsInShortSyllable(rest) ? `${rest}e` : rest
}

/** A vowel between consonants, the last of which is none of w, x, Y; or a vowel and a consonant that are the whole word. */
function endsInShortSyllable(word: string): boolean {
  return /(?:[^aeiouy][aeiouy][^aeiouywxY]|^[aeiouy][^aeiouy])$/.test(word)
}

/** Applies the rule with the longest suffix that the word has, where the suffix lies within the region. */
function replaceLongest(word: string, rules: readonly Rule[], region: number, secondRegion = 0): string {
  let longest: Rule | undefined
  for (const rule of rules) if (word.endsWith(rule[0]) && rule[0].length > (longest?.[0].length ?? 0)) longest = rule
  if (!longest) return word
  const [suffix, replacement, before] = longest
  const rest = word.slice(0, -suffix.length)
  if (rest.length < region) return word
  if (before === 'second region' ? rest.length < secondRegion : before && !before.test(rest)) return word
  return rest + replacement
}

function withoutFinal(word: string, regions: Regions): string {
  const rest = word.slice(0, -1)
  if (word.endsWith('e')) {
    const inFirst = rest.length >= regions.first && !endsInShortSyllable(rest)
    return rest.length >= regions.second || inFirst ? rest : word
  }
  return word.endsWith('ll') && rest.length >= regions.second ? rest : word
}
