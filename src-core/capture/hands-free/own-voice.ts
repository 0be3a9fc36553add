/** Sentences that were spoken longer ago cannot be what is heard, in seconds: the longest sentence, and how late it is told. */
const REMEMBERED = 20
/** From this share of its words on, what was heard was ours. Recognisers get some words of an echo wrong. */
const OURS = 0.6
/** Of a single word or two all must be ours, and a command such as "stop" never is. */
const FEW_WORDS = 2
const COMMANDS = /^(stop|wait|no|halt|warte|nein|stopp|para|espera|okay|ok)$/

/** Remembers what we have just spoken, to tell it from what the learner says. */
export class OwnVoice {
  #spoken: { words: string[]; at: number }[] = []

  /** @param second of the sound in which the sentence began to be spoken */
  speak(sentence: string, second: number): void {
    this.#spoken = this.#spoken.filter(({ at }) => second - at <= REMEMBERED)
    this.#spoken.push({ words: wordsOf(sentence), at: second })
  }

  /** Whether words that were heard from `second` on are what was spoken, come back through the microphone. */
  isOurs(heard: string, second: number): boolean {
    const words = wordsOf(heard)
    const spoken = this.#spoken
      .filter(({ at }) => at <= second + 1 && second - at <= REMEMBERED)
      .flatMap((s) => s.words)
    if (words.length === 0 || spoken.length === 0) return false
    if (words.some((word) => COMMANDS.test(word) && !spoken.includes(word))) return false
    const same = commonInOrder(words, spoken)
    return words.length <= FEW_WORDS ? same === words.length : same / words.length >= OURS
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

/** How many words of `heard` stand in `spoken`, in the same order (the longest common subsequence). */
function commonInOrder(heard: readonly string[], spoken: readonly string[]): number {
  let previous = new Array<number>(spoken.length + 1).fill(0)
  for (const word of heard) {
    const current = [0]
    for (const [column, other] of spoken.entries()) {
      const best =
        word === other ? (previous[column] ?? 0) + 1 : Math.max(previous[column + 1] ?? 0, current[column] ?? 0)
      current.push(best)
    }
    previous = current
  }
  return previous[spoken.length] ?? 0
}
