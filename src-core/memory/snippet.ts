import { analysedText } from './language/analysed-texts.ts'
import type { SearchHit } from './types.ts'

export type SnippetPiece = SearchHit['snippet'][number]

/** What a snippet marks. */
export interface Sought {
  /** Index forms of the query's words, each with the word as it was typed. */
  forms: ReadonlyMap<string, string>
  /** Text that was looked for literally, or undefined. */
  literal?: string | undefined
}

/** Length that a snippet has at most, in UTF-16 code units. */
export const SNIPPET_LENGTH = 240
/** Part of the snippet that stands before the first mark where the text allows it. */
const LEAD = 60
const ELLIPSIS = '…'

/** A place of a text that matches, and which of the query's words it matches. */
export interface Mark {
  start: number
  end: number
  /** The query's word. */
  word: string
}

/** The query's words, as they were typed, that are marked; each once, in the query's order. */
export function matchedWords(marks: readonly Mark[], sought: Sought): string[] {
  const found = new Set(marks.map((mark) => mark.word))
  return [...new Set(sought.literal === undefined ? sought.forms.values() : [sought.literal])].filter((word) =>
    found.has(word),
  )
}

/**
 * The stretch of a text that holds most of the query's words, in pieces: plain text, never markup, so that it cannot be anything but shown.
 * Without the ellipses at its ends it is an exact slice of the text.
 */
export function snippetOf(text: string, marks: readonly Mark[]): SnippetPiece[] {
  const { start, end } = window(text, marks)
  const pieces: SnippetPiece[] = []
  const push = (piece: string, marked: boolean) => {
    const last = pieces.at(-1)
    if (piece === '') return
    if (last && last.marked === marked) last.text += piece
    else pieces.push({ text: piece, marked })
  }
  if (start > 0) push(ELLIPSIS, false)
  let place = start
  for (const mark of marks) {
    if (mark.start < place || mark.end > end) continue
    push(text.slice(place, mark.start), false)
    push(text.slice(mark.start, mark.end), true)
    place = mark.end
  }
  push(text.slice(place, end), false)
  if (end < text.length) push(ELLIPSIS, false)
  return pieces
}

/**
 * Where a text matches, in order and without overlap.
 * @param language of the text, as far as it is known
 */
export function marksOf(text: string, { forms, literal }: Sought, language: string | null = null): Mark[] {
  if (literal !== undefined) return literalMarks(text, literal)
  const marks: Mark[] = []
  if (forms.size === 0) return marks
  const { words, forms: formsOf, starts } = analysedText(text, language)
  for (let place = 0; place < words.length; place += 1) {
    const word = soughtWord(formsOf[place] as readonly string[], forms)
    if (word === undefined) continue
    const start = starts[place] as number
    marks.push({ start, end: start + (words[place] as string).length, word })
  }
  return marks
}

/** The query's word that the first of a word's forms stands for which is sought. */
function soughtWord(own: readonly string[], forms: Sought['forms']): string | undefined {
  for (let place = 0; place < own.length; place += 1) {
    const word = forms.get(own[place] as string)
    if (word !== undefined) return word
  }
  return undefined
}

function literalMarks(text: string, literal: string): Mark[] {
  const pattern = new RegExp(literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'), 'giu')
  return Array.from(text.matchAll(pattern), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    word: literal,
  }))
}

/** The window with the most different words of the query; of several, the one with the most marks; of these, the first. */
function window(text: string, marks: readonly Mark[]): { start: number; end: number } {
  if (text.length <= SNIPPET_LENGTH) return { start: 0, end: text.length }
  const [first] = marks
  if (!first) return { start: 0, end: cutBefore(text, 0, SNIPPET_LENGTH) }
  const room = SNIPPET_LENGTH - LEAD
  let best = { from: first.start, to: first.end, different: 0, marks: 0 }
  const counts = new Map<string, number>()
  let left = 0
  for (const [right, mark] of marks.entries()) {
    counts.set(mark.word, (counts.get(mark.word) ?? 0) + 1)
    for (let oldest = marks[left]; oldest && left < right && mark.end - oldest.start > room; oldest = marks[left]) {
      const count = (counts.get(oldest.word) ?? 1) - 1
      if (count === 0) counts.delete(oldest.word)
      else counts.set(oldest.word, count)
      left += 1
    }
    const size = right - left + 1
    if (counts.size > best.different || (counts.size === best.different && size > best.marks)) {
      best = { from: marks[left]?.start ?? mark.start, to: mark.end, different: counts.size, marks: size }
    }
  }
  const spare = Math.max(LEAD, SNIPPET_LENGTH - (best.to - best.from)) - LEAD
  const start = cutAfter(text, Math.max(0, Math.min(best.from - LEAD, text.length - SNIPPET_LENGTH)), best.from)
  const end = cutBefore(text, best.to, Math.min(text.length, Math.max(best.to + spare, start + SNIPPET_LENGTH)))
  return { start, end }
}

/** The first word's beginning at or after `place`, at most `latest`. */
function cutAfter(text: string, place: number, latest: number): number {
  if (place === 0) return 0
  const blank = text.slice(place - 1, latest).search(/\s/)
  return blank < 0 ? outsidePair(text, place) : Math.min(latest, place + blank)
}

/** The last word's end at or before `place`, at least `earliest`. */
function cutBefore(text: string, earliest: number, place: number): number {
  if (place === text.length) return place
  const part = text.slice(earliest, place + 1)
  const blank = part.search(/\s\S*$/)
  return blank < 0 ? outsidePair(text, place) : earliest + blank
}

function outsidePair(text: string, place: number): number {
  return /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(place - 1, place + 1)) ? place - 1 : place
}
