import { toLvaError, withinTime } from '../../kernel/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import type { TurnKind } from '../../vault/index.ts'
import { isAsking } from '../asking.ts'
import type { AgentServices } from '../types.ts'
import { askForKind } from './ask-for-kind.ts'
import trained from './kind-weights.json' with { type: 'json' }
import { meaningsIn } from './kind-words.ts'

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

/** Asks for something that was once said: memory answers it at once, whatever else its words resemble. */
const RECALL =
  /^\W*(?:(?:and |so |but )?(?:what|when|where|which|how|who|did|have)(?: \p{L}+)? (?:did |have )?(?:i|we)(?: ever| just| already| last)? (?:say|said|tell|told|mention(?:ed)?|write|wrote|written|note[d]?)|(?:und |also )?(?:was|wann|wo|wie|welche\p{L}*|wem|habe?n?)(?: \p{L}+)? (?:habe?n? |hatte )?(?:ich|wir) (?:[\p{L}-]+ ){0,6}(?:gesagt|erzählt|erwähnt|notiert|geschrieben)|¿?(?:y )?(?:qué|cuándo|dónde|cómo|cuál|cuáles)(?: \p{L}+)? (?:dije|dijimos|he dicho|conté|mencioné|escribí|anoté|apunté))(?!\p{L})/iu
/** Of a time, or of all of it: then it is a question about their learning. */
const OVER_TIME =
  /(?<!\p{L})(?:weeks?|months?|semesters?|lately|recently|today|yesterday|all|everything|most|often|woche\p{L}*|monat\p{L}*|zuletzt|heute|gestern|alles|oft|semana\p{L}*|mes|meses|últim\p{L}*|hoy|ayer|todo)(?!\p{L})/iu

export interface KindOfTurn {
  kind: TurnKind
  by: 'device' | 'model'
}

/** Whom to ask where the device is unsure. */
export interface SecondOpinion {
  /** Whether other agents would run for the one kind than for the other; where none would, nobody is asked. */
  differ(one: SpokenKind, other: SpokenKind): boolean
  languageModel(): Promise<LanguageModel>
}

/** Tells the kind of a turn. */
export interface KindReader {
  /**
   * A linear model over the embedding and the cues decides (`scripts/train-turn-kinds.ts` makes its weights from labelled turns). Where the
   * text cannot be embedded, or by another embedder than the weights are made for, the cues decide, and without one it is `simple`. Where the
   * two likeliest kinds are nearly as likely, the language model chooses between them, if there is one; one that is late, fails or answers
   * anything else is not listened to.
   * @param signal ends the embedding and the question
   */
  read(text: string, signal: AbortSignal, second?: SecondOpinion): Promise<KindOfTurn>
}

/** Two kinds nearer than this in probability are a matter of doubt: in cross-validation a ninth of the turns, and nearly half of the errors. */
const DOUBT = 0.2
/** Milliseconds in which the language model must have chosen: the learner waits for the first word meanwhile. */
const SECOND_OPINION_MS = 800

export function createKindReader({
  embedder,
  clock,
  log,
}: Pick<AgentServices, 'embedder' | 'clock' | 'log'>): KindReader {
  async function chosenByModel(
    text: string,
    between: readonly [SpokenKind, SpokenKind],
    languageModel: SecondOpinion['languageModel'],
    signal: AbortSignal,
  ): Promise<SpokenKind | undefined> {
    try {
      return await withinTime(clock, SECOND_OPINION_MS, signal, (stop) =>
        askForKind(languageModel, text, between, stop),
      )
    } catch (error) {
      if (signal.aborted) throw error
      log.warn({ code: toLvaError(error).code }, 'the language model did not tell the kind of a turn')
      return undefined
    }
  }

  return {
    async read(text, signal, second) {
      const read = text.slice(0, READ_LENGTH)
      const byCues = { kind: cuesIn(read)[0] ?? 'simple', by: 'device' } as const
      if (RECALL.test(read) && !OVER_TIME.test(read)) return { kind: 'simple', by: 'device' }
      const vector = await embedded(read, signal)
      if (!vector) return byCues
      const [likeliest, next] = rankKinds(kindFeatures(read, vector))
      if (!likeliest || !next) return byCues
      const isUnsure = likeliest.probability - next.probability < DOUBT
      if (isUnsure && second?.differ(likeliest.kind, next.kind)) {
        const chosen = await chosenByModel(read, [likeliest.kind, next.kind], second.languageModel, signal)
        if (chosen) return { kind: chosen, by: 'model' }
      }
      return { kind: likeliest.kind, by: 'device' }
    },
  }

  async function embedded(text: string, signal: AbortSignal): Promise<Float32Array | undefined> {
    if (embedder?.info.id !== trained.embedder) return undefined
    try {
      return (await embedder.embed([text], { signal }))[0]
    } catch (error) {
      if (signal.aborted) throw error
      log.warn({ error }, 'telling the kind of a turn by cues alone: it could not be embedded')
      return undefined
    }
  }
}

