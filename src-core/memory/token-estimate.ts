/**
 * Estimates how many word pieces the embedder's tokenizer makes of a text, without the tokenizer: the core does not load it. Calibrated
 * on English abstracts (Cranfield, CISI) to be slightly high, so that a chunk filled to the budget is rarely cut by the model.
 */
export class TokenMeter {
  #total = 0
  /** Length of the run of Latin letters or digits that is being read. */
  #run = 0
  #runIsDigits = false

  /** Word pieces of everything read so far. */
  get tokens(): number {
    return this.#total + this.#runCost()
  }

  /** Reads one UTF-16 code unit. */
  read(unit: number): void {
    const digit = unit >= 0x30 && unit <= 0x39
    if (digit || isLatinLetter(unit)) {
      if (this.#run > 0 && this.#runIsDigits !== digit) this.#endRun()
      this.#runIsDigits = digit
      this.#run += 1
      return
    }
    this.#endRun()
    this.#total += unitCost(unit)
  }

  #endRun(): void {
    this.#total += this.#runCost()
    this.#run = 0
  }

  #runCost(): number {
    if (this.#run === 0) return 0
    if (this.#runIsDigits) return Math.max(1, this.#run * TOKENS_PER_DIGIT)
    const middle = Math.min(this.#run, LONG_WORD_LENGTH) - COMMON_WORD_LENGTH
    const beyond = this.#run - LONG_WORD_LENGTH
    return 1 + Math.max(0, middle) / LETTERS_PER_EXTRA_PIECE + Math.max(0, beyond) / LETTERS_PER_PIECE_OF_LONG_WORD
  }
}

/** @returns estimated word pieces of `text` between two places */
export function estimateTokens(text: string, start = 0, end = text.length): number {
  const meter = new TokenMeter()
  for (let index = start; index < end; index += 1) meter.read(text.charCodeAt(index))
  return meter.tokens
}

/**
 * By how much the estimate of Latin letters must be raised for this kind of text: the vocabulary is that of running English, and names and
 * other languages are taken apart into smaller pieces. English shows by its commonest words.
 */
export function tokenFactor(text: string): number {
  const words =
    text
      .slice(0, SAMPLE_LENGTH)
      .toLowerCase()
      .match(/[a-z\u00c0-\u024f]+/g) ?? []
  const common = words.filter((word) => COMMON_ENGLISH.has(word)).length
  return common >= words.length * LEAST_COMMON_SHARE ? 1 : FACTOR_OF_OTHERS
}

const SAMPLE_LENGTH = 4_000
const COMMON_ENGLISH = new Set(
  'the of and to is that it for with i you are this be on as was not my how what'.split(' '),
)
const LEAST_COMMON_SHARE = 0.1
const FACTOR_OF_OTHERS = 1.3
/** Words up to this length are mostly in the vocabulary as one piece. */
const COMMON_WORD_LENGTH = 5
const LETTERS_PER_EXTRA_PIECE = 6
/** Longer words are compounds and terms, and are taken apart into small pieces. */
const LONG_WORD_LENGTH = 10
const LETTERS_PER_PIECE_OF_LONG_WORD = 3
const TOKENS_PER_DIGIT = 0.6
/** Hangul syllables are taken apart into two or three letters each. */
const TOKENS_PER_HANGUL = 3

function isLatinLetter(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0xc0 && unit <= 0x24f)
}

function unitCost(unit: number): number {
  if (unit <= 0x20 || unit === 0xa0) return 0
  return unit >= 0xac00 && unit <= 0xd7a3 ? TOKENS_PER_HANGUL : 1
}
