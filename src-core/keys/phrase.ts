import { entropyToMnemonic, mnemonicToEntropy } from '@scure/bip39'
import { wordlist } from '@scure/bip39/wordlists/english.js'
import { LvaError, type Random } from '../kernel/index.ts'

/** Words of a recovery phrase. */
export const PHRASE_WORDS = 24
const ENTROPY_BYTES = 32
const KNOWN = new Set(wordlist)

/** A new recovery phrase: 24 words of BIP-39 for 256 random bits. */
export function newPhrase(random: Random): string {
  return entropyToMnemonic(random.bytes(ENTROPY_BYTES), wordlist)
}

/**
 * The 32 bytes that a phrase stands for. Capitals, line breaks, numbers before the words and spaces do not matter.
 * @throws LvaError phrase-invalid; it names positions, never words
 */
export function entropyOf(phrase: string): Uint8Array {
  const words = wordsOf(phrase)
  if (words.length !== PHRASE_WORDS)
    throw invalid(`A recovery phrase has ${PHRASE_WORDS} words; these are ${words.length}.`, {
      problem: 'count',
      words: words.length,
    })
  const unknown = words.findIndex((word) => !KNOWN.has(word))
  if (unknown >= 0)
    throw invalid(`Word ${unknown + 1} is not a word of recovery phrases.`, { problem: 'word', position: unknown + 1 })
  try {
    return mnemonicToEntropy(words.join(' '), wordlist)
  } catch {
    // The library's own error may quote the phrase, and is no cause of ours.
    throw invalid('These words do not belong together: one of them is wrong, or two are swapped.', {
      problem: 'checksum',
    })
  }
}

/** The words of what somebody typed or pasted, in small letters, without the numbers of a list. */
export function wordsOf(text: string): string[] {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '')
}

function invalid(message: string, params: Record<string, string | number>): LvaError {
  return new LvaError('phrase-invalid', message, {
    advice: 'Compare it with what you wrote down when the phrase was made.',
    params,
  })
}
