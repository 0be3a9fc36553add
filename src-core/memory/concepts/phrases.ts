import { CONNECTING_WORDS } from './cues.ts'
import { isInstruction } from './instructions.ts'
import { calendarWordsOf, stopWordsOf, type TextLanguage } from './language.ts'
import { normalTerm } from './terms.ts'
import type { Mention } from './types.ts'

/** Phrases of texts in languages for which there is no grammar here: runs of words between little words (RAKE, Rose et al. 2010). */

const LONGEST_PHRASE = 3
/** Languages that join two nouns with a little word, such as "ciclo de Calvin". */
const JOINING: readonly TextLanguage[] = ['spa', 'por', 'fra', 'ita']
const JOINTS = new Set(['de', 'del', 'di', 'do', 'da', 'du'])
const UNSPACED: readonly TextLanguage[] = ['zho', 'jpn', 'tha']

/** @param offset of the sentence in its text */
export function plainPhrases(sentence: string, offset: number, language: TextLanguage): Mention[] {
  const stop = stopWordsOf(language)
  const calendar = calendarWordsOf(language)
  const unspaced = UNSPACED.includes(language)
  const mentions: Mention[] = []
  let run: { text: string; start: number; end: number }[] = []
  /** A joint that stands behind the run. */
  let joint = false
  let isFirst = true
  const flush = () => {
    joint = false
    // German writes what a phrase is about with a capital: anything else at its end is no noun.
    while (language === 'deu' && run.length > 0 && !/^\p{Lu}/u.test(run.at(-1)?.text ?? '')) run.pop()
    const words = run.slice(-LONGEST_PHRASE)
    run = []
    const [first, last] = [words[0], words.at(-1)]
    if (!first || !last || words.every(({ text }) => calendar.has(text.toLowerCase()))) return
    const surface = sentence.slice(first.start, last.end)
    const mention = mentionOf(surface, offset + first.start, offset + last.end)
    if (mention) mentions.push(mention)
  }
  for (const part of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(sentence)) {
    const { segment, index } = part
    const word = segment.toLowerCase()
    const isLittle = stop.has(word) || CONNECTING_WORDS.has(word) || isInstruction(word, language, isFirst)
    const carries = part.isWordLike === true && !isLittle && /\p{L}/u.test(segment)
    if (part.isWordLike) isFirst = false
    if (carries && (unspaced ? segment.length > 1 : segment.length > 2)) {
      // What is joined ends there: of "el ciclo de Calvin termina" the verb is no part.
      const isJoined = joint
      run.push({ text: segment, start: index, end: index + segment.length })
      // Words stand side by side there without belonging together.
      if (unspaced || isJoined) flush()
    } else if (JOINING.includes(language) && JOINTS.has(word) && run.length > 0) {
      joint = true
    } else if (part.isWordLike || /[^\s-]/u.test(segment)) flush()
  }
  flush()
  return mentions
}

/** A mention, or undefined for what cannot be the name of anything. */
export function mentionOf(surface: string, start: number, end: number, name = false): Mention | undefined {
  const normal = normalTerm(surface)
  const letters = surface.match(/\p{L}/gu)?.length ?? 0
  if (normal === '' || normal.length > LONGEST_TERM || letters < 2 || IDENTIFIER.test(surface)) return undefined
  const isShort = /^\p{Lu}[\p{Lu}\p{N}]{1,7}s?$/u.test(surface)
  return { start, end, surface, normal, type: isShort ? 'short' : name ? 'name' : 'term' }
}

/** UTF-16 code units. */
const LONGEST_TERM = 80
/** A UUID, a hash, or a part of one: what machines call something. */
const IDENTIFIER = /(?<!\S)(?=(?:[a-f-]*\d){4})[\da-f-]{16,}(?!\S)/i
