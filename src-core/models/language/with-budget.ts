import type { Allowance, LanguageEvent, LanguageRequest } from '../types.ts'
import type { Budget, Expense } from './budget.ts'
import { costMicroUsd } from './prices.ts'
import type { Meter, ProviderModel, UsedTokens } from './provider-model.ts'

/**
 * Sets money aside before each answer, settles it afterwards by what was really used (all tries together, also of an answer that failed
 * or was cancelled), and puts the cost into the `end` event. `check` is never held back, since it costs next to nothing, but is recorded.
 * What a turn may spend is set aside and settled in the same way, where the request has an allowance.
 * @throws LvaError budget-reached or turn-budget-reached from `stream`, before anything is sent
 */
export function withBudget(model: ProviderModel, budget: Budget, isFree: boolean): ProviderModel {
  const expense = (most: UsedTokens): Expense => ({ provider: model.provider, model: model.model, isFree, most })

  async function* stream(request: LanguageRequest, meter?: Meter): AsyncGenerator<LanguageEvent> {
    const reservation = await budget.reserve(expense(model.mostTokens(request)))
    const total = new Total(meter)
    let giveBack: ReturnType<Allowance['reserve']> | undefined
    try {
      giveBack = request.allowance?.reserve(reservation.mostMicroUsd)
      for await (const event of model.stream(request, total.add)) {
        // Settled before the reader sees the end, who may not come back for more.
        yield event.type === 'end'
          ? { ...event, usage: { ...total.used, costUsd: await reservation.settle(total.used) } }
          : event
      }
    } finally {
      giveBack?.(reservation.price ? costMicroUsd(reservation.price, total.used) : 0)
      await reservation.settle(total.used)
    }
  }

  async function check(signal?: AbortSignal, meter?: Meter): Promise<void> {
    const total = new Total(meter)
    try {
      await model.check(signal, total.add)
    } finally {
      await budget.record(expense({ inputTokens: 0, outputTokens: 0 }), total.used)
    }
  }

  return { ...model, stream, check }
}

class Total {
  used: UsedTokens = { inputTokens: 0, outputTokens: 0 }
  readonly #outer: Meter | undefined

  constructor(outer: Meter | undefined) {
    this.#outer = outer
  }

  readonly add: Meter = (used) => {
    this.used = {
      inputTokens: this.used.inputTokens + used.inputTokens,
      outputTokens: this.used.outputTokens + used.outputTokens,
    }
    this.#outer?.(used)
  }
}
