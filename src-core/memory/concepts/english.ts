import nlp from 'compromise'
import { mentionOf } from './phrases.ts'
import type { Mention } from './types.ts'

/** Noun phrases and names of English sentences, by the part-of-speech tags of compromise. */

interface TaggedWord {
  text: string
  tags: string[]
  post: string
  offset: { start: number; length: number }
}

const LONGEST_PHRASE = 4

/** @param offset of the sentence in its text */
export function englishPhrases(sentence: string, offset: number): Mention[] {
  const sentences = nlp(sentence).json({ offset: true, terms: { tags: true, offset: true } }) as {
    terms: TaggedWord[]
  }[]
  return sentences.flatMap(({ terms }) => phrasesOf(terms, sentence, offset))
}

function phrasesOf(words: readonly TaggedWord[], sentence: string, offset: number): Mention[] {
  const mentions: Mention[] = []
  let run: TaggedWord[] = []
  const flush = () => {
    while (run.length > 0 && !isNoun(run.at(-1) as TaggedWord)) run.pop()
    while (run.length > 0 && EMPTY_ADJECTIVES.has((run[0] as TaggedWord).text.toLowerCase())) run.shift()
    const phrase = run.slice(-LONGEST_PHRASE)
    run = []
    const [first, last] = [phrase[0], phrase.at(-1)]
    if (!first || !last) return
    const start = first.offset.start
    const end = last.offset.start + last.text.length
    const surface = sentence.slice(start, end)
    if (phrase.length === 1 && EMPTY_NOUNS.has(surface.toLowerCase())) return
    const name =
      phrase.every((word) => word.tags.includes('ProperNoun') || /^\p{Lu}/u.test(word.text)) && first !== words[0]
    const isName = name || phrase.some((word) => word.tags.includes('ProperNoun'))
    const mention = mentionOf(surface, offset + start, offset + end, isName)
    if (mention) mentions.push(mention)
  }
  for (const word of words) {
    if (word.text === '') continue
    if (isNoun(word) || isDescribing(word)) run.push(word)
    else flush()
    // A phrase ends with the comma, bracket or full stop behind it.
    if (/[^\s'’]/u.test(word.post)) flush()
  }
  flush()
  return mentions
}

function isNoun({ tags, text }: TaggedWord): boolean {
  const no = ['Pronoun', 'Date', 'Value', 'Duration', 'Possessive', 'Determiner', 'Url', 'Email']
  return tags.includes('Noun') && !no.some((tag) => tags.includes(tag)) && /\p{L}/u.test(text) && text.length > 1
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
