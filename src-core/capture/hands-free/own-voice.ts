/** No sentence is spoken for longer, in seconds. */
const LONGEST = 20
/** How long after its end a sentence may still be heard: it is told late, and comes late out of the loudspeaker. In seconds. */
const LATE = 1.5
/** From this share of its words on, what was heard was ours. Recognisers get some words of an echo wrong. */
const OURS = 0.6
/** Of a single word or two all must be ours, and a command such as "stop" never is. */
const FEW_WORDS = 2
/** The first words of a sentence may be those of any other: while somebody still speaks, fewer tell nothing. */
const TELLING_WORDS = 4
const COMMANDS = /^(stop|wait|no|halt|warte|nein|stopp|para|espera|okay|ok)$/

/** Remembers what we have just spoken, to tell it from what the learner says. */
export class OwnVoice {
  #spoken: { words: string[]; at: number; until: number }[] = []

  /** @param second of the sound in which the sentence began to be spoken */
  speak(sentence: string, second: number): void {
    this.silence(second)
    this.#spoken = this.#spoken.filter(({ at }) => second - at <= LONGEST)
    this.#spoken.push({ words: wordsOf(sentence), at: second, until: second + LONGEST })
  }

  /** Nothing is spoken any more from this second on. */
  silence(second: number): void {
    const last = this.#spoken.at(-1)
    if (last) last.until = Math.min(last.until, second)
  }

  /** Whether words that were heard from `second` on are what was spoken, come back through the microphone. */
  isOurs(heard: string, second: number): boolean {
    const words = wordsOf(heard)
    const spoken = this.#spoken
      .filter(({ at, until }) => at <= second + 1 && second <= until + LATE)
      .map(({ words }) => words)
    if (words.length === 0 || spoken.length === 0) return false
    if (words.some((word) => COMMANDS.test(word) && !spoken.some((sentence) => sentence.includes(word)))) return false
    if (words.length === 1) return spoken.some((sentence) => sentence.includes(words[0] as string))
    const same = besideEachOther(words, spoken)
    return words.length <= FEW_WORDS ? same === words.length : same / words.length >= OURS
  }

  /** Whether words of somebody who still speaks are enough to say that they are ours. */
  isTelling(heard: string): boolean {
    return wordsOf(heard).length >= TELLING_WORDS
  }
}

function wordsOf(text: string): string[] {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
}

/** How many words of `heard` stand beside the same word as in one of the sentences. Small words alone are in every sentence. */
function besideEachOther(heard: readonly string[], sentences: readonly string[][]): number {
  const pairs = new Set(sentences.flatMap(pairsOf))
  const isPair = pairsOf(heard).map((pair) => pairs.has(pair))
  return heard.filter((_, index) => isPair[index - 1] || isPair[index]).length
}

function pairsOf(words: readonly string[]): string[] {
  return words.slice(1).map((word, index) => `${words[index]} ${word}`)
}
