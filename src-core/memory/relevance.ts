import { analysedText, plainNumber } from './language/analysed-texts.ts'
import { detectLanguage } from './language/detect.ts'
import { languageOf } from './language/languages.ts'
import { formOf } from './language/terms.ts'
import { type Word, wordsOf } from './language/words.ts'

/** What a passage must be known by for its relevance to be told. */
export interface Judged {
  text: string
  /** Titles it stands under. */
  heading: readonly string[]
  /** ISO 639-1, `und`, or null. */
  language: string | null
  /** To the question; undefined where meaning was not compared. */
  cosine: number | undefined
}

/** How a question and a passage agree. */
export interface Agreement {
  /** Undefined where meaning was not compared. */
  cosine: number | undefined
  /** Whether the embedder has learned the passage's language: in others even strangers are near each other. */
  isLearned: boolean
  /** Part of the question's words of content that the passage has, 0 to 1; a half for a question without any, which says neither. */
  covered: number
  /** How many that are. */
  common: number
  /** Part of the question's names and numbers that the passage lacks, 0 to 1; 0 where it has none. */
  lacking: number
}

/** From this on a passage is taken to hold what was asked. */
export const RELEVANT = 0.5

/**
 * Logistic regression over the agreement, fitted by `npm run bench -- absent --fit yes` on the calibrating half of
 * test/told-facts.ts with all-MiniLM-L6-v2. Another embedder wants another fit.
 */
const LEARNED = { base: -6.62, cosine: 17.71, covered: 0.43, lacking: -0.2 }
const UNLEARNED = { base: -6.58, cosine: 7.83, covered: 8.39, lacking: -3.37 }

/** Where meaning is not compared: the part of the question's words that speaks for a passage, and how many at least. */
const WORDS_ALONE = 0.5
const LEAST_IN_COMMON = 2

/**
 * Tells of passages how likely it is that one holds what was asked, 0 to 1. Unlike the score of a search, which is comparable within one result only, it says
 * whether anything was found at all.
 * @param learned languages of the embedder; undefined: all
 */
export function relevanceTo(question: string, learned: readonly string[] | undefined): (passage: Judged) => number {
  const agreement = agreementWith(question, learned)
  return (passage) => relevanceBy(agreement(passage))
}

/** False for a question that is made of words of asking and grammar alone: "what did I say?" */
export function asksForSomething(question: string): boolean {
  const asked = detectLanguage(question)
  return askedWords(question, asked, asked).length > 0
}

export function relevanceBy({ cosine, isLearned, covered, common, lacking }: Agreement): number {
  if (cosine === undefined) {
    // One word of several in common is chance as often as not.
    const isChance = common < LEAST_IN_COMMON && covered < 1
    return isChance ? Math.min(covered, WORDS_ALONE) / 2 : Math.max(0, covered - lacking / 2) * (RELEVANT / WORDS_ALONE)
  }
  const weights = isLearned ? LEARNED : UNLEARNED
  const sum = weights.base + weights.cosine * cosine + weights.covered * covered + weights.lacking * lacking
  const fitted = 1 / (1 + Math.exp(-sum))
  // Whoever types a word or two looks for where they stand, whatever the embedder makes of so little.
  return common > 0 && covered === 1 ? Math.max(RELEVANT, fitted) : fitted
}

export function agreementOf(question: string, passage: Judged, learned: readonly string[] | undefined): Agreement {
  return agreementWith(question, learned)(passage)
}

/** As `agreementOf`, for many passages: the question is taken apart once for each language. */
function agreementWith(question: string, learned: readonly string[] | undefined): (passage: Judged) => Agreement {
  const spoken = detectLanguage(question)
  const wordsBy = new Map<string | null, AskedWord[]>()
  return ({ cosine, heading, text, language: told }) => {
    const language = told === 'und' ? null : told
    const asked = spoken ?? language
    const code = language ?? spoken
    const words = wordsBy.get(language) ?? askedWords(question, asked, language)
    wordsBy.set(language, words)
    return agree(
      words,
      [text, ...heading].map((part) => analysedText(part, language).told),
      {
        cosine,
        isLearned: learned === undefined || code === null || learned.includes(code),
      },
    )
  }
}

