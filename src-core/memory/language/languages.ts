import { stemmer as arabicStem } from '@orama/stemmers/arabic'
import { stemmer as danishStem } from '@orama/stemmers/danish'
import { stemmer as dutchStem } from '@orama/stemmers/dutch'
import { stemmer as finnishStem } from '@orama/stemmers/finnish'
import { stemmer as frenchStem } from '@orama/stemmers/french'
import { stemmer as germanStem } from '@orama/stemmers/german'
import { stemmer as greekStem } from '@orama/stemmers/greek'
import { stemmer as hungarianStem } from '@orama/stemmers/hungarian'
import { stemmer as hindiStem } from '@orama/stemmers/indian'
import { stemmer as indonesianStem } from '@orama/stemmers/indonesian'
import { stemmer as italianStem } from '@orama/stemmers/italian'
import { stemmer as norwegianStem } from '@orama/stemmers/norwegian'
import { stemmer as portugueseStem } from '@orama/stemmers/portuguese'
import { stemmer as romanianStem } from '@orama/stemmers/romanian'
import { stemmer as russianStem } from '@orama/stemmers/russian'
import { stemmer as spanishStem } from '@orama/stemmers/spanish'
import { stemmer as swedishStem } from '@orama/stemmers/swedish'
import { stemmer as turkishStem } from '@orama/stemmers/turkish'
import { stemmer as ukrainianStem } from '@orama/stemmers/ukrainian'
import { stopwords as arabicStops } from '@orama/stopwords/arabic'
import { stopwords as bulgarianStops } from '@orama/stopwords/bulgarian'
import { stopwords as danishStops } from '@orama/stopwords/danish'
import { stopwords as dutchStops } from '@orama/stopwords/dutch'
import { stopwords as finnishStops } from '@orama/stopwords/finnish'
import { stopwords as frenchStops } from '@orama/stopwords/french'
import { stopwords as germanStops } from '@orama/stopwords/german'
import { stopwords as greekStops } from '@orama/stopwords/greek'
import { stopwords as hungarianStops } from '@orama/stopwords/hungarian'
import { stopwords as hindiStops } from '@orama/stopwords/indian'
import { stopwords as indonesianStops } from '@orama/stopwords/indonesian'
import { stopwords as italianStops } from '@orama/stopwords/italian'
import { stopwords as norwegianStops } from '@orama/stopwords/norwegian'
import { stopwords as portugueseStops } from '@orama/stopwords/portuguese'
import { stopwords as romanianStops } from '@orama/stopwords/romanian'
import { stopwords as russianStops } from '@orama/stopwords/russian'
import { stopwords as spanishStops } from '@orama/stopwords/spanish'
import { stopwords as swedishStops } from '@orama/stopwords/swedish'
import { stopwords as turkishStops } from '@orama/stopwords/turkish'
import { stopwords as ukrainianStops } from '@orama/stopwords/ukrainian'
import { bulgarianStem } from './bulgarian.ts'
import type { Script } from './scripts.ts'
import { stem as englishStem } from './stem.ts'

/** A language whose words can be brought to their stems. */
export interface Language {
  /** ISO 639-1. */
  code: string
  script: Script
  stem(word: string): string
  /** Words that say nothing about what a text is about, in lower case. */
  stops: ReadonlySet<string>
  /** Letters, in lower case, that few other languages of the script have. */
  letters: string
}

/** The English words that Postgres' text search leaves out (its `english.stop`). */
const ENGLISH_STOPS = new Set(
  `i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself they
  them their theirs themselves what which who whom this that these those am is are was were be been being have has had having do does did
  doing a an the and but if or because as until while of at by for with about against between into through during before after above
  below to from up down in out on off over under again further then once here there when where why how all any both each few more most
  other some such no nor not only own same so than too very s t can will just don should now`.split(/\s+/),
)

function language(
  code: string,
  script: Script,
  stem: (word: string) => string,
  stops: readonly string[],
  letters = '',
): Language {
  return { code, script, stem, stops: new Set(stops), letters }
}

const ENGLISH: Language = { code: 'en', script: 'latin', stem: englishStem, stops: ENGLISH_STOPS, letters: '' }

const ALL: readonly Language[] = [
  ENGLISH,
  language('de', 'latin', germanStem, germanStops, 'ßäöü'),
  language('es', 'latin', spanishStem, spanishStops, 'ñ¿¡áíóú'),
  language('fr', 'latin', frenchStem, frenchStops, 'èêçàùœë'),
  language('it', 'latin', italianStem, italianStops, 'òìàèù'),
  language('pt', 'latin', portugueseStem, portugueseStops, 'ãõçáâê'),
  language('nl', 'latin', dutchStem, dutchStops, 'ĳ'),
  language('sv', 'latin', swedishStem, swedishStops, 'åäö'),
  language('da', 'latin', danishStem, danishStops, 'æøå'),
  language('no', 'latin', norwegianStem, norwegianStops, 'æøå'),
  language('fi', 'latin', finnishStem, finnishStops, 'äö'),
  language('hu', 'latin', hungarianStem, hungarianStops, 'őűáéóö'),
  language('ro', 'latin', romanianStem, romanianStops, 'șțăâî'),
  language('tr', 'latin', turkishStem, turkishStops, 'ğışçöü'),
  language('id', 'latin', indonesianStem, indonesianStops),
  language('ru', 'cyrillic', russianStem, russianStops, 'ыэё'),
  language('uk', 'cyrillic', ukrainianStem, ukrainianStops, 'іїєґ'),
  language('bg', 'cyrillic', bulgarianStem, bulgarianStops, 'ъщ'),
  language('el', 'greek', greekStem, greekStops),
  language('ar', 'arabic', arabicStem, arabicStops),
  language('hi', 'devanagari', hindiStem, hindiStops),
]

const BY_CODE = new Map(ALL.map((entry) => [entry.code, entry]))

/** Languages written so. */
export function languagesOf(script: Script): readonly Language[] {
  return BY_SCRIPT.get(script) ?? []
}

const BY_SCRIPT = Map.groupBy(ALL, (entry) => entry.script)

const ROMANCE = new Set(['es', 'fr', 'it', 'pt', 'ro'])

/** @param code ISO 639-1 */
export function isRomance(code: string): boolean {
  return ROMANCE.has(code)
}

/** @returns undefined for a language whose words are taken as they are */
export function languageOf(code: string | null | undefined): Language | undefined {
  return code ? BY_CODE.get(code) : undefined
}
