import type { Passage } from '../../types.ts'
import type { TutorLanguage } from './language.ts'
import { type Sentence, sentencesOf } from './sentences.ts'
import type { QuestionKind } from './utterance.ts'
import { fold, stemsMatch, wordsOf } from './words.ts'

/** What is looked for. */
export interface Query {
  content: readonly string[]
  /** General words; they only help to choose between sentences that hold the content. */
  weak: readonly string[]
  kind: QuestionKind
}

export interface Evidence {
  sentence: Sentence
  score: number
  /** Members of `Query.content` that the sentence holds. */
  covered: ReadonlySet<string>
  /** The sentence only tells that the learner is busy with the subject ("I am learning how ..."); it answers nothing. */
  isMention: boolean
}

/** How much of the passages is looked at. */
const MOST_PASSAGES = 50

const WEAK_WEIGHT = 0.35
/** Sentences of fewer words say little and those of more are hard to follow. */
const FEWEST_WORDS = 4
const MOST_WORDS = 45

/** Two sentences that share this part of their words say the same. */
const SAME = 0.7

export function queryOf(text: string, kind: QuestionKind, language: TutorLanguage): Query {
  const words = wordsOf(text, language)
  const stems = (wanted: 'content' | 'weak') => [
    ...new Set(words.filter((word) => word.kind === wanted).map((word) => word.stem)),
  ]
  const content = stems('content')
  // "What is an example of a question?" has only general words; then they are the subject.
  return content.length > 0 ? { content, weak: stems('weak'), kind } : { content: stems('weak'), weak: [], kind }
}

/**
 * Every sentence that holds a word of the query, best first. The weight of a word falls with the number of sentences that hold it (the
 * inverse document frequency of BM25, Robertson and Sparck Jones 1976), so that rare words decide; sentences that have the form of an
 * answer to this kind of question come first among equals.
 */
export function findEvidence(passages: readonly Passage[], query: Query, language: TutorLanguage): Evidence[] {
  const sentences = passages.slice(0, MOST_PASSAGES).flatMap((passage) => sentencesOf(passage, language))
  const vocabulary = new Map<string, Set<Sentence>>()
  for (const sentence of sentences) {
    for (const { stem } of sentence.words) {
      const holding = vocabulary.get(stem) ?? new Set()
      vocabulary.set(stem, holding.add(sentence))
    }
  }
  const holders = new Map<string, Set<Sentence>>()
  for (const wanted of [...query.content, ...query.weak]) {
    const matching = [...vocabulary].filter(([stem]) => stemsMatch(stem, wanted)).flatMap(([, held]) => [...held])
    holders.set(wanted, new Set(matching))
  }
  const weight = (stem: string) => {
    const count = holders.get(stem)?.size ?? 0
    return Math.log(1 + (sentences.length - count + 0.5) / (count + 0.5)) + 0.5
  }
  return sentences
    .map((sentence) => {
      const held = (stem: string) => holders.get(stem)?.has(sentence) === true
      const covered = new Set(query.content.filter(held))
      const base =
        [...covered].reduce((sum, stem) => sum + weight(stem), 0) +
        query.weak.filter(held).reduce((sum, stem) => sum + WEAK_WEIGHT * weight(stem), 0)
      const isMention = MENTIONS[language].test(fold(sentence.quote))
      const form = (1 + shapeBonus(sentence, query.kind, language)) * lengthFactor(sentence) * (isMention ? 0.4 : 1)
      return { sentence, covered, isMention, score: base * form * (1 + 0.25 * sentence.passage.score) }
    })
    .filter((evidence) => evidence.covered.size > 0)
    .sort(
      (a, b) =>
        b.score - a.score ||
        a.sentence.passage.number - b.sentence.passage.number ||
        a.sentence.ordinal - b.sentence.ordinal,
    )
}

/** Part of the query's content that the sentences hold together, from 0 to 1. */
export function coverage(query: Query, evidence: readonly Evidence[]): number {
  if (query.content.length === 0) return 0
  const covered = new Set(evidence.flatMap((one) => [...one.covered]))
  return covered.size / query.content.length
}

/** Whether two texts have nearly the same words. */
export function isSame(a: string, b: string, language: TutorLanguage): boolean {
  const left = new Set(wordsOf(a, language).map((word) => word.stem))
  const right = new Set(wordsOf(b, language).map((word) => word.stem))
  const shared = [...left].filter((stem) => right.has(stem)).length
  return shared / Math.max(1, left.size + right.size - shared) >= SAME
}

/**
 * Up to `most` sentences for one answer: the best one, then such as add a word of the query that is still missing, or for an overview
 * such as are about as good and say something else.
 */
export function pickQuotes(
  evidence: readonly Evidence[],
  query: Query,
  most: number,
  language: TutorLanguage,
): Evidence[] {
  const [best, ...rest] = evidence
  if (!best) return []
  const picked = [best]
  for (const candidate of rest) {
    if (picked.length >= most) break
    if (picked.some((one) => isSame(one.sentence.quote, candidate.sentence.quote, language))) continue
    const known = new Set(picked.flatMap((one) => [...one.covered]))
    const adds = [...candidate.covered].some((stem) => !known.has(stem))
    const isAsGood = query.kind === 'overview' && candidate.score >= best.score * 0.5
    if (adds || isAsGood) picked.push(candidate)
  }
  return picked
}

