/** A sentence with the white space after it; places count UTF-16 code units, end exclusive. */
export interface SentenceSpan {
  start: number
  end: number
  text: string
}

const SEGMENTER = new Intl.Segmenter('und', { granularity: 'sentence' })
/** So much on either side of a boundary tells whether it is one, in UTF-16 code units. */
const LOOKED_AT = 40

/** A title, or words that always go on: "Dr. Kern", "et al. found", "z. B. Wasser". */
const BEFORE_WORD =
  /(?:^|[\s([/“„"'’«-])(?:[Dd]ra?|DRA?|[Pp]rof|Mrs?|Ms|mrs?|MRS?|Sra?|Srta|sra|Ud|Uds|Hr|Fr|Frl|St|vs|cf|vgl|Vgl|al|approx|ca|bzw|evtl|ggf|inkl|[eE]\.\s?g|[iI]\.\s?e|[zZ]\.\s?B|d\.\s?h|[uU]\.\s?a|[pP]\.\s?ej)\.\s*$/u
/** Between the halves of "z. B." and its like. */
const HALF = /(?:^|[\s([])([zdupei])\.\s*$/iu
const OTHER_HALF: Record<string, RegExp> = {
  z: /^\s*B\./,
  d: /^\s*h\./,
  u: /^\s*a\./,
  p: /^\s*ej\./,
  e: /^\s*g\./,
  i: /^\s*e\./,
}
/** Words that go on where a figure follows: "Fig. 3", "Nr. 7", "p. 12". */
const BEFORE_FIGURE = /(?:^|[\s([])(?:figs?|eqs?|nos?|nr|vol|ch|sec|pp?|abb|kap|bd|art|núm|págs?|cap|s)\.\s*$/iu
const FIGURE = /^\s*(?:\d|[IVX]+\b)/u
/** "am 12. Dezember" */
const DAY_OR_ORDINAL = /(?:^|\s)\d{1,2}\.\s*$/u
const MONTH =
  /^\s*(?:Januar|Jänner|Februar|Feber|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jan|Feb|Apr|Aug|Sept?|Okt|Nov|Dez)(?!\p{L})/u
/** "im 19. Jahrhundert", but not "I am 12. She is ..." */
const ORDINAL = /(?<!\bI )(?<=^|[\s(])(?:am|im|vom|zum|zur|beim|ab|bis|seit|der|die|das|dem|den|des)\s+\d{1,2}\.\s*$/iu
/** The number of a point of a list is no sentence. */
const POINT = /^\s*\d{1,3}\.\s*$/u
/** "Marie S. Curie", "J. R. R. Tolkien": after a name, an initial, or nothing. */
const INITIAL = /(?:^|[\s(“„"«])(?:\p{Lu}[\p{L}’'-]*\s+|\p{Lu}\.\s?)*\p{Lu}\.\s*$/u
const AFTER_INITIAL = /^\s*(?:\p{Lu}\.|\p{Lu}\p{Ll})/u
/** With these begins a new sentence, not a name. */
const NO_NAME =
  /^\s*(?:the|this|that|these|those|it|its|he|she|they|we|you|i|a|an|in|on|at|but|and|so|if|then|there|what|when|where|why|how|as|for|der|die|das|ein|eine|es|er|sie|wir|ich|und|aber|in|im|am|dann|da|was|wie|wo|wenn|el|la|los|las|un|una|es|en|y|pero|se|yo|si|qué|cómo)(?!\p{L})/iu

/**
 * Whether a full stop that the segmenter takes for an end is none: after a title, an abbreviation, an initial, the day of a month, the number
 * of a point. English, German and Spanish.
 * @param before what ends there, with the full stop and what is white after it
 * @param after what follows
 */
export function goesOn(before: string, after: string): boolean {
  if (before.endsWith('\n')) return false
  if (POINT.test(before) || BEFORE_WORD.test(before)) return true
  const half = HALF.exec(before)?.[1]?.toLowerCase()
  if (half && OTHER_HALF[half]?.test(after)) return true
  if (BEFORE_FIGURE.test(before) && FIGURE.test(after)) return true
  if (DAY_OR_ORDINAL.test(before) && (MONTH.test(after) || ORDINAL.test(before))) return true
  return INITIAL.test(before) && AFTER_INITIAL.test(after) && !NO_NAME.test(after)
}

/** The sentences of a text in order, which together are the whole text. Memory in proportion to the text: cut a book before. */
export function* sentencesIn(text: string): Generator<SentenceSpan> {
  let start = 0
  for (const { segment, index } of SEGMENTER.segment(text)) {
    const end = index + segment.length
    const before = text.slice(Math.max(start, end - LOOKED_AT), end)
    if (end < text.length && goesOn(before, text.slice(end, end + LOOKED_AT))) continue
    yield { start, end, text: text.slice(start, end) }
    start = end
  }
}
