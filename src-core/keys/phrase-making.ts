import { LvaError, type Random } from '../kernel/index.ts'
import { newPhrase, PHRASE_WORDS, wordsOf } from './phrase.ts'

/** Words that are asked for. */
const ASKED = 3

/** A new phrase that was shown and is not confirmed yet. It is in memory only, and nothing is encrypted with it. */
export interface NewPhrase {
  words: string[]
  /** Numbers of the words that must be typed, from 1, in order. */
  positions: number[]
}

/** Shows a phrase once, and takes it only when three of its words come back. */
export class PhraseMaking {
  readonly #random: Random
  readonly #install: (phrase: string) => Promise<void>
  #made: NewPhrase | undefined

  constructor(random: Random, install: (phrase: string) => Promise<void>) {
    this.#random = random
    this.#install = install
  }

  begin(): NewPhrase {
    const words = newPhrase(this.#random).split(' ')
    const positions = new Set<number>()
    while (positions.size < ASKED) positions.add(1 + Math.floor(this.#random.fraction() * PHRASE_WORDS))
    this.#made = { words, positions: [...positions].sort((a, b) => a - b) }
    return this.#made
  }

  /** @throws LvaError phrase-not-confirmed, not-found when none was begun since the program started */
  async confirm(typed: readonly string[]): Promise<void> {
    const made = this.#made
    if (!made) throw new LvaError('not-found', 'No recovery phrase was begun.', { advice: 'Make a new one.' })
    const right = made.positions.every(
      (position, at) => wordsOf(typed[at] ?? '').join(' ') === made.words[position - 1],
    )
    if (!right)
      throw new LvaError('phrase-not-confirmed', 'Not all of the three words are right.', {
        advice: 'Look again at what you wrote down; the phrase is not used until they are right.',
      })
    await this.#install(made.words.join(' '))
    this.#made = undefined
  }
}
