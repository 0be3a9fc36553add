import { detectLanguage, readText } from '../../memory/index.ts'
import { isAsking } from '../asking.ts'
import { addressesIn } from './sources/given-address.ts'
import type { Question, SourceName } from './types.ts'

/** A question, and to whom it goes. */
export interface Errand extends Question {
  source: SourceName
}

/** UTF-16 code units of a turn that are looked at, and most words of a search. */
const READ_LENGTH = 2_000
const MOST_WORDS = 8
/** Of a turn without any phrase, words of at least so many letters. */
const SHORTEST_WORD = 4

const word = (list: string) => new RegExp(`(?<![\\p{L}\\p{N}])(?:${list})(?![\\p{L}\\p{N}])`, 'giu')

/** Wishes about the search itself, which are no part of what is searched for. */
const WISHES: readonly (readonly [language: string, pattern: RegExp])[] = [
  [
    'en',
    word(
      "please|can you|could you|look(?:ing)? up|search(?: the web| online| for)?|find(?: out| me)?|compare|contrast|explain|tell me|what(?:'s| is| are)|sources?|web|internet|wikipedia|arxiv|in (?:depth|detail)|step by step|differences? between|pros and cons|latest|newest|current(?:ly)?|recent|today|this year|papers?|articles?|stud(?:y|ies)|research|evidence",
    ),
  ],
  [
    'de',
    word(
      'bitte|such(?:e|en)?|recherchier(?:e|en)?|vergleich(?:e|en)?|erklär(?:e|en)?|im (?:netz|internet)|quellen?|ausführlich|im detail|unterschiede? zwischen|neueste[nrs]?|aktuelle?[nrs]?|heute|studien?|artikel|forschung',
    ),
  ],
  [
    'es',
    word(
      'por favor|busca(?:r|me)?|investiga(?:r)?|compara(?:r)?|explica(?:r|me)?|en (?:internet|detalle|profundidad)|fuentes?|diferencias? entre|últim[oa]s?|actual(?:es)?|hoy|estudios?|artículos?|investigación',
    ),
  ],
]
/** The learner wants what is new, or what others say: memory cannot hold that. */
const FRESH = word(
  [
    'look(?:ing)? up|search (?:the web|online)|on(?: the)? (?:web|internet)|sources?|latest|newest|currently?|recent(?:ly)?|today|this (?:week|month|year)|news|papers?|articles?|studies|state of the art|wikipedia|arxiv',
    'recherchier\\p{L}*|such(?:e|en)? (?:im|nach)|im (?:netz|internet)|quellen?|neueste[nrs]?|aktuell\\p{L}*|heute|dieses jahr|nachrichten|studien|artikel',
    'busca(?:r|me)?|investiga\\p{L}*|en internet|fuentes|últim[oa]s?|actual(?:es|mente)?|hoy|este año|noticias|estudios|artículos',
  ].join('|'),
)
/** Papers are asked for where the learner speaks of research. */
const SCHOLARLY = word(
  [
    'arxiv|papers?|preprints?|stud(?:y|ies)|research|literature|evidence|state of the art|theorems?|proofs?|algorithms?|neural|transformers?|models?|quantum',
    'studien?|forschung\\p{L}*|veröffentlichung\\p{L}*|literatur|beweis\\p{L}*|algorithm\\p{L}*|quanten\\p{L}*',
    'estudios?|investigaci\\p{L}*|publicaci\\p{L}*|literatura|teoremas?|algoritmos?|cuántic\\p{L}*',
  ].join('|'),
)

const has = (pattern: RegExp, text: string) => text.search(pattern) >= 0

/** Whether the learner asks for what is new, or for what others say. */
export function wantsFresh(text: string): boolean {
  return has(FRESH, text)
}

/** Words that begin a wish to be told something and no knowledge of one's own. */
const ASKS =
  /^\s*(?:please,?\s|bitte,?\s|por favor,?\s)?\s*(?:compare|contrast|explain|look up|search|find|derive|prove|walk me|vergleich\p{L}*|erklär\p{L}*|such\p{L}*|recherchier\p{L}*|leite|beweis\p{L}*|compara\p{L}*|explica\p{L}*|busca\p{L}*|investiga\p{L}*|demuestra|deduce)(?!\p{L})/iu

/** Whether a text only asks: that somebody has asked it before is no answer. */
export function onlyAsks(text: string): boolean {
  return isAsking(text) || ASKS.test(text)
}

/** What a turn is about, in the learner's own words and their order. */
export function keyPhrases(text: string): string[] {
  const said = text.slice(0, READ_LENGTH).replace(/\bhttps?:\/\/\S+/giu, ' ')
  const about = WISHES.reduce((left, [, wish]) => left.replace(wish, ' , '), said)
  const phrases = readText(about)
    .terms.sort((a, b) => a.start - b.start)
    .map(({ surface }) => surface)
  if (phrases.length > 0) return phrases
  return (about.match(/[\p{L}\p{N}]+/gu) ?? []).filter((one) => one.length >= SHORTEST_WORD)
}

/** The words that are searched for: the key phrases, as many as make a search, and no more of what the learner said. */
export function searchWords(text: string): string {
  const words = keyPhrases(text).flatMap((phrase) => phrase.split(/\s+/))
  return [...new Set(words)].slice(0, MOST_WORDS).join(' ')
}

/** ISO 639-1 code. A short turn may tell it by its wish alone. */
function languageOf(text: string): string {
  return detectLanguage(text) ?? WISHES.find(([, wish]) => has(wish, text))?.[0] ?? 'en'
}

/**
 * Whom to ask what, decided on the device: the addresses that the learner gave; else the web and Wikipedia, and arXiv where they speak of
 * research.
 * @param available names of the sources that may be asked
 */
export function planOnDevice(text: string, available: readonly SourceName[]): Errand[] {
  const language = languageOf(text)
  const can = (source: SourceName) => available.includes(source)
  const addresses = addressesIn(text)
  if (addresses.length > 0 && can('address')) {
    return addresses.map((address) => ({ source: 'address', words: address, language }))
  }
  const words = searchWords(text)
  if (words === '') return []
  const searches = available.filter((name) => name !== 'address' && (name !== 'arxiv' || has(SCHOLARLY, text)))
  return searches.map((source) => ({ source, words, language }))
}
