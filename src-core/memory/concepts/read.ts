import { sentencesIn } from '../../kernel/index.ts'
import { type Abbreviation, abbreviationsOf } from './abbreviations.ts'
import { connection, isExplained } from './cues.ts'
import { englishPhrases } from './english.ts'
import { languageOf, stopWordsOf, type TextLanguage } from './language.ts'
import { mentionOf, plainPhrases } from './phrases.ts'
import { normalTerm } from './terms.ts'
import type { Mention, Reading, ReadRelation, ReadTerm } from './types.ts'

/** Version of this way of reading: texts that another version read are read again. */
export const EXTRACTOR = '7'

/** Terms that are kept of a text: one for so many words, between these. */
const WORDS_FOR_A_TERM = 8
const FEWEST_TERMS = 8
const MOST_TERMS = 80
/** UTF-16 code units of a sentence that is looked at whole; what is longer is cut. */
const LONGEST_SENTENCE = 1_000
const LONGEST_DEFINITION = 300

/** Reads one text for concepts, without a language model. Any string. */
export function readText(text: string): Reading {
  const words = text.match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu) ?? []
  const language = languageOf(words.flatMap((word) => (word.length > 12 ? segmented(word) : [word])))
  const found = new Found()
  for (const { start, end } of sentencesOf(text)) readSentence(text, start, end, language, found)
  const most = Math.min(MOST_TERMS, Math.max(FEWEST_TERMS, Math.ceil(words.length / WORDS_FOR_A_TERM)))
  return found.reading(most)
}

function readSentence(text: string, start: number, end: number, language: TextLanguage, found: Found): void {
  const sentence = text.slice(start, end)
  const phrases = language === 'eng' ? englishPhrases(sentence, start) : plainPhrases(sentence, start, language)
  const abbreviations = abbreviationsOf(sentence, start)
  const mentions = withAbbreviations(phrases, abbreviations, language)
  for (const mention of mentions) found.add(mention)
  for (const { short, long } of abbreviations)
    found.relate({ from: normalTerm(short.text), to: normalTerm(long.text), relation: 'abbreviation', start, end })
  for (const [index, mention] of mentions.entries()) {
    const next = mentions[index + 1]
    if (index === 0 && isExplained(text.slice(mention.end, end)))
      found.explain(mention.normal, sentence.trim().slice(0, LONGEST_DEFINITION))
    if (!next || next.normal === mention.normal) continue
    const said = connection(text.slice(start, mention.start), text.slice(mention.end, next.start))
    if (!said) continue
    const [from, to] = said.backwards ? [next, mention] : [mention, next]
    found.relate({ from: from.normal, to: to.normal, relation: said.relation, start, end })
  }
}

/** What an abbreviation says is a phrase, whatever the grammar made of the words. A short form beside its long one is no second phrase of the sentence. */
function withAbbreviations(
  phrases: readonly Mention[],
  abbreviations: readonly Abbreviation[],
  language: TextLanguage,
): Mention[] {
  if (abbreviations.length === 0) return [...phrases]
  const places = abbreviations.flatMap(({ short, long }) => [short, trimmed(long, language)])
  const kept = phrases.filter(({ start, end }) => !places.some((place) => place.start < end && start < place.end))
  const made = places.flatMap((place) => mentionOf(place.text, place.start, place.end) ?? [])
  return [...kept, ...made].sort((a, b) => a.start - b.start)
}

function trimmed(place: { text: string; start: number; end: number }, language: TextLanguage) {
  const stop = stopWordsOf(language)
  const lead = /^\s*([\p{L}]+)\s+/u.exec(place.text)
  return lead && stop.has((lead[1] ?? '').toLowerCase())
    ? { ...place, text: place.text.slice(lead[0].length), start: place.start + lead[0].length }
    : place
}

/** What is found in one text. Phrases are weighed by RAKE's degree over frequency of their words, times the logarithm of their number. */
class Found {
  readonly #terms = new Map<string, ReadTerm>()
  readonly #relations = new Map<string, ReadRelation>()
  readonly #words = new Map<string, { frequency: number; degree: number }>()

  add({ normal, ...mention }: Mention): void {
    const known = this.#terms.get(normal)
    if (known) known.count += 1
    else this.#terms.set(normal, { normal, ...mention, count: 1, weight: 0, definition: null })
    const words = normal.split(' ')
    for (const word of words) {
      const { frequency, degree } = this.#words.get(word) ?? { frequency: 0, degree: 0 }
      this.#words.set(word, { frequency: frequency + 1, degree: degree + words.length })
    }
  }

  relate(relation: ReadRelation): void {
    if (relation.from === relation.to) return
    if (!this.#terms.has(relation.from) || !this.#terms.has(relation.to)) return
    const key = `${relation.from}\n${relation.to}\n${relation.relation}`
    if (!this.#relations.has(key)) this.#relations.set(key, relation)
  }

  explain(normal: string, sentence: string): void {
    const term = this.#terms.get(normal)
    if (term) term.definition ??= sentence
  }

  reading(most: number): Reading {
    const relations = [...this.#relations.values()]
    const named = new Set(relations.flatMap(({ from, to }) => [from, to]))
    const scored = [...this.#terms.values()].map((term) => ({ term, score: this.#score(term, named.has(term.normal)) }))
    scored.sort((a, b) => b.score - a.score || a.term.start - b.term.start)
    const best = scored[0]?.score ?? 1
    const terms = scored
      .filter(({ term }, index) => index < most || named.has(term.normal))
      .map(({ term, score }) => ({ ...term, weight: score / best }))
    return { terms, relations }
  }

  #score(term: ReadTerm, named: boolean): number {
    const words = term.normal.split(' ')
    const rake = words.reduce((sum, word) => {
      const { frequency = 1, degree = 1 } = this.#words.get(word) ?? {}
      return sum + degree / frequency
    }, 0)
    const bonus = (term.type === 'term' ? 1 : 1.5) * (term.definition || named ? 1.5 : 1)
    return Math.sqrt(rake) * Math.log2(1 + term.count) * bonus
  }
}

/** Sentences, never across lines; long ones cut. */
export function* sentencesOf(text: string): Generator<{ start: number; end: number }> {
  for (const line of text.matchAll(/[^\n]+/gu)) {
    for (const sentence of sentencesIn(line[0])) {
      for (let from = sentence.start; from < sentence.end; from += LONGEST_SENTENCE) {
        const start = line.index + from
        yield { start, end: start + Math.min(LONGEST_SENTENCE, sentence.end - from) }
      }
    }
  }
}

/** Words of writing without spaces. */
function segmented(run: string): string[] {
  return Array.from(new Intl.Segmenter(undefined, { granularity: 'word' }).segment(run), ({ segment }) => segment)
}
