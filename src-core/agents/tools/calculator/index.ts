import { evaluate } from './evaluate.ts'
import { parse } from './parse.ts'
import { type Shown, show } from './show.ts'

export { LONGEST_EXPRESSION } from './parse.ts'
export type { Shown } from './show.ts'

/**
 * Calculates one expression: exactly with whole numbers, decimals and fractions, to 14 significant digits with roots, logarithms and angles.
 * @throws LvaError bad-input, saying what and where
 */
export function calculate(expression: string): Shown {
  return show(evaluate(parse(expression)))
}
