import type { LanguageProvider } from '../types.ts'
import type { UsedTokens } from './provider-model.ts'

/** US dollars for a million tokens. */
export interface Price {
  inputPerMillion: number
  outputPerMillion: number
}

export type PriceTable = Readonly<Record<string, Price>>

export const FREE: Price = { inputPerMillion: 0, outputPerMillion: 0 }

/**
 * The price of a model: that of the longest name in the table with which the model's name begins, where the name ends there or goes on
 * with a date or a variant (`gpt-5` is `gpt-5-2025-08-07` but not `gpt-5.5`). Hubs write the maker before the name
 * (`openai/gpt-5.5`), so the part after the last slash counts too. Null when the table has no such model.
 */
export function priceOf(prices: PriceTable, model: string): Price | null {
  const name = model.toLowerCase()
  return longestMatch(prices, name) ?? longestMatch(prices, name.slice(name.lastIndexOf('/') + 1))
}

/** Millionths of a US dollar, rounded up: tokens times dollars for a million tokens. */
export function costMicroUsd(price: Price, { inputTokens, outputTokens }: UsedTokens): number {
  // The product of a decimal price and a count can end a hair above the whole number that it stands for.
  return Math.max(0, Math.ceil(inputTokens * price.inputPerMillion + outputTokens * price.outputPerMillion - 1e-6))
}

/** Where answers cost nothing unless the price table says otherwise: the tutor, and servers on the learner's own machines. */
export function isFreeByNature(provider: LanguageProvider, isOwnMachine: boolean): boolean {
  return provider === 'offline' || (provider === 'compatible' && isOwnMachine)
}

function longestMatch(prices: PriceTable, name: string): Price | null {
  let best = ''
  for (const key of Object.keys(prices)) {
    const begins = name.startsWith(key.toLowerCase()) && /^$|^[-:@]/.test(name.slice(key.length))
    if (begins && key.length > best.length) best = key
  }
  return best === '' ? null : (prices[best] ?? null)
}
