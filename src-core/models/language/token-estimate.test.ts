import { expect, it } from 'vitest'
import { estimateRequestTokens, estimateTokens } from './token-estimate.ts'

/** Counts of the Llama tokenizer (llama-tokenizer-js 1.2.2) without the mark for the beginning. */
const COUNTED: [text: string, tokens: number][] = [
  [
    'I am learning how attention works in transformers, and it computes queries, keys and values for every token in the sequence. The softmax turns the scores into weights that sum to one.',
    39,
  ],
  [
    'Die Photosynthese wandelt Lichtenergie in chemische Energie um, die Pflanzen in Form von Zucker speichern und später wieder verwenden.',
    36,
  ],
  ['Я изучаю, как работает механизм внимания в трансформерах.', 22],
  ['注意力机制让模型关注输入的不同部分，并计算每个词的权重。', 34],
  ['for (let i = 0; i < values.length; i++) { total += values[i].price * 1.19; }', 32],
]

it.each(COUNTED)('is near the count of a real tokenizer: %s', (text, tokens) => {
  const estimate = estimateTokens(text)
  expect(estimate).toBeGreaterThan(tokens * 0.5)
  expect(estimate).toBeLessThan(tokens * 1.6)
})

it('grows with the text and is nothing for nothing', () => {
  expect(estimateTokens('')).toBe(0)
  expect(estimateTokens('a')).toBe(1)
  expect(estimateTokens('word '.repeat(1_000))).toBe(1_500)
})

it('counts system text, messages and the marks between them', () => {
  const messages = [{ role: 'user' as const, text: 'four' }]
  expect(estimateRequestTokens({ system: '', messages })).toBe(2 + 4 + 4)
})
