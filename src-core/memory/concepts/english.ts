import { createRequire } from 'node:module'
import type nlp from 'compromise'
import { isInstruction } from './instructions.ts'
import { stopWordsOf } from './language.ts'
import { mentionOf } from './phrases.ts'
import type { Mention, NamedKind } from './types.ts'

/** Noun phrases and names of English sentences, by the part-of-speech tags of compromise. */

interface TaggedWord {
  text: string
  tags: string[]
  post: string
  offset: { start: number; length: number }
}

const LONGEST_PHRASE = 4

let tagger: typeof nlp | undefined

/** Compromise unpacks its dictionaries for a third of a second when it is loaded, which a program that reads no text does not wait for. */
function tag(sentence: string) {
  tagger ??= createRequire(import.meta.url)('compromise') as typeof nlp
  return tagger(sentence)
}

/** @param offset of the sentence in its text */
export function englishPhrases(sentence: string, offset: number): Mention[] {
  const sentences = tag(sentence).json({ offset: true, terms: { tags: true, offset: true } }) as {
    terms: TaggedWord[]
  }[]
  return sentences.flatMap(({ terms }) => phrasesOf(whole(terms, sentence), sentence, offset))
}

/** Joins what the tagger takes apart at hyphens: the dose of "low-dose aspirin" is nothing without what stands before it. */
function whole(words: readonly TaggedWord[], sentence: string): TaggedWord[] {
  const joined: TaggedWord[] = []
  let isOpen = false
  for (const word of words) {
    const before = joined.at(-1)
    if (isOpen && before) {
      const { start } = before.offset
      const end = word.offset.start + word.text.length
      // "pressure-driven" describes, whatever the second half is alone.
      const isKnown = word.tags.some((tag) => tag === 'Noun' || tag === 'Adjective')
      const tags = isKnown ? word.tags.filter((tag) => tag !== 'Comparable') : ['Adjective']
      const own = { text: sentence.slice(start, end), tags, post: word.post, offset: { start, length: end - start } }
      joined.splice(-1, 1, own)
    } else joined.push(word)
    isOpen = word.text !== '' && /^[-\u2010\u2011]$/u.test(word.post)
  }
  return joined
}

function phrasesOf(words: readonly TaggedWord[], sentence: string, offset: number): Mention[] {
  const mentions: Mention[] = []
  let run: TaggedWord[] = []
  const shouted = isShouted(words)
  const keep = (phrase: TaggedWord[]) => {
    while (phrase.length > 0 && !isNoun(phrase.at(-1) as TaggedWord)) phrase.pop()
    while (phrase.length > 0 && isEmptyBefore(phrase[0] as TaggedWord)) phrase.shift()
    const kept = phrase.slice(-LONGEST_PHRASE)
    const [first, last] = [kept[0], kept.at(-1)]
    if (!first || !last) return
    const start = first.offset.start
    const end = last.offset.start + last.text.length
    const surface = sentence.slice(start, end)
    if (kept.length === 1 && EMPTY_NOUNS.has(surface.toLowerCase())) return
    // "Tesla" is a name, "Markov chain" a term. At the beginning of a sentence every word has a capital.
    const isName = kept.every((word) => word.tags.includes('ProperNoun') || (word !== words[0] && isCapital(word)))
    const mention = mentionOf(surface, offset + start, offset + end, isName && !shouted)
    if (!mention) return
    const names = mention.type === 'name' ? namedKind(kept) : undefined
    mentions.push({
      ...mention,
      ...(shouted && mention.type === 'short' && { type: 'term' }),
      ...(names && { names }),
    })
  }
  const flush = () => {
    // "The mathematician Emmy Noether": what it is, then who.
    const names = shouted ? 0 : run.length - 1 - run.findLastIndex((word) => !isCapital(word))
    const phrases =
      names > 0 && names < run.length && run[0] !== words[0] ? [run.slice(0, -names), run.slice(-names)] : [run]
    run = []
    for (const phrase of phrases) keep(phrase)
  }
  for (const word of words) {
    if (word.text === '') continue
    // Such as "under", which is sometimes taken for a noun.
    const isLittle = stopWordsOf('eng').has(word.text) || isInstruction(word.text, 'eng', word === words[0])
    if (!isLittle && (isNoun(word) || isDescribing(word) || isNamedAfter(word))) run.push(word)
    else flush()
    // A phrase ends with the comma, bracket or full stop behind it.
    if (/[^\s'’]/u.test(word.post)) flush()
  }
  flush()
  return mentions
}

function namedKind(words: readonly TaggedWord[]): NamedKind | undefined {
  const kinds = [
    ['person', 'Person'],
    ['place', 'Place'],
    ['organisation', 'Organization'],
  ] as const
  return kinds.find(([, tag]) => words.some(({ tags }) => tags.includes(tag)))?.[0]
}

function isCapital({ text }: TaggedWord): boolean {
  return /^\p{Lu}/u.test(text)
}

/** Whether capitals say nothing here: most of the words have no small letter. */
function isShouted(words: readonly TaggedWord[]): boolean {
  const long = words.filter(({ text }) => (text.match(/\p{L}/gu)?.length ?? 0) > 1)
  return long.length > 2 && long.filter(({ text }) => !/\p{Ll}/u.test(text)).length > long.length / 2
}

function isEmptyBefore({ text }: TaggedWord): boolean {
  const word = text.toLowerCase()
  return EMPTY_ADJECTIVES.has(word) || (stopWordsOf('eng').has(word) && !/^\p{Lu}+$/u.test(text))
}

function isNoun({ tags, text }: TaggedWord): boolean {
  const no = ['Pronoun', 'Date', 'Value', 'Duration', 'Possessive', 'Determiner', 'Url', 'Email']
  return tags.includes('Noun') && !no.some((tag) => tags.includes(tag)) && /\p{L}/u.test(text) && text.length > 1
}

/** "Noether's" in "Noether's theorem". */
function isNamedAfter({ tags, text }: TaggedWord): boolean {
  return tags.includes('Possessive') && !tags.includes('Pronoun') && /^\p{Lu}\p{L}+['’]s?$/u.test(text)
}

function isDescribing({ tags }: TaggedWord): boolean {
  return (
    (tags.includes('Adjective') && !tags.includes('Comparable') && !tags.includes('Comparative')) ||
    tags.includes('Gerund')
  )
}

/** Nouns that say nothing alone. */
const EMPTY_NOUNS = new Set(
  `thing things way ways lot lots time times kind kinds sort sorts part parts example examples question questions answer answers
  people person someone something anything everything nothing one ones day days today tomorrow yesterday week weeks month months year years
  bit case cases end fact point reason idea ideas stuff order place number numbers use uses ability field study word words name names
  problem problems area group set type types form forms result results work need amount thanks hello hi ok okay yes no note notes
  chapter page pages section sentence video lecture book course class lesson homework exam topic topics today's difference`.split(
    /\s+/,
  ),
)
const EMPTY_ADJECTIVES = new Set(
  `many much more most few several other another same different such own new old good bad big small great important main certain
  various whole first second last next real only whole possible able better best little long short high low early late easy hard`.split(
    /\s+/,
  ),
)