function lengthFactor({ words }: Sentence): number {
  if (words.length < FEWEST_WORDS) return 0.6
  return words.length > MOST_WORDS ? 0.85 : 1
}

function shapeBonus({ quote }: Sentence, kind: QuestionKind, language: TutorLanguage): number {
  const shape = SHAPES[language][kind]
  if (!shape) return 0
  // Names show by their capitals, everything else by words.
  const text = kind === 'who' || kind === 'where' ? quote : fold(quote)
  return shape.test(text) ? 0.5 : 0
}

/** The learner tells what they are busy with, and not what they found out. */
const MENTIONS: Record<TutorLanguage, RegExp> = {
  en: /^(?:today |so |now |right now |currently |and )*(?:i(?:'m| am| have been|'ve been| was)? (?:now |currently |just |still |also |really )*(?:learning|studying|reading|looking into|looking at|trying to|starting|exploring|curious|wondering|interested|working on|going to)\b|i (?:want|need|would like|wonder|started|have|plan|hope)(?: to)? (?:learn|understand|know|study|read|look|find|figure|how|what|why|if)\b|i(?:'d| would) like to\b|let's talk about\b|i have a question\b|can you\b|tell me\b)/,
  de: /^(?:heute |jetzt |gerade |also |und )*(?:ich )?(?:lerne|lese|beschaftige|versuche|mochte|will|wollte|frage mich|interessiere|schaue)\b/,
  es: /^(?:hoy |ahora |y )*(?:(?:yo )?estoy (?:aprendiendo|estudiando|leyendo|intentando|mirando)|quiero (?:aprender|entender|saber|estudiar)|quisiera|me interesa|me pregunto|voy a)\b/,
}

/** What a sentence that answers such a question looks like. */
const SHAPES: Record<TutorLanguage, Partial<Record<QuestionKind, RegExp>>> = {
  en: {
    what: /^(?:the |a |an )?(?:[\w'-]+ ){1,5}(?:is|are|was|were|means|refers|describes|stands for)\b/,
    why: /\b(because|since|so that|due to|therefore|thus|reason|causes?|leads? to|in order to|to avoid|otherwise)\b/,
    how: /\b(by|using|through|via|with|first|then|steps?|works?|computes?|turns?|multipl|divid)\w*\b/,
    when: /\b(\d{3,4}|\d{1,2}(st|nd|rd|th)|january|february|march|april|may|june|july|august|september|october|november|december|century|years?|ago|during|before|after|when)\b/,
    where: /\b(?:in|at|near|inside|on|from|between|within)\s(?:the\s)?[\p{L}]/u,
    who: /\p{Ll}\S*\s+(?:by\s+)?\p{Lu}\p{Ll}+|^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u,
    amount:
      /\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|hundred|thousand|million|billion|half|twice)\b/,
    compare: /\b(while|whereas|but|unlike|than|instead|rather|both|compared|differs?|in contrast)\b/,
  },
  de: {
    what: /^(?:der |die |das |ein |eine )?(?:\S+ ){1,5}(?:ist|sind|war|waren|bedeutet|heisst|bezeichnet)\b/,
    why: /\b(weil|denn|da|damit|deshalb|daher|deswegen|darum|grund|fuhrt)\b/,
    how: /\b(indem|durch|mit|mittels|zuerst|dann|schritt)\w*\b/,
    when: /\b(\d{3,4}|jahrhundert|jahre?n?|vor|wahrend|nachdem|als|januar|februar|marz|april|mai|juni|juli|august|september|oktober|november|dezember)\b/,
    where: /\b(?:in|im|am|an|bei|auf|zwischen|aus)\s\p{L}/u,
    who: /\bvon\s+\p{Lu}\p{Ll}+|^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u,
    amount: /\d|\b(zwei|drei|vier|funf|sechs|sieben|acht|neun|zehn|hundert|tausend|million\w*|halb\w*)\b/,
    compare: /\b(wahrend|hingegen|aber|als|anders|statt|beide|unterscheid\w*|im gegensatz)\b/,
  },
  es: {
    what: /^(?:el |la |los |las |un |una )?(?:\S+ ){1,5}(?:es|son|fue|era|significa|se refiere)\b/,
    why: /\b(porque|ya que|debido|por eso|para que|puesto que|causa|razon)\b/,
    how: /\b(mediante|usando|por medio|con|primero|luego|paso)\w*\b/,
    when: /\b(\d{3,4}|siglo|anos?|hace|durante|antes|despues|cuando|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b/,
    where: /\b(?:en|cerca de|dentro de|entre|desde)\s\p{L}/u,
    who: /\bpor\s+\p{Lu}\p{Ll}+|^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+/u,
    amount: /\d|\b(dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|cien|mil|millon\w*|mitad)\b/,
    compare: /\b(mientras|pero|en cambio|a diferencia|que|ambos|distint\w*|en vez)\b/,
  },
}
