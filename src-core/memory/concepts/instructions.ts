import type { TextLanguage } from './language.ts'

/** Words that say what is to be done with a subject and are no part of its name: "Compare photosynthesis with respiration". */

/** Never a noun, but taken for one where a noun follows. */
const VERBS_ALONE = new Set(['compare', 'summarise', 'summarize', 'memorise', 'memorize'])

/** Verbs at the head of a sentence; elsewhere some of them are nouns ("a sketch"), which end phrases there as any other. */
const AT_THE_HEAD: Partial<Record<TextLanguage, ReadonlySet<string>>> = {
  eng: new Set(['quiz', 'sketch', 'recap', 'paraphrase', 'elaborate']),
  deu: new Set(
    `vergleiche vergleich vergleicht vergleichen erkläre erklär erklärt erklären beschreibe beschreib beschreibt beschreiben definiere definiert definieren
    nenne nenn nennt nennen begründe begründet begründen berechne berechnet berechnen löse löst lösen beweise beweist beweisen wiederhole wiederholt
    wiederholen übe üben lerne lernen skizziere skizzieren analysiere analysieren erläutere erläutern diskutiere diskutieren unterscheide unterscheiden`.split(
      /\s+/,
    ),
  ),
  spa: new Set(
    `compara compare comparar explica explique explicar describe describa describir define defina definir enumera enumere enumerar resume resuma resumir
    analiza analice analizar calcula calcule calcular resuelve resuelva resolver demuestra demuestre demostrar contrasta contraste contrastar repasa
    repase repasar estudia estudiar aprende aprender distingue distinga distinguir nombra nombre`.split(/\s+/),
  ),
}

/** @param isFirst whether nothing stands before it in its sentence */
export function isInstruction(word: string, language: TextLanguage, isFirst: boolean): boolean {
  const small = word.toLowerCase()
  return (language === 'eng' && VERBS_ALONE.has(small)) || (isFirst && AT_THE_HEAD[language]?.has(small) === true)
}
