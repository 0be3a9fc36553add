import { detectLanguage, languageOfWord, UNKNOWN_LANGUAGE } from './detect.ts'
import { type Language, languageOf, languagesOf } from './languages.ts'
import { IN_PAIRS, scriptOf } from './scripts.ts'
import { wordsOf } from './words.ts'

/** Longer ones are data, not words; Postgres takes no lexeme above 2 kB. In UTF-16 code units. */
const LONGEST_TERM = 64
/** French and Italian words that grow together with the next: l'homme, dell'arte. */
const ELISION = /^(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu|un|dell|all|nell|sull|dall)'(?=.{2})/u
const MARKS = /\p{M}+/gu

/** Stems seen last, by language: a search looks at thousands of words, most of them the same few hundred. */
const seen = new Map<string, Map<string, string | undefined>>()
const MOST_SEEN = 20_000

/**
 * The form under which the lexical index knows a word: its stem in lower case without accents, or undefined for a word that says nothing.
 * @param language left out, the word is taken as it is
 */
export function formOf(word: string, language: Language | undefined): string | undefined {
  const code = language?.code ?? ''
  let forms = seen.get(code)
  if (!forms) {
    forms = new Map()
    seen.set(code, forms)
  }
  if (forms.has(word)) return forms.get(word)
  const form = makeForm(word, language)
  if (forms.size === MOST_SEEN) forms.clear()
  forms.set(word, form)
  return form
}

function makeForm(word: string, language: Language | undefined): string | undefined {
  let lower = word.normalize('NFKC').toLowerCase().replaceAll('’', "'")
  if (language?.code === 'fr' || language?.code === 'it') lower = lower.replace(ELISION, '')
  if (language?.stops.has(lower)) return undefined
  const stem = language ? language.stem(lower) : lower
  const plain = scriptOf(stem) === 'latin' ? stem.normalize('NFD').replace(MARKS, '') : stem
  return plain.slice(0, LONGEST_TERM) || undefined
}

/** Pairs of neighbouring signs of a word of Chinese, Japanese or Korean: where a word ends there is a matter of opinion. */
function pairsOf(form: string): string[] {
  if (!IN_PAIRS.test(form)) return []
  const signs = [...form]
  return signs.slice(1).map((sign, index) => `${signs[index]}${sign}`)
}

/**
 * A text as the lexical index takes it: the forms of its words in order, with blanks between.
 * @param spoken ISO 639-1 of the sound that it was heard from, for a text that does not say its language itself
 */
export function analyse(text: string, spoken?: string): { language: string | null; terms: string } {
  const detected = detectLanguage(text)
  const language = detected === null || detected === UNKNOWN_LANGUAGE ? (spoken ?? detected) : detected
  const terms: string[] = []
  for (const word of wordsOf(text)) {
    const form = formOf(word.text, languageOfWord(word.text, language))
    if (form !== undefined) terms.push(form, ...pairsOf(form))
  }
  return { language, terms: terms.join(' ') }
}

/** The form of a word in a text that does not say its language. */
export function usualForm(word: string): string | undefined {
  return formOf(word, languageOfWord(word, null))
}

/** What a query looks for. */
export interface SoughtTerms {
  /** For the lexical index; a word that is said twice is there twice. */
  terms: string[]
  /** Each form with the word as it was typed. */
  forms: Map<string, string>
}

/**
 * The forms that a query looks for. A query is too short to say its language for certain, so that each
 * word is looked for in the stems of every language that the memory holds; most languages agree on most words.
 * @param known languages of the memory, by their codes
 * @param spoken language of the query, where that is known already
 */
export function soughtTerms(
  query: string,
  known: ReadonlySet<string>,
  spoken: string | null = detectLanguage(query),
): SoughtTerms {
  const asked = languageOf(spoken)
  const terms: string[] = []
  const forms = new Map<string, string>()
  for (const { text: word } of wordsOf(query)) {
    if (asked?.script === scriptOf(word) && formOf(word, asked) === undefined) continue
    for (const form of formsIn(word, languagesFor(word, asked, known))) {
      terms.push(form)
      if (!forms.has(form)) forms.set(form, word)
    }
  }
  return { terms, forms }
}

/**
 * The words of content of a query, each with the forms by which a text shows that it has it. What is a function word in any language of the
 * memory is none: a query too short to say its language keeps those of `soughtTerms`, and no text has them.
 * @param known languages of the memory, by their codes
 * @param spoken language of the query, where that is known already
 * @param alternatives words of which each does for the word that it is named under, in lower case: what a slip or a beginning was read as
 */
export function soughtContent(
  query: string,
  known: ReadonlySet<string>,
  {
    spoken = detectLanguage(query),
    alternatives = new Map(),
  }: { spoken?: string | null; alternatives?: ReadonlyMap<string, readonly string[]> } = {},
): string[][] {
  const asked = languageOf(spoken)
  const content = new Map<string, string[]>()
  for (const { text } of wordsOf(query)) {
    const word = text.toLowerCase()
    const languages = languagesFor(word, asked, known)
    if (content.has(word) || languages.some((language) => formOf(word, language) === undefined)) continue
    const meant = [word, ...(alternatives.get(word) ?? [])]
    content.set(
      word,
      meant.flatMap((one) => formsIn(one, languages)),
    )
  }
  return [...content.values()]
}

/** Languages that a word of a query may be of; `[undefined]` in writing without any that is known here. */
function languagesFor(
  word: string,
  asked: Language | undefined,
  known: ReadonlySet<string>,
): readonly (Language | undefined)[] {
  const languages = languagesOf(scriptOf(word)).filter(
    (language, place) => place === 0 || language === asked || known.has(language.code),
  )
  return languages.length > 0 ? languages : [undefined]
}

function formsIn(word: string, languages: readonly (Language | undefined)[]): string[] {
  const own = languages.flatMap((language) => formOf(word, language) ?? [])
  return [...new Set(own.flatMap((form) => [form, ...pairsOf(form)]))]
}

/** The forms of words seen last, by the language of their text. */
const seenForms = new Map<string | null, Map<string, readonly string[]>>()
const NO_FORMS: readonly string[] = []

/** The forms by which a word of a text is recognised as one that a query looks for. Equal words share them. */
export function formsOfWord(word: string, language: string | null): readonly string[] {
  const known = seenForms.get(language) ?? new Map<string, readonly string[]>()
  seenForms.set(language, known)
  const before = known.get(word)
  if (before) return before
  const form = formOf(word, languageOfWord(word, language))
  const forms = form === undefined ? NO_FORMS : [form, ...pairsOf(form)]
  if (known.size === MOST_SEEN) known.clear()
  known.set(word, forms)
  return forms
}

/** The words of a text that carry meaning, in the forms of its language, in order. */
export function contentWords(text: string): string[] {
  const language = detectLanguage(text)
  return Array.from(wordsOf(text), (word) => formOf(word.text, languageOfWord(word.text, language))).filter(
    (form) => form !== undefined,
  )
}
