import { supportOf } from '../memory/index.ts'
import type { Citation } from '../vault/index.ts'

/** What stands in an answer in place of a citation that does not hold. */
export const UNSUPPORTED = '[?]'

/** `[n]` or `[n, m]`, with the blanks before it. A number of three figures is no passage. */
const MARK = /[ \t]*\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]/g
/** The end of a sentence with what closes it. "12. Dezember" ends none, and neither does what goes on with a small letter. */
const SENTENCE_END = /(?:(?<!(?<!\p{N})\p{N}{1,2})\.|[!?。！？])[)"”“»]*\s+(?!\p{Ll})|\n+/gu

/** Something that a text may name by its number. */
export interface Offered {
  number: number
  /** What it says, word for word. */
  text: string
}

/** UTF-16 code units within what was offered; end exclusive. */
interface Span {
  start: number
  end: number
}

interface Mark {
  start: number
  end: number
  numbers: number[]
}

/**
 * An answer's citations, each checked against the place that it names and narrowed to the sentences that say it. Where the place does not say what
 * the answer claims, or was never offered, `[?]` stands instead of the number, and the learner sees that nothing holds the claim.
 */
export function checkedCitations(text: string, offered: readonly Citation[]): { text: string; citations: Citation[] } {
  const { text: checked, held } = checkedMarks(text, offered)
  const citations = offered.flatMap((citation) => {
    const span = held.get(citation.number)
    return span ? [narrowed(citation, span)] : []
  })
  return { text: checked, citations }
}

/** The same of whatever a text may name: the text with `[?]` where nothing holds, and where each number that holds says it. */
export function checkedMarks(text: string, offered: readonly Offered[]): { text: string; held: Map<number, Span> } {
  const byNumber = new Map(offered.map((one) => [one.number, one]))
  const held = new Map<number, Span>()
  const marks = marksIn(text, byNumber)
  let checked = ''
  let done = 0
  for (const [place, mark] of marks.entries()) {
    const claim = claimOf(text, marks, place)
    const holding = mark.numbers.filter((number) => {
      const one = byNumber.get(number)
      const support = one && supportOf(claim, one.text)
      if (!support?.holds) return false
      const before = held.get(number)
      held.set(number, {
        start: Math.min(support.start, before?.start ?? support.start),
        end: Math.max(support.end, before?.end ?? support.end),
      })
      return true
    })
    const written = text.slice(mark.start, mark.end)
    const blanks = written.slice(0, written.indexOf('['))
    checked += text.slice(done, mark.start) + blanks + (holding.length > 0 ? `[${holding.join(', ')}]` : UNSUPPORTED)
    done = mark.end
  }
  return { text: checked + text.slice(done), held }
}

/** The citation cut to a part of its place. */
export function narrowed(citation: Citation, { start, end }: Span): Citation {
  return {
    ...citation,
    start: citation.start + start,
    end: citation.start + end,
    text: citation.text.slice(start, end),
  }
}

/** The text with other numbers in its marks. */
export function renumbered(text: string, numbers: ReadonlyMap<number, number>): string {
  return text.replace(MARK, (written, list: string) => {
    const named = list.split(',').map(Number)
    if (!named.every((number) => numbers.has(number))) return written
    return `${written.slice(0, written.indexOf('['))}[${named.map((number) => numbers.get(number)).join(', ')}]`
  })
}

/** Citations in order. A number that was never offered is one only where it stands like one: `a[0]` is an element of a list. */
function marksIn(text: string, offered: ReadonlyMap<number, unknown>): Mark[] {
  return Array.from(text.matchAll(MARK), ({ 0: written, 1: list = '', index }) => ({
    start: index,
    end: index + written.length,
    numbers: [...new Set(list.split(',').map(Number))],
    isApart: written.startsWith(' ') || index === 0 || /[\s.,;:!?"”“»)\]]/u.test(text[index - 1] ?? ''),
  })).filter(({ numbers, isApart }) => isApart || numbers.some((number) => offered.has(number)))
}

/**
 * The words that a citation is to hold: of its sentence what stands before it, from the citation before on; of neighbouring citations all hold the
 * same. Where nothing stands before it ("According to [1], ..."), what comes after.
 */
function claimOf(text: string, marks: readonly Mark[], place: number): string {
  const mark = marks[place] as Mark
  let first = place
  while (first > 0 && !hasWords(text.slice(marks[first - 1]?.end, marks[first]?.start))) first -= 1
  const end = marks[first]?.start ?? mark.start
  const begin = marks[first - 1]?.end ?? 0
  const before = text.slice(Math.max(begin, sentenceStart(text, end)), end)
  if (hasWords(before)) return before
  const next = marks.slice(place + 1).find((other) => hasWords(text.slice(mark.end, other.start)))
  const after = text.slice(mark.end, next?.start ?? text.length)
  return after.split(SENTENCE_END)[0] ?? after
}

/** Words that only lead to a claim ("According to", "As you said") are none of their own. */
function hasWords(text: string): boolean {
  return /\p{L}/u.test(
    text.replace(/\b(?:according to|as (?:in|you said in)|see|in|laut|nach|siehe|wie in|según|en|véase)\b/giu, ''),
  )
}

/** Where the sentence begins that ends at or holds a place. */
function sentenceStart(text: string, place: number): number {
  const before = text.slice(0, place).replace(/[\s.!?…)"”“»]+$/u, '')
  let start = 0
  for (const { index, 0: ending } of before.matchAll(SENTENCE_END)) start = index + ending.length
  return start
}
