import { toLvaError, withinTime } from '../../kernel/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import type { TurnKind } from '../../vault/index.ts'
import type { AgentServices } from '../types.ts'
import { askForKind } from './ask-for-kind.ts'
import { cuesIn, KINDS, type SpokenKind } from './kind-cues.ts'
import { kindFeatures, READ_LENGTH } from './kind-features.ts'
import trained from './kind-weights.json' with { type: 'json' }

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

/** What the device reads in a text. */
export interface ReadKind extends KindOfTurn {
  /** The kind that is nearly as likely; absent where there is no doubt. */
  nearly?: SpokenKind
}

/** Tells the kind of a turn. */
export interface KindReader {
  /**
   * A linear model over the embedding and the cues decides (`scripts/train-turn-kinds.ts` makes its weights from labelled turns). Where the
   * text cannot be embedded, or by another embedder than the weights are made for, the cues decide, and without one it is `simple`.
   * @param signal ends the embedding
   */
  read(text: string, signal: AbortSignal): Promise<ReadKind>
  /**
   * The language model chooses between two kinds.
   * @param signal ends the question, and rejects
   * @returns undefined where it is late, fails or answers anything else
   */
  choose(
    text: string,
    between: readonly [SpokenKind, SpokenKind],
    languageModel: () => Promise<LanguageModel>,
    signal: AbortSignal,
  ): Promise<SpokenKind | undefined>
}

/** Two kinds nearer than this in probability are a matter of doubt: in cross-validation a twelfth of the turns, and two fifths of the errors. */
const DOUBT = 0.2
/** Milliseconds in which the language model must have chosen. A short answer waits so long for its end; its first word does not. */
const SECOND_OPINION_MS = 2_000

export function createKindReader({
  embedder,
  clock,
  log,
}: Pick<AgentServices, 'embedder' | 'clock' | 'log'>): KindReader {
  return {
    async read(text, signal) {
      const read = text.slice(0, READ_LENGTH)
      if (RECALL.test(read) && !OVER_TIME.test(read)) return { kind: 'simple', by: 'device' }
      const vector = await embedded(read, signal)
      if (!vector) return byCues(read)
      const [likeliest, next] = rankKinds(kindFeatures(read, vector))
      if (!likeliest || !next) return byCues(read)
      const isUnsure = likeliest.probability - next.probability < DOUBT
      return { kind: likeliest.kind, by: 'device', ...(isUnsure && { nearly: next.kind }) }
    },

    async choose(text, between, languageModel, signal) {
      try {
        return await withinTime(clock, SECOND_OPINION_MS, signal, (stop) =>
          askForKind(languageModel, text.slice(0, READ_LENGTH), between, stop),
        )
      } catch (error) {
        if (signal.aborted) throw error
        log.warn({ code: toLvaError(error).code }, 'the language model did not tell the kind of a turn')
        return undefined
      }
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

function byCues(text: string): KindOfTurn {
  return { kind: cuesIn(text)[0] ?? 'simple', by: 'device' }
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
