/** Writing systems that are told apart. `other` is one that needs no treatment of its own. */
export type Script = keyof typeof LETTERS | 'other'

const LETTERS = {
  latin: /\p{Script=Latin}/u,
  cyrillic: /\p{Script=Cyrillic}/u,
  greek: /\p{Script=Greek}/u,
  arabic: /\p{Script=Arabic}/u,
  hebrew: /\p{Script=Hebrew}/u,
  devanagari: /\p{Script=Devanagari}/u,
  bengali: /\p{Script=Bengali}/u,
  tamil: /\p{Script=Tamil}/u,
  telugu: /\p{Script=Telugu}/u,
  kana: /[\p{Script=Hiragana}\p{Script=Katakana}ー]/u,
  han: /\p{Script=Han}/u,
  hangul: /\p{Script=Hangul}/u,
  thai: /\p{Script=Thai}/u,
  lao: /\p{Script=Lao}/u,
  khmer: /\p{Script=Khmer}/u,
  burmese: /\p{Script=Myanmar}/u,
} as const

const ORDER = Object.keys(LETTERS) as (keyof typeof LETTERS)[]

/** The script of a word: that of its first letter. */
export function scriptOf(word: string): Script {
  const letter = /\p{L}/u.exec(word)?.[0]
  if (letter === undefined) return 'other'
  // Nearly every word is Latin, and this is asked of every word.
  if (letter < '\u0250') return 'latin'
  return ORDER.find((script) => LETTERS[script].test(letter)) ?? 'other'
}

/** Writing that puts no blanks between words. */
export const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

/** Writing whose words are looked for by pairs of signs as well, because where a word ends there is a matter of opinion. */
export const IN_PAIRS = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー\p{Script=Hangul}]{3,}$/u

/** Languages that are alone in their script, as far as this program tells them apart. */
export const LANGUAGE_OF_SCRIPT: Partial<Record<Script, string>> = {
  greek: 'el',
  hebrew: 'he',
  devanagari: 'hi',
  bengali: 'bn',
  tamil: 'ta',
  telugu: 'te',
  kana: 'ja',
  hangul: 'ko',
  thai: 'th',
  lao: 'lo',
  khmer: 'km',
  burmese: 'my',
}
