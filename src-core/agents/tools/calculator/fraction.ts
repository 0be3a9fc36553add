import { calculationFault } from './fault.ts'

/** An exact number, in lowest terms; `bottom` is positive. */
export interface Fraction {
  top: bigint
  bottom: bigint
}

/** Bits of the largest numerator or denominator, some 3,000 digits: beyond it nobody reads, and the machine would be kept busy. */
const MOST_BITS = 10_000
/** A number that a double holds exactly. */
const SAFE = BigInt(Number.MAX_SAFE_INTEGER)
/** Bits of a quotient that is to become a double; it keeps 53 of them. */
const QUOTIENT_BITS = 66

/** @throws LvaError bad-input for a number that is too large */
export function fraction(top: bigint, bottom = 1n): Fraction {
  if (bottom === 1n) return withinSize({ top, bottom })
  const divisor = greatestCommonDivisor(top, bottom) * (bottom < 0n ? -1n : 1n)
  return withinSize({ top: top / divisor, bottom: bottom / divisor })
}

export const isWhole = ({ bottom }: Fraction): boolean => bottom === 1n

export function add(a: Fraction, b: Fraction): Fraction {
  return fraction(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom)
}

export function multiply(a: Fraction, b: Fraction): Fraction {
  return fraction(a.top * b.top, a.bottom * b.bottom)
}

export function negate({ top, bottom }: Fraction): Fraction {
  return { top: -top, bottom }
}

/** @throws LvaError bad-input for zero */
export function inverse({ top, bottom }: Fraction): Fraction {
  if (top === 0n) throw calculationFault('a division by zero')
  return fraction(bottom, top)
}

/** The whole number at or below it. */
export function floorOf({ top, bottom }: Fraction): bigint {
  const cut = top / bottom
  return top < 0n && top % bottom !== 0n ? cut - 1n : cut
}

/** To a whole power. The size is told before anything is multiplied, so that 9^9^9 costs nothing. */
export function power(base: Fraction, exponent: bigint): Fraction {
  const isUnit = base.bottom === 1n && (base.top === 0n || base.top === 1n || base.top === -1n)
  const steps = exponent < 0n ? -exponent : exponent
  if (isUnit) {
    if (base.top === 0n && exponent < 0n) throw calculationFault('a division by zero')
    if (base.top === 0n) return fraction(steps === 0n ? 1n : 0n)
    return fraction(steps % 2n === 0n ? 1n : base.top)
  }
  const bits = Math.max(bitsOf(base.top), bitsOf(base.bottom)) - 1
  if (steps > BigInt(MOST_BITS) || bits * Number(steps) > MOST_BITS) throw tooLarge()
  const raised = fraction(base.top ** steps, base.bottom ** steps)
  return exponent < 0n ? inverse(raised) : raised
}

/** Its square root where that is a fraction itself. */
export function exactRoot({ top, bottom }: Fraction): Fraction | undefined {
  if (top < 0n) return undefined
  const roots = [wholeRoot(top), wholeRoot(bottom)] as const
  return roots[0] ** 2n === top && roots[1] ** 2n === bottom ? { top: roots[0], bottom: roots[1] } : undefined
}

export function compare(a: Fraction, b: Fraction): number {
  const difference = a.top * b.bottom - b.top * a.bottom
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [large, small] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (small > 0n) [large, small] = [small, large % small]
  return large
}

/** The nearest double, or one beside it; infinite where it is larger than those are. */
export function toDouble({ top, bottom }: Fraction): number {
  const size = top < 0n ? -top : top
  if (size <= SAFE && bottom <= SAFE) return Number(top) / Number(bottom)
  const shift = QUOTIENT_BITS - (bitsOf(size) - bitsOf(bottom))
  const quotient = shift > 0 ? (size << BigInt(shift)) / bottom : size / (bottom << BigInt(-shift))
  // In two steps: 2 to the power of the whole shift may be no double.
  const half = Math.trunc(shift / 2)
  const double = Number(quotient) * 2 ** -half * 2 ** -(shift - half)
  return top < 0n ? -double : double
}

function wholeRoot(square: bigint): bigint {
  if (square < 2n) return square
  // Newton's method from above.
  let root = 1n << BigInt(Math.ceil(bitsOf(square) / 2))
  for (;;) {
    const next = (root + square / root) / 2n
    if (next >= root) return root
    root = next
  }
}

function bitsOf(value: bigint): number {
  return (value < 0n ? -value : value).toString(16).length * 4
}

function withinSize(value: Fraction): Fraction {
  if (bitsOf(value.top) > MOST_BITS + 8 || bitsOf(value.bottom) > MOST_BITS + 8) throw tooLarge()
  return value
}

function tooLarge() {
  return calculationFault('a number of more than 3,000 digits')
}
