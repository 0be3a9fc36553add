import type { Stretch } from './types.ts'

/** Letters that are read where digits stand. */
const READ_AS: Record<string, string> = {
  O: '0',
  o: '0',
  D: '0',
  l: '1',
  I: '1',
  '|': '1',
  Z: '2',
  S: '5',
  B: '8',
  g: '9',
}
const GROUPS = /[0-9OolI|SBZDg](?:[ \u00a0.-]?[0-9OolI|SBZDg]){12,18}/g
/** As cards are printed: fours, or four, six and five. */
const PRINTED = /^\S{4}[ .-]\S{4}[ .-]\S{4}[ .-]\S{4}$|^\S{4}[ .-]\S{6}[ .-]\S{5}$/
/** Luhn's sum of digits (ISO/IEC 7812-1, annex B). */
export function hasLuhnSum(digits: string): boolean {
  let sum = 0
  for (let at = 0; at < digits.length; at++) {
    const digit = Number(digits[digits.length - 1 - at])
    const doubled = at % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/** Card numbers; where a digit was misread, those that stand as cards are printed. */
export function cardNumbers(text: string): Stretch[] {
  return Array.from(text.matchAll(GROUPS)).flatMap((match) => {
    const [group] = match
    const plain = group.replace(/[ \u00a0.-]/g, '')
    const own = plain.replace(/\D/g, '').length
    if (own < plain.length * 0.7) return []
    const digits = Array.from(plain, (sign) => READ_AS[sign] ?? sign).join('')
    const isCard = hasLuhnSum(digits) || PRINTED.test(group)
    return isCard ? [{ kind: 'card' as const, start: match.index, end: match.index + group.length }] : []
  })
}

/** A zero of the check digits may have been read as one or two letters. */
const IBAN = /\b[A-Z]{2}(?:[0-9OQDIl]{2}|[OQD]{1,2}[0-9]{1,2})(?:[ \u00a0-]?[A-Z0-9]{1,4}){3,8}\b/g
const SHORTEST_IBAN = 15
const LONGEST_IBAN = 34

/** Account numbers by their check digits (ISO 13616), and such as are grouped in fours. */
export function accountNumbers(text: string): Stretch[] {
  return Array.from(text.matchAll(IBAN)).flatMap((match) => {
    const [given] = match
    const plain = given.replace(/[ \u00a0-]/g, '')
    if (plain.length < SHORTEST_IBAN || plain.length > LONGEST_IBAN) return []
    const digits = plain.replace(/\D/g, '').length
    const isGrouped = /^\S{4,5}(?: \S{4}){3,7}(?: \S{1,3})?$/.test(given) && digits >= plain.length * 0.6
    return isGrouped || hasIbanSum(plain)
      ? [{ kind: 'account' as const, start: match.index, end: match.index + given.length }]
      : []
  })
}

function hasIbanSum(plain: string): boolean {
  const turned = plain.slice(4) + plain.slice(0, 4)
  let rest = 0
  for (const sign of turned) {
    const value = Number.parseInt(sign, 36)
    if (Number.isNaN(value)) return false
    rest = (value > 9 ? rest * 100 + value : rest * 10 + value) % 97
  }
  return rest === 1
}

/** Social security numbers of the United States, and Spanish identity numbers with their letter. */
const IDENTITY = /\b(?!000|666)\d{3}[- ]\d{2}[- ]\d{4}\b|\b[XYZ]?-?\d{7,8}-?[A-HJ-NP-TV-Z]\b/g

export function identityNumbers(text: string): Stretch[] {
  return Array.from(text.matchAll(IDENTITY), ({ 0: given, index }) => ({
    kind: 'identity' as const,
    start: index,
    end: index + given.length,
  }))
}
