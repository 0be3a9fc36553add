import type { Clock, Config, LvaError, Random } from '../../kernel/index.ts'
import type { LanguageModel } from '../types.ts'
import { readAddress } from './address.ts'
import { anthropicModel, listAnthropicModels } from './anthropic.ts'
import { type Breakers, withBreaker } from './breaker.ts'
import type { Budget } from './budget.ts'
import { compatibleModel, listCompatibleModels } from './compatible.ts'
import { offlineTutor } from './offline/tutor.ts'
import { listOpenAIModels, openaiModel } from './openai.ts'
import { isFreeByNature } from './prices.ts'
import type { Party } from './provider-errors.ts'
import { withRetries } from './retries.ts'
import type { ModelChoice } from './select.ts'
import { withTotalLimit } from './total-limit.ts'
import { withBudget } from './with-budget.ts'

export interface LanguageModelServices {
  config: Config['language']
  clock: Clock
  random: Random
  /** One for the whole program: it knows what is being spent right now. */
  budget: Budget
  /** One for the whole program: they remember which provider fails. */
  breakers: Breakers
}

/**
 * Builds the model of a choice, with everything that a remote call needs around it. From the outside in:
 *
 *     budget       sets money aside, refuses before anything is spent
 *     total limit  one time for the whole answer
 *     retries      bounded, with jitter, only before the first text
 *     breaker      leaves a provider alone that keeps failing
 *     provider     one attempt: silence limits, cancellation, error mapping
 *
 * A choice that cannot be asked gives a model whose every call says why, so that there is always a model.
 */
export function createLanguageModel(choice: ModelChoice, services: LanguageModelServices): LanguageModel {
  const { provider, model, apiKey, baseUrl } = choice
  const { config, clock, random, budget, breakers } = services
  if (choice.problem) return unavailableModel(choice, choice.problem)
  if (provider === 'offline') return offlineTutor({ clock })
  const options = { apiKey, baseUrl, model, clock, limits: silenceLimits(config) }
  const make = { anthropic: anthropicModel, openai: openaiModel, compatible: compatibleModel }[provider]
  const party: Party = {
    provider,
    model,
    hasKey: apiKey !== '',
    ...(provider === 'compatible' ? { address: choice.shownAddress } : {}),
  }
  const breaker = breakers.of(`${provider} ${choice.shownAddress} ${model}`)
  const guarded = withBreaker(make(options), breaker, party)
  const persistent = withRetries(guarded, { clock, random, ...config.retry })
  const limited = withTotalLimit(persistent, clock, config.totalTimeoutMs, party)
  const isOwnMachine = provider === 'compatible' && readAddress(baseUrl).isOwnMachine
  return withBudget(limited, budget, isFreeByNature(provider, isOwnMachine))
}

/**
 * Names of the models that a provider offers, for the choice in Settings. Needs an address and key but no model.
 * @throws the same errors as a call
 */
export async function listModels(
  choice: ModelChoice,
  { config, clock }: Pick<LanguageModelServices, 'config' | 'clock'>,
  signal?: AbortSignal,
): Promise<string[]> {
  const { provider, problem } = choice
  if (provider === 'offline') return [choice.model]
  if (problem && problem.code !== 'provider-model-unknown') throw problem
  const list = { anthropic: listAnthropicModels, openai: listOpenAIModels, compatible: listCompatibleModels }[provider]
  const { apiKey, baseUrl, model } = choice
  return list({ apiKey, baseUrl, model, clock, limits: silenceLimits(config) }, signal)
}

function silenceLimits(config: Config['language']) {
  return { firstTokenMs: config.firstTokenTimeoutMs, idleMs: config.idleTimeoutMs }
}

function unavailableModel({ provider, model }: ModelChoice, problem: LvaError): LanguageModel {
  return {
    provider,
    model,
    stream: () => ({
      [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(problem) }),
    }),
    check: () => Promise.reject(problem),
  }
}
