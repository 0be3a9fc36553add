import { sentencesIn } from '../../kernel/index.ts'

/** One place that something was said at, under the number that the learner sees. */
export interface Said {
  number: number
  text: string
}

/** Two places that speak of the same thing and do not say the same. */
export interface Disagreement {
  /** `figures`: other numbers or dates; `denial`: one says what the other denies. */
  by: 'figures' | 'denial'
  one: Said
  other: Said
}

/** Sentences with so many telling words in common, and such a part of those of the shorter one, speak of the same. */
const LEAST_COMMON = 2
const LEAST_SHARE = 0.6
/** Shorter words tell little, but for figures. */
const TELLING_LENGTH = 4
const LONGEST_SENTENCE = 300

const FIGURES = /\d+(?:[.,]\d+)*/g
const DENIALS =
  /(?<!\p{L})(?:not|no|never|neither|nor|cannot|nicht|kein|keine|keinen|keinem|keiner|nie|niemals|weder|nunca|jamás|tampoco|ni)(?!\p{L})|n['’]t(?!\p{L})|(?<!\p{L})no(?=\s+(?:es|son|fue|hay|se|ha|han|tiene)(?!\p{L}))/iu

/**
 * Finds where places disagree, by simple means: sentences of two places with the same words but other figures, or of which one denies. What
 * is put in other words is not found, and a sentence about a part of a thing may be taken for one about the whole: so it is told as a question
 * to look at, with both places.
 * @returns each pair of places once, as they come
 */
export function disagreementsAmong(places: readonly Said[]): Disagreement[] {
  const sentences = places.map(({ number, text }) => sentencesOf(text).map((sentence) => ({ number, ...sentence })))
  const found: Disagreement[] = []
  for (const [at, ones] of sentences.entries()) {
    for (const others of sentences.slice(at + 1)) {
      const pair = ones
        .flatMap((one) => others.map((other) => ({ one, other, by: differenceOf(one, other) })))
        .find(({ by }) => by !== null)
      if (!pair?.by) continue
      const { one, other, by } = pair
      found.push({ by, one: { number: one.number, text: one.text }, other: { number: other.number, text: other.text } })
    }
  }
  return found
}

interface Sentence {
  text: string
  words: ReadonlySet<string>
  figures: ReadonlySet<string>
  isDenial: boolean
}

function sentencesOf(text: string): Sentence[] {
  return Array.from(sentencesIn(text), (sentence) => sentence.text.trim())
    .filter((sentence) => sentence !== '' && sentence.length <= LONGEST_SENTENCE && !/[?？]$/.test(sentence))
    .map((sentence) => ({
      text: sentence,
      words: new Set(
        (sentence.toLowerCase().match(/\p{L}+/gu) ?? []).filter(
          (word) => word.length >= TELLING_LENGTH && !DENIALS.test(word),
        ),
      ),
      figures: new Set(sentence.match(FIGURES)?.map((figure) => figure.replaceAll(',', '.')) ?? []),
      isDenial: DENIALS.test(sentence),
    }))
}

function differenceOf(one: Sentence, other: Sentence): Disagreement['by'] | null {
  const common = [...one.words].filter((word) => other.words.has(word)).length
  if (common < LEAST_COMMON || common < LEAST_SHARE * Math.min(one.words.size, other.words.size)) return null
  const same = [...one.figures].filter((figure) => other.figures.has(figure)).length
  if (one.figures.size > 0 && other.figures.size > 0 && same === 0) return 'figures'
  const isSameFigures = same === Math.max(one.figures.size, other.figures.size)
  return one.isDenial !== other.isDenial && isSameFigures ? 'denial' : null
}
