import { calculationFault } from './fault.ts'
import { type Fraction, fraction } from './fraction.ts'

export type Operator = '+' | '-' | '*' | '/' | '^' | 'mod'

/** An expression as a tree. `at` is where its operator, name or figure stands. */
export type Expression =
  | { kind: 'number'; value: Fraction; at: number }
  | { kind: 'name'; name: string; at: number }
  | { kind: 'call'; name: string; given: Expression[]; at: number }
  | { kind: 'negative' | 'factorial' | 'percent'; of: Expression; at: number }
  | { kind: 'operation'; operator: Operator; left: Expression; right: Expression; at: number }

interface Token {
  kind: 'number' | 'name' | 'sign' | 'end'
  text: string
  at: number
}

/** UTF-16 code units of an expression. */
export const LONGEST_EXPRESSION = 500
/** Deepest nesting of parentheses, signs and powers. */
const DEEPEST = 60
/** An exponent of ten beyond it makes no number that could be shown. */
const LARGEST_EXPONENT = 1_000

const TOKEN =
  /\s*(?:(?<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>\p{L}[\p{L}\d_]*)|(?<sign>\*\*|[-+*/^%!(),√²³]))/uy

/** Other ways to write the same sign. */
const SAME: Readonly<Record<string, string>> = { '×': '*', '·': '*', '⋅': '*', '÷': '/', ':': '/', '−': '-', '–': '-' }

/**
 * Reads an expression. The grammar, loosest first:
 *
 *     sum      = product { ("+" | "-") product }
 *     product  = signed { ("*" | "/" | "of" | "mod" | "%") signed }     "%" only where an operand follows
 *     signed   = [ "-" | "+" ] signed | power
 *     power    = postfix [ ("^" | "**") signed ]                        to the right: 2^3^2 is 2^9; -2^2 is -4
 *     postfix  = operand { "!" | "%" | "²" | "³" }
 *     operand  = figure | name | name "(" sum { "," sum } ")" | "(" sum ")" | "√" operand
 *
 * @throws LvaError bad-input with the place of what does not fit
 */
export function parse(text: string): Expression {
  if (text.length > LONGEST_EXPRESSION)
    throw calculationFault(`an expression of more than ${LONGEST_EXPRESSION} characters`)
  const tokens = tokensOf(text)
  let place = 0
  let depth = 0
  const present = () => tokens[place] as Token
  const isAt = (...signs: string[]) => present().kind !== 'number' && signs.includes(present().text)
  const take = () => {
    const token = present()
    place += 1
    return token
  }

  function nested<T>(read: () => T): T {
    depth += 1
    if (depth > DEEPEST) throw calculationFault(`more than ${DEEPEST} levels in one another`, present().at)
    const value = read()
    depth -= 1
    return value
  }

  function sum(): Expression {
    let left = product()
    while (isAt('+', '-')) {
      const { text: operator, at } = take()
      left = { kind: 'operation', operator: operator as Operator, left, right: product(), at }
    }
    return left
  }

  function product(): Expression {
    let left = signed()
    while (isAt('*', '/', 'of', 'mod', '%')) {
      const { text: sign, at } = take()
      const operator = sign === 'of' ? '*' : sign === '%' ? 'mod' : (sign as Operator)
      left = { kind: 'operation', operator, left, right: signed(), at }
    }
    return left
  }

  function signed(): Expression {
    if (!isAt('-', '+')) return power()
    const { text: sign, at } = take()
    const of = nested(signed)
    return sign === '-' ? { kind: 'negative', of, at } : of
  }

  function power(): Expression {
    const left = postfix()
    if (!isAt('^', '**')) return left
    const { at } = take()
    return { kind: 'operation', operator: '^', left, right: nested(signed), at }
  }

  function postfix(): Expression {
    let of = operand()
    for (;;) {
      if (isAt('!')) of = { kind: 'factorial', of, at: take().at }
      else if (isAt('%') && !beginsOperand(tokens[place + 1])) of = { kind: 'percent', of, at: take().at }
      else if (isAt('²', '³')) {
        const { text: sign, at } = take()
        const exponent: Expression = { kind: 'number', value: fraction(sign === '²' ? 2n : 3n), at }
        of = { kind: 'operation', operator: '^', left: of, right: exponent, at }
      } else return of
    }
  }

  function operand(): Expression {
    const { kind, text: words, at } = take()
    if (kind === 'number') return { kind: 'number', value: figure(words, at), at }
    if (kind === 'name') {
      const name = words.toLowerCase()
      if (!isAt('(')) return { kind: 'name', name, at }
      take()
      return { kind: 'call', name, given: nested(list), at }
    }
    if (words === '√') return { kind: 'call', name: 'sqrt', given: [nested(operand)], at }
    if (words === '(') {
      const inner = nested(sum)
      close(at)
      return inner
    }
    throw kind === 'end'
      ? calculationFault('something is missing at the end', at)
      : calculationFault('a sign stands where a number is expected', at)
  }

  function list(): Expression[] {
    const opened = present().at - 1
    if (isAt(')')) {
      take()
      return []
    }
    const given = [sum()]
    while (isAt(',')) {
      take()
      given.push(sum())
    }
    close(opened)
    return given
  }

  function close(opened: number): void {
    if (present().kind === 'end') throw calculationFault('a parenthesis is not closed', opened)
    if (!isAt(')')) throw calculationFault('an operator or ")" is missing', present().at)
    take()
  }

  const whole = sum()
  if (present().kind !== 'end') throw calculationFault('an operator is missing', present().at)
  return whole
}

/** A sign behind a percent is that of a sum: "10% - 3". */
function beginsOperand(token: Token | undefined): boolean {
  if (token === undefined) return false
  if (token.kind === 'name') return token.text !== 'of' && token.text !== 'mod'
  return token.kind === 'number' || token.text === '(' || token.text === '√'
}

function tokensOf(written: string): Token[] {
  const text = written.replace(/[×·⋅÷:−–]/gu, (sign) => SAME[sign] ?? sign)
  const tokens: Token[] = []
  let at = 0
  while (text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at
    const found = TOKEN.exec(text)
    if (!found?.groups) {
      const odd = at + (/\S/u.exec(text.slice(at))?.index ?? 0)
      throw calculationFault('a sign that is not known', odd)
    }
    const { number, name, sign = '' } = found.groups
    const words = number ?? name ?? sign
    tokens.push({
      kind: number !== undefined ? 'number' : name !== undefined ? 'name' : 'sign',
      text: words,
      at: TOKEN.lastIndex - words.length,
    })
    at = TOKEN.lastIndex
  }
  tokens.push({ kind: 'end', text: '', at: text.length })
  return tokens
}

/** The exact value of a figure such as `12.50` or `3e-4`. */
function figure(written: string, at: number): Fraction {
  const [mantissa = '', exponent = '0'] = written.toLowerCase().split('e')
  const [whole = '', places = ''] = mantissa.split('.')
  const tens = Number(exponent) - places.length
  if (Math.abs(Number(exponent)) > LARGEST_EXPONENT)
    throw calculationFault('a figure that is too large or too small', at)
  const digits = BigInt(`${whole}${places}` || '0')
  return tens >= 0 ? fraction(digits * 10n ** BigInt(tens)) : fraction(digits, 10n ** BigInt(-tens))
}
