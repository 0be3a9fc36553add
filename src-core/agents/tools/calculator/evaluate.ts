import { calculationFault } from './fault.ts'
import {
  add,
  compare,
  exactRoot,
  type Fraction,
  floorOf,
  fraction,
  greatestCommonDivisor,
  inverse,
  isWhole,
  multiply,
  negate,
  power,
  toDouble,
} from './fraction.ts'
import type { Expression, Operator } from './parse.ts'

/** Exact as long as it can be; a double from where it cannot. */
export type Value = Fraction | number

/** 1,000! has 2,568 digits. */
const LARGEST_FACTORIAL = 1_000n

const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, π: Math.PI, e: Math.E, tau: 2 * Math.PI }

/** Of one number, and never exact. Angles are radians. */
const DOUBLES: Readonly<Record<string, (value: number) => number>> = {
  cbrt: Math.cbrt,
  exp: Math.exp,
  ln: Math.log,
  log10: Math.log10,
  log2: Math.log2,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  rad: (degrees) => (degrees * Math.PI) / 180,
  deg: (radians) => (radians * 180) / Math.PI,
}

interface Rule {
  /** Fewest and most numbers that it takes. */
  takes: [number, number]
  of(given: Value[]): Value
}

const MANY = 200

const RULES: Readonly<Record<string, Rule>> = {
  sqrt: { takes: [1, 1], of: ([value = ZERO]) => rootOf(value) },
  abs: { takes: [1, 1], of: ([value = ZERO]) => (isNegative(value) ? minus(value) : value) },
  floor: { takes: [1, 1], of: ([value = ZERO]) => rounded(value, floorOf, Math.floor) },
  ceil: { takes: [1, 1], of: ([value = ZERO]) => minus(rounded(minus(value), floorOf, Math.floor)) },
  trunc: { takes: [1, 1], of: ([value = ZERO]) => rounded(value, ({ top, bottom }) => top / bottom, Math.trunc) },
  round: { takes: [1, 2], of: ([value = ZERO, places = ZERO]) => roundTo(value, places) },
  log: { takes: [1, 2], of: ([value = ZERO, base]) => logarithm(double(value), base && double(base)) },
  min: { takes: [1, MANY], of: (given) => given.reduce((least, one) => (isLess(one, least) ? one : least)) },
  max: { takes: [1, MANY], of: (given) => given.reduce((most, one) => (isLess(most, one) ? one : most)) },
  sum: { takes: [1, MANY], of: sumOf },
  mean: { takes: [1, MANY], of: (given) => operate('/', sumOf(given), fraction(BigInt(given.length))) },
  median: { takes: [1, MANY], of: medianOf },
  mod: { takes: [2, 2], of: ([left = ZERO, right = ZERO]) => operate('mod', left, right) },
  gcd: {
    takes: [1, MANY],
    of: (given) => fraction(given.map((one) => whole(one, 'gcd')).reduce(greatestCommonDivisor, 0n)),
  },
  lcm: { takes: [1, MANY], of: (given) => given.reduce(commonMultiple) },
  factorial: { takes: [1, 1], of: ([value = ZERO]) => factorialOf(value) },
  choose: { takes: [2, 2], of: ([from = ZERO, taken = ZERO]) => chosen(from, taken) },
}

const ZERO = fraction(0n)
const HUNDREDTH = fraction(1n, 100n)

/**
 * The value of an expression.
 * @throws LvaError bad-input where it has none: a division by zero, a root of a negative number, a number that is too large
 */
export function evaluate(expression: Expression): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'name':
      return constant(expression.name, expression.at)
    case 'call':
      return call(expression.name, expression.given.map(evaluate), expression.at)
    case 'negative':
      return minus(evaluate(expression.of))
    case 'percent':
      return operate('*', evaluate(expression.of), HUNDREDTH)
    case 'factorial':
      return factorialOf(evaluate(expression.of))
    case 'operation': {
      const { operator, left, right } = expression
      const before = evaluate(left)
      const after = evaluate(right)
      // As people and pocket calculators say it: 200 + 10% is 220.
      const isShare = right.kind === 'percent' && (operator === '+' || operator === '-')
      return operate(operator, before, isShare ? operate('*', before, after) : after)
    }
  }
}

function operate(operator: Operator, left: Value, right: Value): Value {
  if (typeof left !== 'number' && typeof right !== 'number') {
    switch (operator) {
      case '+':
        return add(left, right)
      case '-':
        return add(left, negate(right))
      case '*':
        return multiply(left, right)
      case '/':
        return multiply(left, inverse(right))
      case 'mod': {
        const times = fraction(floorOf(multiply(left, inverse(right))))
        return add(left, negate(multiply(times, right)))
      }
      case '^':
        if (isWhole(right)) return power(left, right.top)
    }
  }
  const [a, b] = [double(left), double(right)]
  switch (operator) {
    case '+':
      return sound(a + b)
    case '-':
      return sound(a - b)
    case '*':
      return sound(a * b)
    case '/':
      if (b === 0) throw calculationFault('a division by zero')
      return sound(a / b)
    case 'mod':
      if (b === 0) throw calculationFault('a division by zero')
      return sound(a - Math.floor(a / b) * b)
    case '^':
      return sound(a ** b, 'a root of a negative number')
  }
}

