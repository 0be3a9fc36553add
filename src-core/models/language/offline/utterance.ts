import { sentencesIn } from '../../../kernel/index.ts'
import type { TutorLanguage } from './language.ts'
import { fold } from './words.ts'

export type UtteranceKind =
  | 'empty'
  | 'goodbye'
  | 'greeting'
  | 'thanks'
  | 'about-you'
  | 'stuck'
  | 'yes'
  | 'no'
  | 'more'
  | 'question'
  | 'listing'
  | 'reflection'
  | 'statement'

/** What a question asks for; decides what makes a good sentence of an answer. */
export type QuestionKind =
  | 'what'
  | 'why'
  | 'how'
  | 'when'
  | 'where'
  | 'who'
  | 'amount'
  | 'compare'
  | 'overview'
  | 'other'

export interface Utterance {
  kind: UtteranceKind
  /** For questions, the sentence that asks; otherwise the whole text. */
  text: string
  question: QuestionKind
  /** Under ten words: the learner is asked what exactly is meant. */
  isShort: boolean
}

const SHORT_WORDS = 10

/**
 * Sorts what a learner said. The five intents of the first version are among the kinds, but whole words are compared: "lullabye" is no
 * goodbye and "authentication" lists nothing.
 */
export function readUtterance(text: string, language: TutorLanguage): Utterance {
  const looked = text.replace(/\s+/g, ' ').trim()
  const plain = fold(looked)
    .replace(/[^\p{L}\p{N}'?]+/gu, ' ')
    .trim()
  const words = plain.split(' ').filter((word) => /[\p{L}\p{N}]/u.test(word))
  const isShort = words.length < SHORT_WORDS
  const bare = words.join(' ').replaceAll('?', '')
  const asked = questionIn(looked, language)
  const kind = kindOf(bare, words.length, asked !== undefined, looked, language)
  const question = asked ?? looked
  return {
    kind,
    text: kind === 'question' ? question : looked,
    question: kind === 'question' ? questionKind(fold(question), language) : 'other',
    isShort,
  }
}

function kindOf(
  bare: string,
  words: number,
  isQuestion: boolean,
  text: string,
  language: TutorLanguage,
): UtteranceKind {
  const signs = SIGNS[language]
  if (bare === '') return 'empty'
  if (signs.goodbye.test(bare) && words <= 12) return 'goodbye'
  if (signs.greeting.test(bare)) return 'greeting'
  if (signs.thanks.test(bare) && words <= 8) return 'thanks'
  if (signs.aboutYou.test(bare)) return 'about-you'
  if (signs.stuck.test(bare) && words <= 25) return 'stuck'
  if (signs.yes.test(bare)) return 'yes'
  if (signs.no.test(bare)) return 'no'
  if (signs.more.test(bare)) return 'more'
  if (isQuestion) return 'question'
  if (itemsIn(text, language).length >= 2) return 'listing'
  return signs.reflection.test(bare) ? 'reflection' : 'statement'
}

/**
 * The sentence that asks something, the last one where there are several. A transcript may lack its question mark, so a sentence that
 * begins like a question counts too, but not "When I read about it ..." or "What I learned is ...".
 */
function questionIn(text: string, language: TutorLanguage): string | undefined {
  const sentences = Array.from(sentencesIn(text), (sentence) => sentence.text.trim())
  return sentences.findLast((sentence) => /[?？؟]$/.test(sentence) || SIGNS[language].asks.test(fold(sentence)))
}

function questionKind(plain: string, language: TutorLanguage): QuestionKind {
  return (Object.entries(QUESTIONS[language]).find(([, sign]) => sign.test(plain))?.[0] ?? 'other') as QuestionKind
}

/**
 * The points of a list as the learner gave them, at most ten: marked by words or figures ("First ... Second ..."), or parted by commas
 * after a word that announces them ("topics: a, b and c"). Empty where the text lists nothing.
 */
export function itemsIn(text: string, language: TutorLanguage): string[] {
  const signs = SIGNS[language]
  // Speech may come without commas: after "First" at the very beginning, a bare "then" marks a point too.
  const marks = signs.beginsList.test(text) ? signs.spokenMark : signs.itemMark
  const marked = text.split(marks).slice(1)
  const parts = marked.length >= 2 ? marked : commaItems(text, signs)
  return parts
    .map((part) => trimItem(part, language))
    .filter((part) => part !== '')
    .slice(0, 10)
}

/** One point of a list without the marks and the "and" around it. */
export function trimItem(text: string, language: TutorLanguage): string {
  return text.replace(/^[\s,.:;–-]+|[\s,.:;!–-]+$/g, '').replace(SIGNS[language].conjunctionAtEdge, '')
}

function commaItems(text: string, signs: Signs): string[] {
  const place = /:\s/.exec(text)
  if (!place || !signs.announces.test(fold(text.slice(0, place.index)))) return []
  const parts = text.slice(place.index + 1).split(/[,;]\s+/)
  const last = parts.pop() ?? ''
  return [...parts, ...last.split(signs.lastComma)]
}

interface Signs {
  goodbye: RegExp
  greeting: RegExp
  thanks: RegExp
  aboutYou: RegExp
  stuck: RegExp
  yes: RegExp
  no: RegExp
  more: RegExp
  /** Begins like a question; tested on a folded sentence. */
  asks: RegExp
  reflection: RegExp
  /** Stands before a point of a list, at the beginning of a clause. */
  itemMark: RegExp
  /** The same in speech without commas; used where the text `beginsList`. */
  spokenMark: RegExp
  beginsList: RegExp
  /** A word before a colon that announces a list. */
  announces: RegExp
  lastComma: RegExp
  conjunctionAtEdge: RegExp
}

const SIGNS: Record<TutorLanguage, Signs> = {
  en: {
    goodbye:
      /(^|\s)(good ?bye|bye( bye)?|see you( later| soon| tomorrow)?|talk to you (later|soon|tomorrow)|good ?night|farewell|that's (it|all) for (today|now))( (for )?(now|today|everyone|all|then))?$/,
    greeting:
      /^(hello|hi|hey|howdy|greetings|good (morning|afternoon|evening))( (there|tutor|again|everyone|you|friend))*( how are you( doing)?( today)?)?$/,
    thanks: /^(ok |okay |great |cool |wow |oh )?(thanks|thank you|thx|cheers|much appreciated)( .*)?$/,
    aboutYou:
      /^(who|what) are you\b|^what (can|do) you do( for me| here)?$|^(how|what) can you help\b|^are you (an? )?(ai|robot|human|bot|person|chatgpt|claude|real)\b|^how does this (app|program|thing)? ?work$|^what is this( app| program)?$|^help( me)?( please)?$/,
    stuck:
      /^(um |well |hmm |honestly |sorry )?(i )?(really )?(don't|do not|dont) (really )?(know|get (it|this|that)|understand( (it|this|that|anything))?)( at all)?( .{0,24})?$|\b(i'm|im|i am|feel|feeling|getting|got) (so |totally |really |completely |a bit |very )?(stuck|lost|confused|overwhelmed|frustrated)\b|^no (idea|clue)$|\bgive up\b/,
    yes: /^(yes|yeah|yep|yup|sure|ok|okay|right|exactly|correct|true|indeed|of course|absolutely|i do|it is|please do)( (please|sure|exactly|right|it is|i do|that's right))*$/,
    no: /^(no|nope|nah|not really|nothing|nothing else|none|that's (all|it)|that is (all|it)|no more|i'm done|that was (all|it))( (thanks|thank you|more|that's (all|it)|nothing else))*$/,
    more: /^(and |so |ok |okay |please )*(tell me more|more|go on|continue|keep going|say more|what else|anything else|and then|next|elaborate|more please|give me more)( (about (it|that|this)|please|on (it|that|this)))*$/,
    asks: /^(?:and |so |but |ok |okay |well |hey |hi |um |then |now )*(?:(?:what|which|whose) (?!(?:i|you|we|he|she|they|it|the|a|an|my|our|your|this|that|these|those|means?|matters?|if|surpris\w+|struck|helps?|helped|counts?|really|once)\b)[\w-]+ |(?:what|which|who|whom|whose|where|when|why|how)(?:'s|'re)?\s+(?:is|are|was|were|do|does|did|can|could|would|will|should|shall|has|have|had|might|must|am|many|much|long|far|often|about|come|kind|kinds|type|types|happens|happened|makes|causes|caused)\b|(?:what|how|who|where)'s\b|(?:is|are|was|were|do|does|did|can|could|would|will|should|has|have|am)\s+(?:i|you|we|they|it|he|she|there|this|that|these|those|the|an?|my|your)\b|(?:tell|remind|show) me\b|explain\b|describe\b|define\b|summari[sz]e\b|compare\b|list (?:everything|all|what|my)\b|i wonder\b|i(?: would|'d) like to know\b|i want to know\b)/,
    reflection:
      /\b(i|we)('ve| have| just| now| finally| really)* (realis|realiz|think|thought|feel|felt|believe|understand|understood|notice|noticed|see now|get it now)/,
    itemMark:
      /(?:^|[,.;:]\s+)(?:and )?(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|fifth|next|then|also|finally|lastly|\d{1,2}[.)])(?=[\s,:])/i,
    spokenMark:
      /(?:^|[\s,.;:])(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth|fifth|next|then|also|finally|lastly)(?=[\s,:])/i,
    beginsList: /^first(?:ly)?[\s,:]/i,
    announces:
      /\b(list|topics?|things?|steps?|points?|reasons?|subjects?|items?|goals?|parts?|kinds?|types?|plan|agenda|these|following)\b/,
    lastComma: /,?\s+(?:and|or)\s+/i,
    conjunctionAtEdge: /^(?:and|or|but)\s+|\s+(?:and|or)$/gi,
  },
  de: {
    goodbye:
      /(^|\s)(tschuss|auf wiedersehen|auf wiederhoren|bis (bald|morgen|spater|dann)|gute nacht|ciao)( .{0,12})?$/,
    greeting:
      /^(hallo|hi|hey|moin|servus|gruss gott|guten (morgen|tag|abend))( (du|zusammen|tutor|nochmal))*( wie geht( e)?s( dir)?)?$/,
    thanks: /^(ok |okay |super )?(danke|vielen dank|dankeschon|herzlichen dank)( .*)?$/,
    aboutYou:
      /^(wer|was) bist du\b|^was kannst du\b|^wie funktioniert (das|diese app|das programm)( hier)?$|^hilfe$|^bist du (ein|eine) (mensch|ki|roboter)\b/,
    stuck:
      /^(ich )?(weiss|verstehe|kapiere) (es |das )?(wirklich )?nicht( .{0,24})?$|\b(ich (bin|hange)|bin) .{0,20}(verwirrt|uberfordert|fest|verloren)\b|^keine ahnung$/,
    yes: /^(ja|jep|genau|klar|stimmt|richtig|ok|okay|gerne|sicher|na klar)( (bitte|genau|gerne|klar))*$/,
    no: /^(nein|ne|nee|nichts|das war'?s|das ist alles|mehr nicht|nicht wirklich|keine)( (danke|mehr))*$/,
    more: /^(und |bitte )*(erzahl( mir)? mehr|mehr|weiter|mach weiter|was noch|sonst noch( was| etwas)?|und dann)( (daruber|dazu|davon|bitte))*$/,
    asks: /^(?:und |also |aber |ok |na |dann )*(?:(?:was|wer|wen|wem|wo|wann|warum|wieso|weshalb|wie|welche[rsnm]?|wohin|woher|wozu|wofur)\s+(?:ist|sind|war|waren|bedeutet|bedeuten|heisst|hat|habe|haben|hatte|kann|kannst|wird|werden|wurde|macht|tut|funktioniert|funktionieren|weiss|viele?|lange|oft|genau|passiert|geht|gibt|kommt|entsteht|lauft|unterscheide\w*)\b|(?:ist|sind|hat|habe|kann|kannst|gibt|weisst)\s+(?:ich|du|er|sie|es|wir|das|der|die|ein)\b|(?:erklar|erzahl|beschreib|definier|sag|zeig|nenn)e?\b|fasse\b|vergleiche\b|ich frage mich\b|ich (?:mochte|will) wissen\b)/,
    reflection:
      /\bich (\S+ )?(denke|glaube|finde|fuhle|meine|verstehe|begreife|merke)\b|\bmir (ist|wird|wurde) .{0,20}(klar|bewusst)\b|\bich habe .{0,60}(verstanden|gemerkt|begriffen|erkannt)\b/,
    itemMark:
      /(?:^|[,.;:]\s+)(?:und )?(?:erstens|zweitens|drittens|viertens|zuerst|dann|danach|außerdem|schließlich|\d{1,2}[.)])(?=[\s,:])/i,
    spokenMark:
      /(?:^|[\s,.;:])(?:erstens|zweitens|drittens|viertens|zuerst|dann|danach|außerdem|schließlich)(?=[\s,:])/i,
    beginsList: /^(?:erstens|zuerst)[\s,:]/i,
    announces: /\b(liste|themen|dinge|schritte|punkte|grunde|ziele|teile|arten|plan|folgende\w*)\b/,
    lastComma: /,?\s+(?:und|oder)\s+/i,
    conjunctionAtEdge: /^(?:und|oder|aber)\s+|\s+(?:und|oder)$/gi,
  },
  es: {
    goodbye: /(^|\s)(adios|hasta (luego|manana|pronto|la vista)|nos vemos|chao|buenas noches)( .{0,12})?$/,
    greeting:
      /^(hola|buenas|buenos dias|buenas tardes|hey)( (tutor|otra vez|de nuevo|a todos))*( (que tal|como estas))?$/,
    thanks: /^(ok |vale )?(gracias|muchas gracias|mil gracias)( .*)?$/,
    aboutYou:
      /^(quien|que) eres\b|^que (puedes|sabes) hacer\b|^como funciona (esto|esta app|la aplicacion)$|^ayuda(me)?$|^eres (un|una) (humano|persona|ia|robot)\b/,
    stuck:
      /^(yo )?no (lo )?(se|entiendo)( (nada|eso|esto))?( .{0,24})?$|\b(estoy|me siento) .{0,20}(perdid[oa]|confundid[oa]|atascad[oa]|abrumad[oa])\b|^ni idea$/,
    yes: /^(si|claro|exacto|correcto|vale|ok|por supuesto|desde luego|asi es)( (por favor|claro|exacto))*$/,
    no: /^(no|nada|nada mas|eso es todo|ya esta|no mucho|ninguno)( (gracias|mas))*$/,
    more: /^(y |por favor )*(cuentame mas|dime mas|mas|sigue|continua|que mas|algo mas|y luego)( (sobre (eso|esto)|por favor))*$/,
    asks: /^(?:y |pero |bueno |entonces |¿)*(?:(?:que|quien|quienes|donde|cuando|como|cual|cuales|cuanto|cuanta|cuantos|cuantas)\s+(?:es|son|fue|fueron|era|significa|hace|hacen|hay|se|puedo|puede|funciona|funcionan|sabe|sabes|se|tiene|tienen|dije|aprendi|paso|pasa|esta|estan)\b|por que\b|(?:explica|dime|cuenta|cuentame|describe|define|resume|compara|recuerdame)(?:me)?\b|me pregunto\b|quiero saber\b|quisiera saber\b)/,
    reflection:
      /\b(creo que|pienso que|siento que|entiendo que|ahora entiendo|me (di|doy) cuenta|he entendido|entendi que)\b/,
    itemMark:
      /(?:^|[,.;:]\s+)(?:y )?(?:primero|segundo|tercero|cuarto|luego|después|también|finalmente|\d{1,2}[.)])(?=[\s,:])/i,
    spokenMark: /(?:^|[\s,.;:])(?:primero|segundo|tercero|cuarto|luego|después|también|finalmente)(?=[\s,:])/i,
    beginsList: /^primero[\s,:]/i,
    announces: /\b(lista|temas|cosas|pasos|puntos|razones|objetivos|partes|tipos|plan|siguientes?)\b/,
    lastComma: /,?\s+(?:y|o)\s+/i,
    conjunctionAtEdge: /^(?:y|o|pero)\s+|\s+(?:y|o)$/gi,
  },
}

/** In order: the first that fits counts. Tested on a folded sentence. */
const QUESTIONS: Record<TutorLanguage, Partial<Record<QuestionKind, RegExp>>> = {
  en: {
    overview:
      /\b(everything|all) (that )?(i|we|you)\b|\bsummar|\boverview\b|\bwhat (do|did|have) (i|we) (already |ever )?(know|say|said|learn|learned|learnt|note|noted|mention|mentioned|tell|told|have|written|write)\b|\blist\b|\bremind me\b/,
    compare: /\bdifferen(t|ce|ces)\b|\bcompare|\bversus\b|\bvs\b|\bas opposed to\b|\bsimilar/,
    amount: /\bhow (many|much|long|far|often|big|large|fast|old|high|deep)\b/,
    why: /\bwhy\b|\bhow come\b|\bwhat causes?\b|\breason (for|why)\b/,
    when: /\bwhen\b|\bwhat (year|date|day|time)\b|\bsince when\b/,
    where: /\bwhere\b/,
    who: /\bwho(m|se)?\b/,
    how: /\bhow\b/,
    what: /\bwhat\b|\bwhich\b|\bdefine\b|\bdefinition\b|\bexplain\b|\bdescribe\b|\btell me\b|\bmeaning\b/,
  },
  de: {
    overview:
      /\balles,? was ich\b|\bzusammenfass|\bfasse\b|\buberblick\b|\bubersicht\b|\bwas (weiss|habe|wusste) ich\b|\berinnere\b/,
    compare: /\bunterschied|\bvergleich|\bahnlich/,
    amount: /\bwie (viele?|lange|oft|weit|gross|schnell|alt|hoch)\b/,
    why: /\bwarum\b|\bwieso\b|\bweshalb\b/,
    when: /\bwann\b|\bseit wann\b/,
    where: /\bwo(hin|her)?\b/,
    who: /\bwe(r|n|m|ssen)\b/,
    how: /\bwie\b/,
    what: /\bwas\b|\bwelche|\berklar|\bdefin|\bbeschreib|\bbedeut/,
  },
  es: {
    overview: /\btodo lo que\b|\bresum|\bque (se|sabia|dije|aprendi|he aprendido|tengo)\b|\brecuerdame\b/,
    compare: /\bdiferencia|\bcompar|\bdistingue|\bparecid/,
    amount: /\bcuant[oa]s?\b/,
    why: /\bpor que\b|\brazon\b/,
    when: /\bcuando\b/,
    where: /\bdonde\b/,
    who: /\bquien(es)?\b/,
    how: /\bcomo\b/,
    what: /\bque\b|\bcual(es)?\b|\bexplica|\bdefin|\bdescrib|\bsignifica/,
  },
}
