/** Languages in which the tutor can speak; questions in any other are answered in English. */
export type TutorLanguage = 'en' | 'de' | 'es'

/** Small words that give a language away, chosen so that none stands in two of the lists. */
const SIGNS: Record<TutorLanguage, ReadonlySet<string>> = {
  en: new Set(
    'the is are was were and of to what how why who where when does did do my you your it this that with for from about have has i am not can'.split(
      ' ',
    ),
  ),
  de: new Set(
    'der die das ist sind war und von zu was wie warum wieso wer wo wann mein meine du ich es dies mit für aus über habe hat nicht kann ein eine den dem im auf weiß wird welche welcher hallo danke tschüss ja nein'.split(
      ' ',
    ),
  ),
  es: new Set(
    'el la los las es son fue y de qué que cómo como por quién dónde cuándo cuál mi tú yo esto con para sobre he ha puedo un una en del al se lo está estoy aprendí hola gracias adiós sí'.split(
      ' ',
    ),
  ),
}

/**
 * Guesses the language of a few sentences by their small words; a letter that only one of the languages has counts like three words.
 * English wins a draw.
 */
export function detectLanguage(text: string): TutorLanguage {
  const counts: Record<TutorLanguage, number> = { en: 0, de: 0, es: 0 }
  for (const word of text
    .slice(0, 2_000)
    .toLowerCase()
    .match(/\p{L}+/gu) ?? []) {
    for (const language of ['en', 'de', 'es'] as const) if (SIGNS[language].has(word)) counts[language] += 1
  }
  if (/[äöüß]/i.test(text)) counts.de += 3
  if (/[¿¡ñ]/i.test(text)) counts.es += 3
  if (counts.de > counts.en && counts.de >= counts.es) return 'de'
  return counts.es > counts.en ? 'es' : 'en'
}