/** Kinds that the words of a turn give away, the surest first. */
export function cuesIn(text: string): SpokenKind[] {
  return [...new Set(CUES.filter(([, pattern]) => pattern.test(text)).map(([kind]) => kind))]
}

/** Words fall into so many features; the embedder has learned little German and Spanish, whose small words tell much here. */
const WORD_FEATURES = 512
/** How much the embedding and what words mean count beside the words themselves; chosen by cross-validation on the turns that are not held out. */
const EMBEDDING_SHARE = 2
const MEANING_SHARE = 0.5
/** Words that stand before what is wanted. */
const PREAMBLE =
  /^(?:so|um|ok|okay|please|and|also|bitte|por|favor|hey|well|then|now|can|could|you|kannst|du|puedes|me)$/u
/** Of what is wanted, so many words tell the most. */
const FIRST_WORDS = 3

/**
 * What the linear model sees of a turn: its embedding, its words, its cues, what its words mean (all of them, of one who speaks of themselves, of
 * one who asks, and the first of them), its shape, and 1.
 */
export function kindFeatures(text: string, vector: Float32Array): number[] {
  const read = text.slice(0, READ_LENGTH)
  const words = wordsIn(read)
  const cues = cuesIn(read)
  const asks = isAsking(text) ? 1 : 0
  const [speaksOfSelf = 0, ...others] = meaningsOf(words)
  const meanings = [speaksOfSelf, ...others]
  const wanted = words.filter((word) => !PREAMBLE.test(word))
  const ofSelf = Math.min(1, speaksOfSelf / MEANING_SHARE) * MEANING_SHARE
  return [
    ...Array.from(vector, (value) => value * EMBEDDING_SHARE),
    ...wordFeatures(words),
    cues.includes('insight') ? 1 : 0,
    cues.includes('complex') ? 1 : 0,
    ...meanings,
    ...meanings.map((value) => value * ofSelf),
    ...meanings.map((value) => value * asks * MEANING_SHARE),
    ...meaningsOf(wanted.slice(0, 1)),
    ...meaningsOf(wanted.slice(0, FIRST_WORDS)),
    ...shapeOf(read, words, asks),
    asks,
    Math.log1p(text.length) / 10,
    1,
  ]
}

function wordsIn(text: string): string[] {
  return text.toLowerCase().match(/\p{L}+/gu) ?? []
}

function meaningsOf(words: readonly string[]): number[] {
  return meaningsIn(words).map((value) => value * MEANING_SHARE)
}

/** Clauses, sentences and words, up to where more tell nothing more; transcripts often ask without a question mark. */
function shapeOf(text: string, words: readonly string[], asks: number): number[] {
  const upToThree = (pattern: RegExp) => Math.min(3, text.match(pattern)?.length ?? 0) / 3
  const endsAsking = /\?\s*$/u.test(text) ? 1 : 0
  return [
    upToThree(/[,;:]/g),
    upToThree(/[.?!]/g),
    endsAsking,
    asks === 1 && endsAsking === 0 ? 1 : 0,
    Math.log1p(words.length) / 3,
    words.length <= 3 ? 1 : 0,
  ]
}

/** Which words, first word and pairs of words there are, hashed, as a vector of unit length. */
function wordFeatures(words: readonly string[]): number[] {
  const features = new Array<number>(WORD_FEATURES).fill(0)
  for (const [at, word] of words.entries()) {
    for (const term of [word, at === 0 ? `^${word}` : `${words[at - 1]} ${word}`])
      features[hash(term) % WORD_FEATURES] = 1
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

/** The likeliest kinds first, each with its probability by the linear model. */
export function rankKinds(features: readonly number[]): { kind: SpokenKind; probability: number }[] {
  const scores = KINDS.map((kind) =>
    Math.exp(trained.weights[kind].reduce((sum, weight, at) => sum + weight * (features[at] ?? 0), 0)),
  )
  const total = scores.reduce((sum, score) => sum + score, 0)
  return KINDS.map((kind, at) => ({ kind, probability: (scores[at] ?? 0) / total })).sort(
    (a, b) => b.probability - a.probability,
  )
}
