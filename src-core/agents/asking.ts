/** Words that begin a question or a wish to be told, in English, German and Spanish; transcripts often lack the question mark. */
const BEGINNINGS =
  /^[\s¿"'„“«]*(?:what|when|where|who|whom|whose|which|how|why|did|do|does|was|were|is|are|have|can you|could you|tell me|show me|remind me|list|summari[sz]e|wann|wo|woher|wohin|wer|wen|wem|wie|warum|wieso|weshalb|welche[rsnm]?|habe ich|hatte ich|zeig|erzähl mir|erinnere mich|fasse|qué|cuándo|dónde|quién|quiénes|cómo|cuál|cuáles|cuánt[oa]s?|por qué|dime|recuérdame|muéstrame|resume)(?![\p{L}\p{N}])/iu

/** Whether somebody asks, and does not only tell. "Today I understood cells" tells; a time in it is no filter for what is remembered. */
export function isAsking(text: string): boolean {
  return /[?？؟]/.test(text) || BEGINNINGS.test(text)
}
