import { z } from 'zod'
import { calculate, LONGEST_EXPRESSION } from './calculator/index.ts'
import type { Tool } from './tool.ts'

const input = z.object({
  expression: z
    .string()
    .min(1)
    .max(LONGEST_EXPRESSION)
    .describe('Such as (3 + 4.5) * 2, 17% of 340, 20!, sqrt(2)^3. Digits without separators, a point before decimals.'),
})

/** Of an expression and of its result, in UTF-16 code units. */
const LONGEST_SHOWN = 40

/** Calculates by rules, so that no answer rests on a model's guess at figures. */
export const calculateTool: Tool<z.output<typeof input>> = {
  name: 'calculate',
  description:
    'Calculates an expression exactly. Use it for every calculation that is not trivial. Signs: + - * / ^ mod, ! for factorials, % for percent ' +
    '(200 + 10% is 220; 17% of 340). Functions: sqrt cbrt abs floor ceil round(x, places) trunc exp ln log(x, base) log10 log2 sin cos tan asin ' +
    'acos atan (radians) rad deg min max sum mean median mod gcd lcm factorial choose(n, k). Constants: pi e tau. No units, no variables.',
  input,
  effect: 'reads',
  run: async ({ expression }) => {
    const { text, isExact } = calculate(expression)
    return { text: `${isExact ? 'Exactly' : 'About'} ${text}`, isForeign: false, about: aboutOf(expression, text) }
  },
}

/** As much as a timeline has room for; the result counts more. */
function aboutOf(expression: string, result: string): string {
  const asked = cut(expression.replace(/\s+/g, ' ').trim())
  return `${asked} = ${cut(result)}`
}

function cut(text: string): string {
  return text.length <= LONGEST_SHOWN ? text : `${text.slice(0, LONGEST_SHOWN - 1)}…`
}
