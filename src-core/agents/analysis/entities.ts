import type { Reading } from '../../memory/index.ts'
import type { Entity } from '../../vault/index.ts'

const MOST_ENTITIES = 12

const MONTHS =
  'january|february|march|april|may|june|july|august|september|october|november|december|januar|februar|märz|mai|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre'
const DAYS =
  'monday|tuesday|wednesday|thursday|friday|saturday|sunday|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|lunes|martes|miércoles|jueves|viernes|sábado|domingo'
const FIGURE = String.raw`\p{N}+(?:[.,\u00a0]\p{N}+)*`

/** In order: what an earlier one has taken, no later one takes. */
const PATTERNS: readonly (readonly [kind: Entity['kind'], pattern: RegExp])[] = [
  ['link', /\b(?:https?:\/\/|www\.)[^\s<>"'`]+[^\s<>"'`.,;:!?)\]]/giu],
  [
    'money',
    new RegExp(
      String.raw`[$€£¥]\s?${FIGURE}(?:\s?(?:million|billion|Mio\.?|Mrd\.?|millones))?|${FIGURE}\s?(?:[€£¥]|(?:euros?|dollars?|dólares|pounds|francs?|franken|USD|EUR|GBP|CHF)(?!\p{L}))`,
      'giu',
    ),
  ],
  [
    'date',
    new RegExp(
      String.raw`(?<!\p{N})\p{N}{4}-\p{N}{2}-\p{N}{2}(?!\p{N})|(?<!\p{N})\p{N}{1,2}[./]\p{N}{1,2}[./]\p{N}{2,4}(?!\p{N})|(?<![\p{L}\p{N}])(?:\p{N}{1,2}(?:st|nd|rd|th|\.)?\s(?:of\s|de\s)?)?(?:${MONTHS})(?:\s\p{N}{1,2}(?:st|nd|rd|th)?(?!\p{N}))?(?:,?\s(?:de\s)?\p{N}{4})?(?![\p{L}\p{N}])|(?<!\p{L})(?:${DAYS})(?!\p{L})|(?<![\p{L}\p{N}])(?:1[0-9]|20)\p{N}{2}(?:s|er)?(?![\p{L}\p{N}])`,
      'giu',
    ),
  ],
  [
    'number',
    new RegExp(
      String.raw`(?<![\p{L}\p{N}])[-−]?${FIGURE}\s?(?:%|°C?|percent|prozent|por ciento|(?:km|m|cm|mm|kg|g|mg|s|ms|h|min|Hz|kHz|MHz|GHz|V|W|J|N|K|mol|MB|GB|TB)(?![\p{L}\p{N}]))?`,
      'giu',
    ),
  ],
]
/** Small words that are also the name of a month: alone they are no date. */
const NO_DATE = /^(?:may|march|mai)$/iu

/** Who, where, when and how much: names as the grammar reads them, the rest by its form; in the order of their places. */
export function entitiesIn(text: string, { terms }: Reading): Entity[] {
  const found: (Entity & { start: number; end: number })[] = terms.flatMap(({ type, surface, names, start, end }) =>
    type === 'name' ? [{ kind: names ?? ('name' as const), text: surface, start, end }] : [],
  )
  for (const [kind, pattern] of PATTERNS) {
    for (const { index, 0: match } of text.matchAll(pattern)) {
      const [start, end] = [index, index + match.length]
      if (kind === 'date' && NO_DATE.test(match)) continue
      if (!found.some((one) => start < one.end && one.start < end)) found.push({ kind, text: match.trim(), start, end })
    }
  }
  return eachOnce(found.sort((a, b) => a.start - b.start).map(({ kind, text: entity }) => ({ kind, text: entity })))
}

/** The first of each kind and name, at most {@link MOST_ENTITIES}. */
export function eachOnce(entities: readonly Entity[]): Entity[] {
  const named = new Map<string, Entity>()
  for (const entity of entities) {
    const key = `${entity.kind} ${entity.text.toLowerCase()}`
    if (!named.has(key)) named.set(key, entity)
  }
  return [...named.values()].slice(0, MOST_ENTITIES)
}
