import type { Allowance, LanguageEvent, LanguageModel, LanguageRequest } from '../../models/index.ts'

/** What the calls of one agent used. */
export interface Usage {
  /** The model that answered last; null where none was asked. */
  model: string | null
  inputTokens: number
  outputTokens: number
  /** US dollars; null where a price is not known, or a call did not come to its end. */
  costUsd: number | null
}

/** Counts what the models that go through it use, and holds them to what the turn may spend. */
export class Meter {
  readonly #allowance: Allowance
  readonly #onFirstWords: () => void
  #calls = 0
  #ended = 0
  #usage: Usage = { model: null, inputTokens: 0, outputTokens: 0, costUsd: 0 }

  /** @param onFirstWords called with each piece of words that arrives, so also with the first */
  constructor(allowance: Allowance, onFirstWords: () => void) {
    this.#allowance = allowance
    this.#onFirstWords = onFirstWords
  }

  get usage(): Usage {
    return this.#ended === this.#calls ? { ...this.#usage } : { ...this.#usage, costUsd: null }
  }

  /** The same model, counted. */
  over(model: LanguageModel): LanguageModel {
    return {
      provider: model.provider,
      model: model.model,
      stream: (request) => this.#counted(model, request),
      check: (signal) => model.check(signal),
    }
  }

  async *#counted(model: LanguageModel, request: LanguageRequest): AsyncIterable<LanguageEvent> {
    this.#calls += 1
    this.#usage.model = model.model
    for await (const event of model.stream({ ...request, allowance: this.#allowance })) {
      if (event.type === 'end') this.#settle(event)
      // A wish for a tool is nothing that the learner can read.
      else if (event.type === 'delta') this.#onFirstWords()
      yield event
    }
  }

  #settle({ usage, model }: Extract<LanguageEvent, { type: 'end' }>): void {
    const { inputTokens, outputTokens, costUsd } = this.#usage
    this.#ended += 1
    this.#usage = {
      model,
      inputTokens: inputTokens + usage.inputTokens,
      outputTokens: outputTokens + usage.outputTokens,
      costUsd: costUsd === null || usage.costUsd === null ? null : costUsd + usage.costUsd,
    }
  }
}