function agree(
  words: readonly AskedWord[],
  has: readonly ReadonlySet<string>[],
  rest: Pick<Agreement, 'cosine' | 'isLearned'>,
): Agreement {
  const isThere = ({ forms, beginnings }: AskedWord) =>
    has.some((part) => forms.some((form) => part.has(form)) || beginnings.some((form) => isBegun(form, part)))
  const there = words.filter(isThere)
  const specific = words.filter(({ isSpecific }) => isSpecific)
  return {
    ...rest,
    covered: words.length === 0 ? 0.5 : there.length / words.length,
    common: there.length,
    lacking: specific.length === 0 ? 0 : specific.filter((word) => !there.includes(word)).length / specific.length,
  }
}

interface AskedWord {
  /** In the languages that it may be of. */
  forms: string[]
  /** Of these, those that are long enough to tell a word by its beginning. */
  beginnings: string[]
  /** A name or a number: without it a passage is about something else. */
  isSpecific: boolean
}

function askedWords(question: string, asked: string | null, language: string | null): AskedWord[] {
  const codes = [...new Set([asked, language, 'en'].filter((code) => code !== null))]
  const words = new Map<string, AskedWord>()
  for (const word of wordsOf(question)) {
    const lower = word.text.toLowerCase()
    if (ASKING.has(lower)) continue
    const forms = codes.map((code) => formOf(word.text, languageOf(code)))
    // A function word of either language says nothing.
    if (forms.some((form, place) => form === undefined && codes[place] !== 'en') || forms[0] === undefined) continue
    const isSpecific = /\p{N}/u.test(word.text) || isName(word, question, asked)
    const own = [...new Set([plainNumber(lower), ...forms.filter((form) => form !== undefined)])]
    const beginnings = own.filter((form) => form.length >= LEAST_BEGINNING && !/\p{N}/u.test(form))
    words.set(lower, { forms: own, beginnings, isSpecific })
  }
  return [...words.values()]
}

/** German nouns have capitals as well, so that there names cannot be told. */
function isName({ text, start }: Word, question: string, language: string | null): boolean {
  if (!/^\p{Lu}/u.test(text) || language === 'de') return false
  return /[^\s.!?:¿¡"“„«(]\s*$/u.test(question.slice(0, start))
}

/** Shortest beginning that tells a word. */
const LEAST_BEGINNING = 4

/** True where one word is the beginning of the other: `bayes` and `bayesian`, `stat` and `statistik`. */
function isBegun(form: string, has: ReadonlySet<string>): boolean {
  const first = form.charCodeAt(0)
  for (const other of has) {
    // Nearly all are told apart by this, without a call.
    if (other.charCodeAt(0) !== first) continue
    if (other.startsWith(form) || (other.length >= LEAST_BEGINNING && form.startsWith(other))) return true
  }
  return false
}

/** Words of asking and remembering; they say nothing about what is asked for. In lower case. */
const ASKING = new Set(
  `what which who whom whose when where why how much many long often kind kinds did does do say said says tell told talk talked mention mentioned
  remember recall remind know knew learn learned learnt learning note noted notes write wrote written think thought explain describe mean means
  happen happens come comes get gets got make makes made give gives something anything thing things everything about last latest recently memory
  was wer wem wen wessen wann wo woher wohin warum wieso weshalb wie welche welcher welches welchen welchem wird werden wurde wurden sage sagte gesagt
  erzähle erzählt erwähnt erinnere weiß wusste lerne lernte gelernt notiert schrieb geschrieben erkläre bedeutet besagt kommt kam macht etwas alles
  zuletzt worin womit wozu der die das den dem des ein eine einen einem einer am im
  qué que quién quien quiénes cuándo cuando dónde donde cómo como cuál cuáles cuánto cuánta cuántos cuántas por para dije dicho dice dicen decir
  sé saber aprendí aprendido recuerdo recuerdas anoté escribí hay tengo tiene algo todo sirve significa última últimamente`.split(
    /\s+/,
  ),
)
