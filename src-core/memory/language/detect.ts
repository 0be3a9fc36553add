import { type Language, languageOf, languagesOf } from './languages.ts'
import { LANGUAGE_OF_SCRIPT, type Script, scriptOf } from './scripts.ts'
import { wordsOf } from './words.ts'

/** Part of a text that is looked at, in UTF-16 code units. */
const SAMPLE = 2_000
/** The least that its function words and letters must say for a language, and by how much more than for the next. */
const LEAST_EVIDENCE = 1.3
const LEAST_LEAD = 1.3
/** Every so many words one must speak for the language. */
const LEAST_SHARE = 0.08
/** What a letter of its own says for a language, where a function word of its own says 1. */
const LETTER_EVIDENCE = 0.4
/** A text with so many words that speaks for no language is of one that is not known here. */
const LONG = 12
/** Part of the letters in kana from which Han signs are Japanese. */
const KANA_SHARE = 0.05

/** Code of a text that is surely of some language, but of none that is known here. */
export const UNKNOWN_LANGUAGE = 'und'

/**
 * The language of a text by its script, its function words and its letters; no model and no network.
 * @returns ISO 639-1 code, `und` for a long text of a language that is not known here, null where a short one does not say
 */
export function detectLanguage(text: string): string | null {
  const words = Array.from(wordsOf(text.slice(0, SAMPLE)), (word) => word.text.toLowerCase().replaceAll('’', "'"))
  const counts = new Map<Script, number>()
  for (const word of words) {
    const script = scriptOf(word)
    if (script !== 'other') counts.set(script, (counts.get(script) ?? 0) + 1)
  }
  const kana = counts.get('kana') ?? 0
  const han = counts.get('han') ?? 0
  if (kana > 0 && kana >= KANA_SHARE * (kana + han)) {
    counts.set('kana', kana + han)
    counts.delete('han')
  }
  const [script] = [...counts].reduce<[Script, number]>(
    (most, entry) => (entry[1] > most[1] ? entry : most),
    ['other', 0],
  )
  if (script === 'han') return 'zh'
  if (script === 'arabic') return /[پچژگ]/.test(text) ? 'fa' : 'ar'
  const only = LANGUAGE_OF_SCRIPT[script]
  return only ?? byFunctionWords(words, script)
}

function byFunctionWords(words: readonly string[], script: Script): string | null {
  const languages = languagesOf(script)
  if (languages.length === 0) return null
  const evidence = new Map<Language, number>()
  const add = (speakers: readonly Language[], weight: number) => {
    for (const language of speakers) evidence.set(language, (evidence.get(language) ?? 0) + weight / speakers.length)
  }
  for (const word of words) {
    add(speakersOf(script, 'stops', word), 1)
    for (const letter of word) if (letter > '\u007f') add(speakersOf(script, 'letters', letter), LETTER_EVIDENCE)
  }
  const [best, next] = [...evidence].sort((a, b) => b[1] - a[1])
  const isSure =
    best &&
    best[1] >= LEAST_EVIDENCE &&
    best[1] >= LEAST_LEAD * (next?.[1] ?? 0) &&
    best[1] >= LEAST_SHARE * words.length
  if (isSure) return best[0].code
  if (words.length < LONG) return null
  // A long text may lie between two near languages; the better one is near enough then.
  return best && best[1] >= LEAST_SHARE * words.length ? best[0].code : UNKNOWN_LANGUAGE
}

type Signs = 'stops' | 'letters'

/** The languages that have each function word, or each letter, by script. */
const speakers = new Map<string, ReadonlyMap<string, readonly Language[]>>()

/** The languages of a script that have a function word, or a letter. */
function speakersOf(script: Script, what: Signs, sign: string): readonly Language[] {
  const key = `${script} ${what}`
  const known = speakers.get(key) ?? gatherSpeakers(script, what)
  speakers.set(key, known)
  return known.get(sign) ?? []
}

function gatherSpeakers(script: Script, what: Signs): ReadonlyMap<string, readonly Language[]> {
  const bySign = new Map<string, Language[]>()
  for (const language of languagesOf(script)) {
    for (const sign of new Set(language[what])) bySign.set(sign, [...(bySign.get(sign) ?? []), language])
  }
  return bySign
}

/** The language whose stems a word has in a text of the language `code`: that one if it is written so, else the first of its script. */
export function languageOfWord(word: string, code: string | null): Language | undefined {
  const script = scriptOf(word)
  const language = languageOf(code)
  return language?.script === script ? language : languagesOf(script)[0]
}
