import type { TurnKind } from '../../vault/index.ts'
import { isAsking } from '../asking.ts'
import type { AgentServices } from '../types.ts'
import trained from './kind-weights.json' with { type: 'json' }

/** Kinds that the words alone decide; a turn with a picture is `visual` whatever it says. */
export type SpokenKind = Exclude<TurnKind, 'visual'>

export const KINDS: readonly SpokenKind[] = ['simple', 'complex', 'insight']

/** Of a long turn, so much tells its kind, in UTF-16 code units. */
const READ_LENGTH = 600
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

export interface KindOfTurn {
  kind: TurnKind
  by: 'device' | 'model'
}

/** Tells the kind of a turn. */
export interface KindReader {
  /**
   * A linear model over the embedding and the cues decides (`scripts/train-turn-kinds.ts` makes its weights from labelled turns). Where the
   * text cannot be embedded, or by another embedder than the weights are made for, the cues decide, and without one it is `simple`.
   * @param signal ends the embedding
   */
  read(text: string, signal: AbortSignal): Promise<KindOfTurn>
}

export function createKindReader({ embedder, log }: Pick<AgentServices, 'embedder' | 'log'>): KindReader {
  return {
    async read(text, signal) {
      const read = text.slice(0, READ_LENGTH)
      if (embedder?.info.id === trained.embedder) {
        try {
          const [vector] = await embedder.embed([read], { signal })
          if (vector) return { kind: likeliest(kindFeatures(read, vector)), by: 'device' }
        } catch (error) {
          if (signal.aborted) throw error
          log.warn({ error }, 'telling the kind of a turn by cues alone: it could not be embedded')
        }
      }
      return { kind: cuesIn(read)[0] ?? 'simple', by: 'device' }
    },
  }
}

/** Kinds that the words of a turn give away, the surest first. */
export function cuesIn(text: string): SpokenKind[] {
  return [...new Set(CUES.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind))]
}

/** Words fall into so many features; the embedder has learned little German and Spanish, whose small words tell much here. */
const WORD_FEATURES = 512

/** What the linear model sees of a turn: its embedding, its words, its cues, whether it asks, its length, and 1. */
export function kindFeatures(text: string, vector: Float32Array): number[] {
  const read = text.slice(0, READ_LENGTH)
  const cues = cuesIn(read)
  const has = (kind: SpokenKind) => (cues.includes(kind) ? 1 : 0)
  return [
    ...vector,
    ...wordFeatures(read),
    has('insight'),
    has('complex'),
    isAsking(text) ? 1 : 0,
    Math.log1p(text.length) / 10,
    1,
  ]
}

/** Which words and pairs of words there are, hashed, as a vector of unit length. */
function wordFeatures(text: string): number[] {
  const found = text.toLowerCase().match(/\p{L}+/gu) ?? []
  const features = new Array<number>(WORD_FEATURES).fill(0)
  for (const [at, word] of found.entries()) {
    for (const term of at === 0 ? [word] : [word, `${found[at - 1]} ${word}`]) features[hash(term) % WORD_FEATURES] = 1
  }
  const length = Math.sqrt(features.reduce((sum, value) => sum + value, 0)) || 1
  return features.map((value) => value / length)
}

/** FNV-1a, 32 bits, over UTF-16 code units. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value >>> 0
}

function likeliest(features: readonly number[]): SpokenKind {
  const scores = KINDS.map((kind) =>
    trained.weights[kind].reduce((sum, weight, at) => sum + weight * (features[at] ?? 0), 0),
  )
  return KINDS[scores.indexOf(Math.max(...scores))] ?? 'simple'
}