function constant(name: string, at: number): Value {
  const value = Object.hasOwn(CONSTANTS, name) ? CONSTANTS[name] : undefined
  if (value === undefined) throw unknownName(at)
  return value
}

function call(name: string, given: Value[], at: number): Value {
  if (Object.hasOwn(DOUBLES, name)) {
    expectCount(name, given.length, [1, 1], at)
    return sound(DOUBLES[name]?.(double(given[0] as Value)) ?? Number.NaN, `${name} of such a number`)
  }
  const rule = Object.hasOwn(RULES, name) ? RULES[name] : undefined
  if (!rule) throw unknownName(at)
  expectCount(name, given.length, rule.takes, at)
  return rule.of(given)
}

function expectCount(name: string, count: number, [fewest, most]: [number, number], at: number): void {
  if (count >= fewest && count <= most) return
  const wanted = fewest === most ? `${fewest}` : `${fewest} to ${most}`
  throw calculationFault(`${name} takes ${wanted} numbers, not ${count}`, at)
}

function unknownName(at: number) {
  const known = [...Object.keys(CONSTANTS), ...Object.keys(DOUBLES), ...Object.keys(RULES)].join(', ')
  return calculationFault(`a name that is not known; there are ${known}`, at)
}

// ------------------------------------------------------------------------------------------ functions

function rootOf(value: Value): Value {
  if (isNegative(value)) throw calculationFault('a root of a negative number')
  return (typeof value === 'number' ? undefined : exactRoot(value)) ?? Math.sqrt(double(value))
}

/** Halves go away from zero, as at school. */
function roundTo(value: Value, places: Value): Value {
  const digits = whole(places, 'round')
  if (digits < 0n || digits > 15n) throw calculationFault('round to 0 to 15 places')
  const scale = 10n ** digits
  if (typeof value === 'number') return sound(Number(`${Math.round(Number(`${value}e${digits}`))}e-${digits}`))
  const size = value.top < 0n ? negate(value) : value
  const steps = floorOf(add(multiply(size, fraction(scale)), fraction(1n, 2n)))
  return fraction(value.top < 0n ? -steps : steps, scale)
}

function logarithm(value: number, base: number | undefined): number {
  return sound(
    base === undefined ? Math.log10(value) : Math.log(value) / Math.log(base),
    'a logarithm of such a number',
  )
}

function sumOf(given: Value[]): Value {
  return given.reduce((total, one) => operate('+', total, one), ZERO)
}

function medianOf(given: Value[]): Value {
  const sorted = [...given].sort((a, b) => (isLess(a, b) ? -1 : isLess(b, a) ? 1 : 0))
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1)
  return operate('/', sumOf(middle), fraction(BigInt(middle.length)))
}

function commonMultiple(a: Value, b: Value): Value {
  const [left, right] = [whole(a, 'lcm'), whole(b, 'lcm')]
  if (left === 0n || right === 0n) return ZERO
  const product = left * right
  return fraction((product < 0n ? -product : product) / greatestCommonDivisor(left, right))
}

function factorialOf(value: Value): Fraction {
  const of = whole(value, 'a factorial')
  if (of < 0n) throw calculationFault('a factorial of a negative number')
  if (of > LARGEST_FACTORIAL) throw calculationFault(`a factorial of more than ${LARGEST_FACTORIAL}`)
  let product = 1n
  for (let factor = 2n; factor <= of; factor += 1n) product *= factor
  return fraction(product)
}

function chosen(from: Value, taken: Value): Fraction {
  const [n, k] = [whole(from, 'choose'), whole(taken, 'choose')]
  if (n < 0n || k < 0n) throw calculationFault('choose takes no negative numbers')
  if (k > n) return ZERO
  const left = n - k
  // As many ways to take some as to leave the others.
  if (left < k) return chosen(from, fraction(left))
  if (k > LARGEST_FACTORIAL) throw calculationFault(`choose with more than ${LARGEST_FACTORIAL}`)
  let ways = fraction(1n)
  for (let step = 1n; step <= k; step += 1n) ways = fraction((ways.top * (left + step)) / step)
  return ways
}

// ------------------------------------------------------------------------------------------ numbers

function rounded(value: Value, exact: (value: Fraction) => bigint, near: (value: number) => number): Value {
  return typeof value === 'number' ? near(value) : fraction(exact(value))
}

function minus(value: Value): Value {
  return typeof value === 'number' ? -value : negate(value)
}

function isNegative(value: Value): boolean {
  return typeof value === 'number' ? value < 0 : value.top < 0n
}

function isLess(a: Value, b: Value): boolean {
  return typeof a === 'number' || typeof b === 'number' ? double(a) < double(b) : compare(a, b) < 0
}

function whole(value: Value, of: string): bigint {
  if (typeof value === 'number' ? !Number.isSafeInteger(value) : !isWhole(value))
    throw calculationFault(`${of} takes whole numbers`)
  return typeof value === 'number' ? BigInt(value) : value.top
}

function double(value: Value): number {
  return sound(typeof value === 'number' ? value : toDouble(value))
}

function sound(value: number, otherwise = 'a value that is no number'): number {
  if (Number.isNaN(value)) throw calculationFault(otherwise)
  if (!Number.isFinite(value)) throw calculationFault('a number that is too large')
  return value
}
