import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLvaError } from '../../kernel/index.ts'
import { calculateTool } from './calculate.ts'
import { calculate } from './calculator/index.ts'

const EXACT: [expression: string, result: string][] = [
  ['2 + 3 * 4', '14'],
  ['(2 + 3) * 4', '20'],
  ['2^3^2', '512'],
  ['-2^2', '-4'],
  ['(-2)^2', '4'],
  ['2^-2', '0.25'],
  ['2 ** 10', '1024'],
  ['0.1 + 0.2', '0.3'],
  ['10 - 4 - 3', '3'],
  ['100 / 5 / 2', '10'],
  ['20!', '2432902008176640000'],
  ['3!!', '720'],
  ['17% of 340', '57.8'],
  ['200 + 10%', '220'],
  ['200 - 10%', '180'],
  ['50%', '0.5'],
  ['10% + 20%', '0.12'],
  ['10 % 3', '1'],
  ['-7 mod 3', '2'],
  ['7.5 mod 2', '1.5'],
  ['6 × 7 ÷ 2 − 1', '20'],
  ['3² + 4²', '25'],
  ['√144', '12'],
  ['√(9/4)', '1.5'],
  ['sqrt(16)^3', '64'],
  ['1.5e3', '1500'],
  ['max(1, 7, 3) - min(4, 2)', '5'],
  ['mean(1, 2, 3, 4)', '2.5'],
  ['median(5, 1, 9)', '5'],
  ['median(5, 1, 9, 2)', '3.5'],
  ['round(2.5)', '3'],
  ['round(-2.5)', '-3'],
  ['round(1.005, 2)', '1.01'],
  ['floor(-1.5)', '-2'],
  ['ceil(-1.5)', '-1'],
  ['gcd(84, 36) * lcm(4, 6)', '144'],
  ['choose(49, 6)', '13983816'],
  ['2^100', '1267650600228229401496703205376'],
  ['1267650600228229401496703205376 - 2^100', '0'],
  ['0^0', '1'],
]

const NEAR: [expression: string, result: string][] = [
  ['1/3', '0.33333333333333, exactly 1/3'],
  ['2^0.5', '1.4142135623731'],
  ['pi', '3.1415926535898'],
  ['sin(rad(30))', '0.5'],
  ['ln(e)', '1'],
  ['log(8, 2)', '3'],
  ['log(1000)', '3'],
  ['cbrt(27)', '3'],
]

const REFUSED: [expression: string, problem: RegExp, position?: number][] = [
  ['', /missing at the end/, 1],
  ['2 +', /missing at the end/, 4],
  ['2 + * 3', /where a number is expected/, 5],
  ['(1 + 2', /not closed/, 1],
  ['max(1, 2', /not closed/, 4],
  ['1 + 2)', /operator is missing/, 6],
  ['2 3', /operator is missing/, 3],
  ['2 $ 3', /not known/, 3],
  ['two + 2', /not known/, 1],
  ['process.exit(1)', /not known|missing/],
  ['constructor(1)', /not known/, 1],
  ['__proto__', /not known/],
  ['1/0', /division by zero/],
  ['5 mod 0', /division by zero/],
  ['0^-1', /division by zero/],
  ['sqrt(-1)', /root of a negative/],
  ['(-8)^0.5', /root of a negative/],
  ['ln(0)', /too large/],
  ['ln(-1)', /of such a number/],
  ['2.5!', /whole numbers/],
  ['(-3)!', /negative/],
  ['sin(1, 2)', /takes 1 numbers, not 2/, 1],
  ['1e9999', /too large/],
]

describe('the calculator', () => {
  it.each(EXACT)('%s is %s', (expression, result) => {
    expect(calculate(expression)).toEqual({ text: result, isExact: true })
  })

  it.each(NEAR)('%s is about %s', (expression, result) => {
    expect(calculate(expression)).toEqual({ text: result, isExact: false })
  })

  it.each(REFUSED)('says what is wrong with "%s"', (expression, problem, position) => {
    const error = faultOf(expression)
    expect(error?.message).toMatch(problem)
    if (position !== undefined) expect(error?.params.position).toBe(position)
  })

  it.each([
    '9^9^9^9',
    '9^9^9',
    '999999!',
    '1000!^1000',
    '(1000!)!',
    '2^99999999999',
    '(1/3)^99999',
    'choose(10^900, 999)',
    `${'9'.repeat(400)}^400`,
    `${'('.repeat(200)}1${')'.repeat(200)}`,
    '-'.repeat(400),
    `1${'^1'.repeat(200)}`,
    `${'9'.repeat(501)}`,
  ])('refuses at once what would take forever: %s', (expression) => {
    expect(faultOf(expression)).toBeDefined()
  })

  it('agrees with whole numbers of the language itself', () => {
    fc.assert(
      fc.property(tree(6), ({ written, value }) => {
        if (value === undefined) expect(faultOf(written)?.message).toMatch(/zero/)
        else expect(calculate(written).text).toBe(value.toString())
      }),
    )
  })

  it('gives a value or an error of ours for any text', () => {
    const pieces = fc.constantFrom(
      ...[
        '1',
        '2.5',
        '(',
        ')',
        '+',
        '-',
        '*',
        '/',
        '^',
        '!',
        '%',
        ',',
        'sqrt',
        'max(',
        'pi',
        'e',
        'mod',
        '²',
        ' ',
        'x',
        '√',
      ],
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(pieces).map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          try {
            expect(calculate(text).text).toMatch(/^-?\d/)
          } catch (error) {
            expect(isLvaError(error, 'bad-input')).toBe(true)
          }
        },
      ),
      { numRuns: 500 },
    )
  })

  it('is a tool that reads, and shows its result in the timeline', async () => {
    expect(calculateTool.effect).toBe('reads')
    const outcome = await calculateTool.run({ expression: '17% of 340' }, {} as never)
    expect(outcome).toEqual({ text: 'Exactly 57.8', isForeign: false, about: '17% of 340 = 57.8' })
  })
})

function faultOf(expression: string) {
  try {
    calculate(expression)
    return undefined
  } catch (error) {
    if (isLvaError(error, 'bad-input')) return error
    throw error
  }
}

interface Tree {
  written: string
  /** Undefined where it divides by zero. */
  value: bigint | undefined
}

/** Expressions of whole numbers, with every operator in parentheses, and their values. */
function tree(depth: number): fc.Arbitrary<Tree> {
  const leaf = fc.bigInt({ min: 0n, max: 10n ** 12n }).map((value): Tree => ({ written: `${value}`, value }))
  if (depth === 0) return leaf
  const under = tree(depth - 1)
  return fc.oneof(
    leaf,
    fc.tuple(under, fc.constantFrom('+', '-', '*', 'mod'), under).map(([left, operator, right]): Tree => {
      const written = `(${left.written} ${operator} ${right.written})`
      if (left.value === undefined || right.value === undefined) return { written, value: undefined }
      return { written, value: applied(left.value, operator, right.value) }
    }),
  )
}

function applied(left: bigint, operator: string, right: bigint): bigint | undefined {
  if (operator === '+') return left + right
  if (operator === '-') return left - right
  if (operator === '*') return left * right
  if (right === 0n) return undefined
  const rest = left % right
  return rest !== 0n && rest < 0n !== right < 0n ? rest + right : rest
}
