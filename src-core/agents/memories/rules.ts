import type { NewMemory, StatementKind } from '../../vault/index.ts'
import { german } from './rules-de.ts'
import { english } from './rules-en.ts'
import { spanish } from './rules-es.ts'

/** How one language tells of oneself. All parts are sources of regular expressions that ignore case. */
export interface LanguageRules {
  /** Words that may stand before such a clause. */
  openers: string
  /** Words before it that make it something else: a condition, another's words, a sentence to work on. */
  barriers: string
  /** What ends the clause although the sentence goes on. */
  ends: string
  /** Words that make it a wish of this moment. */
  once: string
  rules: StatementRule[]
}

export interface StatementRule {
  kind: StatementKind
  /** How the clause begins. */
  starts: string
  /** What it says, where only one such thing is true at a time. */
  about?: string
  /** Where that depends on the words: `name` and what the group holds. */
  slot?: RegExp
  name?: string
}

/** A statement and the span that it is: the learner's own words. */
export interface DrawnStatement extends Omit<NewMemory, 'receipt'> {
  about: string | null
  start: number
  end: number
}

/** Fewest and most code units of a statement. */
const SHORTEST = 6
export const LONGEST_STATEMENT_TEXT = 200
/** Text beyond this is not looked at: whoever pastes a page does not speak of themselves. */
const MOST_TEXT = 4_000
/** Statements that one capture may give. */
const MOST_STATEMENTS = 5

const LANGUAGES = [english, german, spanish].map((language) => ({
  prefix: new RegExp(`^\\s*(?:(?:${language.openers})(?![\\p{L}'])[\\s,:!.–—-]*)*$`, 'iu'),
  barriers: new RegExp(language.barriers, 'iu'),
  ends: new RegExp(language.ends, 'iu'),
  once: new RegExp(language.once, 'iu'),
  rules: language.rules.map((rule) => ({ ...rule, pattern: new RegExp(`(?<![\\p{L}'’])(?:${rule.starts})`, 'giu') })),
}))

/**
 * Statements about the learner in what they said, found by how English, German and Spanish tell of oneself. Each is a span of the text,
 * word for word. Precise rather than complete: see `test/sets/learner-statements.jsonl`.
 */
export function drawStatements(said: string): DrawnStatement[] {
  // Apostrophes of keyboards and of type are one; the length stays.
  const text = withoutQuoted(said.slice(0, MOST_TEXT).replaceAll('’', "'"))
  const drawn = sentencesOf(text).flatMap((sentence) => fromSentence(text, sentence, said))
  return drawn
    .sort((a, b) => a.start - b.start)
    .filter(
      (each, index, all) => all.findIndex((other) => other.start <= each.start && each.start < other.end) === index,
    )
    .slice(0, MOST_STATEMENTS)
}

/** Whether a span is the learner's own assertion: not quoted, asked, supposed or told by somebody else. */
export function isOwnClause(said: string, start: number, end: number): boolean {
  const text = withoutQuoted(said.replaceAll('’', "'"))
  if (text.slice(start, end).includes(BLANK)) return false
  const sentence = sentencesOf(text).find((each) => each.start <= start && end <= each.end)
  if (!sentence || /[?¿]/.test(text.slice(sentence.start, sentence.end))) return false
  const before = text.slice(sentence.start, start)
  return LANGUAGES.every(({ barriers }) => !barriers.test(before))
}

interface Sentence {
  start: number
  end: number
}

function fromSentence(text: string, { start, end }: Sentence, said: string): DrawnStatement[] {
  const sentence = text.slice(start, end)
  const isQuestion = sentence.trimEnd().endsWith('?')
  const drawn: DrawnStatement[] = []
  for (const language of LANGUAGES) {
    for (const rule of language.rules) {
      for (const match of sentence.matchAll(rule.pattern)) {
        const before = sentence.slice(0, match.index)
        if (!isClauseStart(before, language.prefix) || language.barriers.test(before)) continue
        const length = clauseLength(sentence.slice(match.index), match[0].length, language.ends)
        const isCut = match.index + length < sentence.trimEnd().replace(/[?!.…]+$/, '').length
        const clause = sentence.slice(match.index, match.index + length)
        if (isQuestion && (!isCut || /[¿]/.test(before))) continue
        if (language.once.test(clause) || clause.length < SHORTEST || clause.length > LONGEST_STATEMENT_TEXT) continue
        const from = start + match.index
        const slot = rule.slot?.exec(clause)?.[1]
        drawn.push({
          text: said.slice(from, from + length),
          kind: rule.kind,
          about: slot && rule.name ? `${rule.name}:${slot.toLowerCase()}` : (rule.about ?? null),
          start: from,
          end: from + length,
        })
        break
      }
    }
  }
  return drawn
}

/** At the beginning of the sentence, after words that only lead in, or after a comma or the like. */
function isClauseStart(before: string, prefix: RegExp): boolean {
  const clause = before.slice(Math.max(...[',', ';', ':', '–', '—', '('].map((mark) => before.lastIndexOf(mark))) + 1)
  return (
    prefix.test(clause) ||
    prefix.test(before) ||
    /(?:^|\s)(?:and|but|because|since|und|aber|denn|weil|y|pero|porque) $/i.test(clause)
  )
}

/** Up to what ends the clause. A comma ends it, unless a list or an addition without a verb goes on. */
function clauseLength(rest: string, least: number, ends: RegExp): number {
  const body = rest.slice(least)
  const stops = [body.length]
  const end = ends.exec(body)
  if (end) stops.push(end.index)
  const mark =
    /\s*(?:[;:(–—]|\s-\s|,\s*(?=(?:so|but|and|can|could|would|please|what|how|why|which|i|my|it|he|she|they|you|this|that|if|when|who|do|does|is|are|because|aber|und|kannst|könntest|bitte|was|wie|warum|ich|mein|meine|es|das|wenn|also|denn|weil|pero|y|puedes|podrías|qué|cómo|por|yo|mi|me|si|cuando|porque|así|no|ok|right|oder|verdad|gell)(?![\p{L}])))/iu.exec(
      body,
    )
  if (mark) stops.push(mark.index)
  const length = least + Math.min(...stops)
  return rest.slice(0, length).replace(/[\s.,!?…]+$/, '').length
}

/** Words that are not the learner's own, between marks of quotation, in code and on quoted lines, become blanks of the same length. */
function withoutQuoted(text: string): string {
  return text
    .replace(/```[\s\S]*?(?:```|$)|`[^`\n]*`/g, blank)
    .replace(/^[ \t]*>.*$/gm, blank)
    .replace(/["“„«»][^"“”„«»\n]{1,400}["”“»«]/g, blank)
    .replace(/(?<![\p{L}\p{N}])'[^'\n]{2,200}'(?![\p{L}])/gu, blank)
}

const BLANK = '\u0001'

function blank(text: string): string {
  return text.replace(/[^\n]/g, BLANK)
}

function sentencesOf(text: string): Sentence[] {
  const sentences: Sentence[] = []
  for (const match of text.matchAll(/[^.!?…\n]+(?:[.!?…]+(?=\S)[^.!?…\n]*)*[.!?…]*/g)) {
    sentences.push({ start: match.index, end: match.index + match[0].length })
  }
  return sentences
}
