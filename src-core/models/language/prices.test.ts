import { expect, it } from 'vitest'
import { configSchema } from '../../kernel/index.ts'
import { costMicroUsd, isFreeByNature, priceOf } from './prices.ts'

const PRICES = {
  'gpt-5': { inputPerMillion: 1.25, outputPerMillion: 10 },
  'gpt-5-mini': { inputPerMillion: 0.25, outputPerMillion: 2 },
  'Claude-Sonnet': { inputPerMillion: 3, outputPerMillion: 15 },
}

it.each([
  ['gpt-5', 1.25],
  ['gpt-5-2025-08-07', 1.25],
  ['gpt-5-mini-2025-08-07', 0.25],
  ['claude-sonnet-4-5', 3],
  ['openai/gpt-5-mini', 0.25],
  ['gpt-5.5', undefined],
  ['gpt-50', undefined],
  ['llama3.2:latest', undefined],
])('finds the price of %s', (model, inputPerMillion) => {
  expect(priceOf(PRICES, model)?.inputPerMillion).toBe(inputPerMillion)
})

it('counts millionths of a dollar, rounded up, without noise of decimals', () => {
  expect(costMicroUsd({ inputPerMillion: 1, outputPerMillion: 5 }, { inputTokens: 1_000, outputTokens: 200 })).toBe(
    2_000,
  )
  expect(costMicroUsd({ inputPerMillion: 0.1, outputPerMillion: 0 }, { inputTokens: 3, outputTokens: 0 })).toBe(1)
  expect(costMicroUsd({ inputPerMillion: 1.1, outputPerMillion: 0 }, { inputTokens: 1_000_000, outputTokens: 0 })).toBe(
    1_100_000,
  )
})

it('knows the price of the models that are configured by default', () => {
  const { language } = configSchema.parse({})
  expect(priceOf(language.prices, language.anthropic.model)).not.toBeNull()
  expect(priceOf(language.prices, language.openai.model)).not.toBeNull()
})

it('takes answers of the tutor and of one’s own machine for free', () => {
  expect(isFreeByNature('offline', false)).toBe(true)
  expect(isFreeByNature('compatible', true)).toBe(true)
  expect(isFreeByNature('compatible', false)).toBe(false)
  expect(isFreeByNature('anthropic', true)).toBe(false)
})
