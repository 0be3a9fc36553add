import fc from 'fast-check'
import { expect, it } from 'vitest'
import { tokensBeforeLoop } from './repetition.ts'

const repeated = (pattern: number[], times: number) => Array.from({ length: times }, () => pattern).flat()

it('finds loops of any pattern up to 32 tokens and keeps one of it', () => {
  for (const length of [1, 2, 3, 8, 9, 20, 32]) {
    const pattern = Array.from({ length }, (_, index) => 100 + index)
    const tokens = [1, 2, 3, ...repeated(pattern, 8)]
    expect(tokensBeforeLoop(tokens)).toBe(3 + length)
  }
})

it('lets people repeat themselves', () => {
  expect(tokensBeforeLoop([5, ...repeated([7], 5)])).toBeUndefined()
  expect(tokensBeforeLoop([5, ...repeated([7, 8, 9], 3)])).toBeUndefined()
  expect(tokensBeforeLoop(repeated([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 2))).toBeUndefined()
})

it('sees no loop that is not at the end', () => {
  expect(tokensBeforeLoop([...repeated([7], 20), 1, 2, 3])).toBeUndefined()
})

it('ends every endless repetition while it is decoded, and keeps what came before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1_000, max: 2_000 }), { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 32 }),
      (before, pattern) => {
        const tokens = [...before]
        let kept: number | undefined
        for (let step = 0; kept === undefined && step < 400; step++) {
          tokens.push(pattern[step % pattern.length] as number)
          kept = tokensBeforeLoop(tokens)
        }
        expect(kept).toBeGreaterThan(before.length)
        expect(kept).toBeLessThanOrEqual(before.length + 2 * pattern.length + 8)
      },
    ),
    { seed: 4 },
  )
})
