/** The recovery phrase and the keys that come from it (docs/backup.md §1). */
export {
  fileKeyOf,
  type KeyPurpose,
  keyFromPhrase,
  keyIdOf,
  type PhraseVaultKeys,
  vaultKeysFromPhrase,
} from './derive.ts'
export { entropyOf, newPhrase, PHRASE_WORDS, wordsOf } from './phrase.ts'
export { type NewPhrase, PhraseMaking } from './phrase-making.ts'
