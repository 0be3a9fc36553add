import type { LanguageEvent, LanguageModel } from '../models/index.ts'
import type { Answer, Citation, Made } from '../vault/index.ts'
import { checkedCitations } from './citations.ts'

type EndEvent = Pick<Extract<LanguageEvent, { type: 'end' }>, 'usage' | 'model' | 'stopReason'>

/** An answer while it is being written. */
export class Draft {
  text = ''
  readonly #model: LanguageModel
  readonly #made: Made[] = []
  readonly #offered: Citation[]
  #end: EndEvent | undefined

  /** @param offered citations that the answer may use */
  constructor(model: LanguageModel, offered: readonly Citation[]) {
    this.#model = model
    this.#offered = [...offered]
  }

  /** The answer may use these too. */
  offer(citations: readonly Citation[]): void {
    this.#offered.push(...citations)
  }

  keep(made: Made): void {
    this.#made.push(made)
  }

  end(event: EndEvent): void {
    this.#end = event
  }

  /**
   * The answer as it will be stored. Without an `end` of the model it counts as stopped, and what it cost is not known here (the budget
   * has settled it). Citations that do not hold are not in it; which agents ran is the orchestrator's to say.
   * @param at instant in milliseconds
   */
  finish(at: number): Answer {
    const ending = this.#end === undefined ? 'stopped' : this.#end.stopReason === 'length' ? 'length' : 'complete'
    return {
      ...checkedCitations(this.text.trim(), this.#offered),
      provider: this.#model.provider,
      model: this.#end?.model ?? this.#model.model,
      inputTokens: this.#end?.usage.inputTokens ?? 0,
      outputTokens: this.#end?.usage.outputTokens ?? 0,
      costUsd: this.#end ? this.#end.usage.costUsd : null,
      agentsUsed: [],
      ending,
      createdAt: new Date(at).toISOString(),
      ...(this.#made.length > 0 && { made: this.#made }),
    }
  }
}
