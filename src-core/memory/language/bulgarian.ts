/** Shorter words have no ending that could be told. */
const SHORTEST = 4

/** An ending, what stands in its place, and how long a word must be for it. */
type Rule = readonly [ending: RegExp, replacement: string, atLeast: number]

const ARTICLES: readonly Rule[] = [
  [/ият$/, '', 7],
  [/(?:ът|то|те|та|ия)$/, '', 6],
  [/ят$/, '', 5],
]
const PLURALS: readonly Rule[] = [
  [/овци$/, 'о', 7],
  [/ове$/, '', 7],
  [/еве$/, 'й', 7],
  [/ища$/, '', 6],
  [/та$/, '', 6],
  [/ци$/, 'к', 6],
  [/зи$/, 'г', 6],
  [/е(.)и$/, 'я$1', 6],
  [/си$/, 'х', 5],
  [/и$/, '', 5],
]

/**
 * The light stemmer for Bulgarian of Nakov ("BulStem") as Savoy shortened it and Lucene has it: articles, plurals, and the vowels that change with them. The
 * one of `@orama/stemmers` throws at every word whose vowel changes, and Russian is at times taken for Bulgarian.
 * @param word one word in lower case
 */
export function bulgarianStem(word: string): string {
  if (word.length < SHORTEST) return word
  if (word.length > 5 && word.endsWith('ища')) return word.slice(0, -3)
  const singular = byFirst(PLURALS, byFirst(ARTICLES, word))
  const bare = singular.length > 3 ? singular.replace(/я$/, '').replace(/[аое]$/, '') : singular
  const joined = bare.length > 4 ? bare.replace(/ен$/, 'н') : bare
  return joined.length > 5 ? joined.replace(/ъ(.)$/, '$1') : joined
}

function byFirst(rules: readonly Rule[], word: string): string {
  const rule = rules.find(([ending, , atLeast]) => word.length >= atLeast && ending.test(word))
  return rule ? word.replace(rule[0], rule[1]) : word
}
