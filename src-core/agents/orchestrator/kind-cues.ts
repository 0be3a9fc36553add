import type { TurnKind } from '../../vault/index.ts'

/** Kinds that the words alone decide; a turn with a picture is `visual` whatever it says. */
export type SpokenKind = Exclude<TurnKind, 'visual'>

export const KINDS: readonly SpokenKind[] = ['simple', 'complex', 'insight']

/**
 * Wishes that their words give away, in English, German and Spanish. `insight` is about the learner's own learning over time; `complex` asks
 * for more than one thing, for depth, or for what must be looked up.
 */
const CUES: readonly (readonly [kind: SpokenKind, pattern: RegExp])[] = [
  [
    'insight',
    /\b(?:my (?:learning|progress|notes|week|month|weak(?:nesses| spots| points)|strengths|habits|patterns?|mistakes|study)|(?:have|did|was|am) i (?:learn(?:ed|t|ing)?|stud(?:y|ied|ying)|work(?:ed|ing) on|spen[dt]|improv\w+|getting better|neglect\w*|forget\w*|stuck)|should i (?:learn|study|review|revise|practi[sc]e|repeat|focus)|this week|last (?:week|month)|past (?:week|month|days)|recap|what next)\b/iu,
  ],
  [
    'insight',
    /(?<!\p{L})(?:mein(?:e|en|er|em)? (?:lern\p{L}*|fortschritte?|notizen|woche|schwäche\p{L}*|stärken|fehler|gewohnheiten)|habe ich (?:\p{L}+ ){0,4}(?:gelernt|gearbeitet|verbessert|wiederholt|beschäftigt|vernachlässigt)|sollte ich (?:\p{L}+ ){0,4}(?:lernen|wiederholen|üben)|diese woche|letzte[nr]? (?:woche|monat)|mi (?:progreso|aprendizaje|semana)|mis (?:notas|apuntes|errores|debilidades|avances|puntos)|he (?:aprendido|estudiado|avanzado|mejorado)|debería (?:estudiar|repasar|aprender|practicar)|esta semana|la semana pasada|el mes pasado)(?!\p{L})/iu,
  ],
  [
    'complex',
    /\b(?:compare|contrast|difference(?:s)? between|versus|vs\.?|pros and cons|trade-?offs?|in (?:depth|detail)|step by step|thoroughly|look up|search (?:the web|online|for)|find (?:papers|sources|articles|studies|out)|latest|research on|evidence (?:for|that)|derive|prove|walk me through|advantages and disadvantages|how (?:do|does|are|is) .+ (?:relate|differ|connect))\b/iu,
  ],
  [
    'complex',
    /(?<!\p{L})(?:vergleich\p{L}*|unterschiede? zwischen|vor- und nachteile|ausführlich|im detail|schritt für schritt|recherchier\p{L}*|such(?:e)? (?:im netz|im internet|nach)|leite .+ her|beweise|compara\p{L}*|diferencias? entre|ventajas y (?:desventajas|inconvenientes)|en (?:detalle|profundidad)|paso a paso|busca(?:r|me)? (?:en internet|fuentes|artículos|información)|investiga\p{L}*|demuestra|deduce)(?!\p{L})/iu,
  ],
]

/** Kinds that the words of a turn give away, the surest first. */
export function cuesIn(text: string): SpokenKind[] {
  return [...new Set(CUES.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind))]
}
