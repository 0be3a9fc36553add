import { sentencesOf } from '../../memory/index.ts'
import type { TutorLanguage } from '../../models/index.ts'

export const MOST_OPEN_QUESTIONS = 3
const LONGEST = 240

/** How somebody says that they do not know something yet; what they do not know stands in the rest of the sentence. */
const UNKNOWN: Record<TutorLanguage, RegExp> = {
  en: /(?<!\p{L})(?:i(?:['’]m| am)? (?:still |just |really |also |now |always )*(?:wonder(?:ing)?|unsure|not (?:sure|certain|clear)|confused about|curious|(?:don['’]?t|do not|can['’]?t|cannot|couldn['’]?t) (?:\p{L}+ )?(?:get|know|understand|see|explain|tell|remember|figure out))|(?:it(?:['’]s| is)|it remains|what(?:['’]s| is)) (?:still )?(?:unclear|not clear|a mystery|open)|(?:no idea|not sure|unclear)|makes me wonder|(?:want|need|have) to (?:find out|look into|figure out|understand))(?: \p{L}+){0,2}? (?:to me )?(?:about |is |that )?(?=(?:what|why|how|when|where|which|who|whether|if)(?!\p{L}))/iu,
  de: /(?<!\p{L})(?:ich (?:\p{L}+ )?(?:frage mich|weiß (?:\p{L}+ ){0,2}nicht|verstehe (?:\p{L}+ ){0,2}nicht|bin (?:mir )?(?:\p{L}+ ){0,2}(?:unsicher|nicht sicher)|(?:will|muss|möchte) (?:noch )?(?:herausfinden|wissen|verstehen|klären))|mir (?:ist|bleibt) (?:\p{L}+ ){0,2}(?:unklar|nicht klar|schleierhaft)|(?:es ist |noch )?(?:unklar|offen)(?: ist| bleibt)?(?: mir)?|keine ahnung),? (?=(?:was|warum|wieso|weshalb|wie|wann|wo|wer|wen|wem|welche\p{L}*|ob|woher|wohin|wofür|wozu)(?!\p{L}))/iu,
  es: /(?<!\p{L})(?:me pregunto|(?:todavía |aún )?no (?:sé|entiendo|comprendo|veo|recuerdo|me queda claro|tengo claro|estoy segur[oa] de)|no (?:acabo|termino) de (?:entender|ver)|(?:tengo|quiero|necesito) (?:que )?(?:averiguar|saber|entender)|ni idea de|me falta (?:saber|entender)|tengo dudas? (?:de|sobre)) (?=(?:qué|por qué|cómo|cuándo|dónde|quién|quiénes|cuál|cuáles|cuánt\p{L}+|si)(?!\p{L}))/iu,
}

/**
 * What the learner says that they do not know yet, each as its sentence stands there. What they ask outright is a question, and is answered;
 * that of a sentence with a question mark is none.
 */
export function openQuestionsIn(text: string, language: TutorLanguage): string[] {
  const found: string[] = []
  for (const { start, end } of sentencesOf(text)) {
    const sentence = text.slice(start, end).trim()
    const isOpen = sentence.length <= LONGEST && !/[?？]\s*$/.test(sentence) && UNKNOWN[language].test(sentence)
    if (isOpen && !found.includes(sentence)) found.push(sentence)
    if (found.length === MOST_OPEN_QUESTIONS) break
  }
  return found
}
