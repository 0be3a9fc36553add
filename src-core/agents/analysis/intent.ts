import { readUtterance, reckonedWish, type TutorLanguage } from '../../models/index.ts'
import type { Intent } from '../../vault/index.ts'
import { isAsking } from '../asking.ts'
import { asksFor } from '../tools/gate.ts'

const NUMBER = /\p{N}/u
/** Figures with a sign between them, or words that ask to reckon; a figure must stand beside them. */
const RECKONS =
  /\p{N}\s*(?:[+*/×÷^]|-\s*(?=\p{N})|%\s*(?:of|von|de)(?!\p{L}))|(?<!\p{L})(?:calculat\p{L}*|comput\p{L}*|(?:how much|what) (?:is|are|was) [^?.!]*(?:times|plus|minus|divided|percent|squared|cubed)|square root|(?:add|multiply|subtract|divide) \p{N}|convert \p{N}|berechn\p{L}*|rechne\p{L}*|wurzel|wie ?viel (?:ist|sind|ergibt|macht)[^?.!]*(?:mal|plus|minus|geteilt|prozent|hoch)|calcul(?:a|ar|e)(?!\p{L})|raíz cuadrada|cuánto (?:es|son)[^?.!]*(?:por|más|menos|entre|ciento))/iu
/** The calendar and the clock. */
const CLOCK =
  /(?<!\p{L})(?:what(?:['’]s| is)? (?:the )?(?:time|date|day)(?: (?:is it|it is|of the week|of the month|today|now|in \p{L}+))*(?!\p{L})(?! (?:complexity|constant|series|travel|dilation|signature|of (?:death|birth)))|what (?:time|day|date|month|year|weekday) is (?:it|today|tomorrow)|how (?:many|much) (?:days|weeks|months|hours|time|longer) (?:is (?:it |left )?|are (?:left |there )?|do i have )?(?:until|till|to|before|since|left)|how long (?:until|till|is it until)|which (?:week)?day (?:is|was|will)|wie ?viel uhr|wie spät|welche[rsn]? (?:tag|datum|wochentag|monat)|(?:der|den) wievielte|(?:wie ?viele|wie lange?) (?:tage|wochen|stunden|monate)?\s*(?:\p{L}+ ){0,3}(?:bis|seit)|qué (?:hora|día|fecha) (?:es|son|será|tenemos)|cuánt[oa]s? (?:días|semanas|horas|tiempo|meses)? ?(?:\p{L}+ ){0,2}(?:falta|faltan|quedan|para|hasta))/iu
/** Asks to be told, without a question's form. */
const WANTS_TOLD =
  /^\W*(?:(?:please|can you|could you|would you|bitte|kannst du|könntest du|por favor|puedes|podrías)[,\s]+)*(?:explain|describe|define|compare|contrast|tell me|show me|give me|help me (?:understand|with)|walk me|teach|quiz|test me|look up|search|find|translate|erklär\p{L}*|beschreib\p{L}*|definier\p{L}*|vergleich\p{L}*|zeig\p{L}*|nenn\p{L}*|gib mir|hilf mir|übersetz\p{L}*|such\p{L}*|frag mich ab|explíca\p{L}*|explica\p{L}*|describe|define|compara|dime|dame|ayúdame|muéstrame|traduce|busca\p{L}*)(?!\p{L})/iu
/** Thinks about what they learn or how they feel about it. */
const REFLECTS =
  /(?<!\p{L})(?:i (?:\p{L}+ly )?(?:realis|realiz|think|thought|feel|felt|believe|understand|understood|notice|noticed|wonder|doubt|suppose|guess|find (?:it|this|that)|found (?:it|this|that)|struggle|keep (?:forgetting|mixing|confusing)|(?:don['’]?t|do not|still don['’]?t) (?:get|understand))\p{L}*|it (?:finally )?(?:clicked|dawned on me|makes sense|struck me)|makes me (?:think|wonder)|in hindsight|i(?:['’]m| am) (?:\p{L}+ )?(?:not sure|unsure|curious|confused|unclear)|unclear|no idea|unklar|(?:ich )?weiß (?:\p{L}+ )?nicht|keine ahnung|no sé(?!\p{L})|ni idea|ich (?:\p{L}+ )?(?:denke|glaube|finde|fühle|merke|verstehe|vermute|begreife|zweifle|frage mich)|mir (?:ist|wird|wurde|fällt)|(?:hat|habe) .{0,40}(?:begriffen|verstanden|erkannt|gemerkt)|im nachhinein|(?:creo|pienso|siento|entiendo|supongo|noto|dudo|me pregunto|me parece|me cuesta)(?!\p{L})|me (?:di|doy|he dado) cuenta|por fin (?:entiendo|entendí))/iu

/** What somebody wants with what they say. The first version's five whole words instead of parts of words, and what has come since. */
export function intentOf(text: string, language: TutorLanguage): Intent {
  if (asksFor('remember', text)) return 'store_memory'
  const { kind } = readUtterance(text, language)
  if (kind === 'goodbye') return 'end_conversation'
  const reckoned = reckonedWish(text, language)
  if (reckoned) return reckoned === 'calculate' ? 'calculation' : 'datetime_query'
  const asks = kind === 'question' || kind === 'about-you' || isAsking(text) || WANTS_TOLD.test(text)
  if (NUMBER.test(text) && RECKONS.test(text) && (asks || startsToReckon(text))) return 'calculation'
  if (CLOCK.test(text)) return 'datetime_query'
  // "I wonder whether …" is a thought as well as a question: the mark decides.
  if (asks && (/[?？]/.test(text) || !REFLECTS.test(text))) return 'question'
  if (kind === 'listing') return 'listing'
  return kind === 'reflection' || kind === 'stuck' || REFLECTS.test(text) ? 'reflection' : 'statement'
}

/** "Calculate …", or nothing but figures and signs. */
function startsToReckon(text: string): boolean {
  return (
    /^\W*(?:calculat|comput|convert|add|multiply|subtract|divide|berechn|rechne|calcula)/iu.test(text) ||
    /^[\p{N}\s+*/×÷^().,=%-]+$/u.test(text)
  )
}
