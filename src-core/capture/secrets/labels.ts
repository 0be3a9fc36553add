import { isOdd } from './opaque.ts'
import type { SecretKind, Stretch } from './types.ts'

/** Words beside which a secret stands, in the languages of the screens and their neighbours. */
const LABELS: readonly { kind: SecretKind; words: RegExp }[] = [
  {
    kind: 'password',
    words:
      /pass(?:word|wort|phrase|code)?|pwd|passwd|kennwort|contrase.{1,2}a|clave(?! (?:de|del) (?:acceso|api|cuenta))|mot de passe|senha|parola d.ordine|(?:wpa|wifi|wi-fi|network|netzwerk)[- ]?(?:key|schlüssel)|pin|puk|security (?:answer|question)|sicherheitsfrage/,
  },
  {
    kind: 'token',
    words:
      /(?:api|access|secret|client|account|private|encryption|signing|master|license|licence|product|service|shared)[-_ ]?(?:key|secret|token|schlüssel)(?:[-_ ]?id)?|secret|token|bearer|authorization|basic|credentials?|api-schlüssel|zugangsschlüssel|lizenzschlüssel|clave (?:de|del) (?:acceso|api)|(?:set-)?cookie|session[-_ ]?id|signature|webhook|x-api-key/,
  },
  {
    kind: 'code',
    words:
      /otp|2fa|mfa|tan|(?:one[- ]time|verification|security|login|sms|auth(?:entication)?|confirmation|recovery|backup|access)[- ]?(?:code|passcode)s?|(?:bestätigungs|sicherheits|einmal|zugangs|prüf|anmelde|wiederherstellungs)-?codes?|código(?:s)? (?:de )?(?:verificación|seguridad|acceso|recuperación|confirmación)|code de (?:vérification|sécurité)|code is|code lautet|código es/,
  },
  {
    kind: 'card',
    words: /c[vw]{2,3}2?|cvc2?|cvn|card (?:number|no\.?)|kartennummer|kreditkarte|número de (?:la )?tarjeta/,
  },
  { kind: 'account', words: /iban|account (?:number|no\.?)|kontonummer|routing number|número de cuenta|sort code/ },
  {
    kind: 'identity',
    words:
      /ssn|social security(?: (?:number|no\.?))?|passport (?:number|no\.?)|(?:reise)?passnummer|ausweisnummer|steuer-?id(?:entifikationsnummer)?|sozialversicherungsnummer|tax id|dni|nie|nif|national id/,
  },
  {
    kind: 'phrase',
    words:
      /(?:seed|recovery|secret recovery|backup|mnemonic) phrase|mnemonic|wiederherstellungsphrase|frase (?:de recuperación|semilla)/,
  },
]

const LETTER = '[\\p{L}\\p{N}]'
const FINDERS = LABELS.map(({ kind, words }) => ({
  kind,
  // A name such as DB_PASSWORD or clientSecret ends in the word.
  finder: new RegExp(`(?:(?<!${LETTER})|(?<=[_a-z-]))(?:${words.source})(?!${LETTER})["'’)\\]]*`, 'giu'),
}))
const NAMED =
  /(?:^|[\s{,;&?"'])(?<name>[A-Za-z][\w.-]*(?:key|secret|token|passw(?:or)?d|passphrase|pwd|pass|credential|auth|pat|dsn)s?(?:_?(?:id|base|b64|hash))?)["']?(?= ?[:=])/giu

/** `: value`, `= value`, `is value`. */
const SIGN = /^\s*(?:[:=]+>?|→|is:?|lautet:?|es:?|-{1,2}>)\s*["'“„]?/iu
/** Where an assignment ends that others follow. */
const END = /["'”;&,]|\s+(?=\p{L}[\p{L}_]*\s*[:=])/u

interface Label {
  kind: SecretKind
  start: number
  end: number
}

/** Labels in a line, in their order; of two at one place the longer. */
export function labelsIn(text: string): Label[] {
  const found = FINDERS.flatMap(({ kind, finder }) =>
    Array.from(text.matchAll(finder), ({ 0: given, index }) => ({ kind, start: index, end: index + given.length })),
  )
  for (const { index, 0: given, groups } of text.matchAll(NAMED)) {
    const end = index + given.length
    found.push({ kind: /pass|pwd/i.test(groups?.name ?? '') ? 'password' : 'token', start: index, end })
  }
  const inOrder = found.sort((a, b) => a.start - b.start || b.end - a.end)
  return inOrder.filter(
    ({ start, end }, at) => !inOrder.some((other, place) => place !== at && covers(other, { start, end }, place < at)),
  )
}

function covers(a: { start: number; end: number }, b: { start: number; end: number }, isEarlier: boolean): boolean {
  if (a.start === b.start && a.end === b.end) return isEarlier
  return a.start <= b.start && a.end >= b.end
}

/** What stands behind the labels of a line, and labels behind which nothing does: their value may stand beside or below. */
export function labelled(text: string): { values: Stretch[]; open: SecretKind[] } {
  const values: Stretch[] = []
  const open: SecretKind[] = []
  for (const { kind, end } of labelsIn(text)) {
    const rest = text.slice(end)
    const sign = SIGN.exec(rest)
    const from = end + (sign?.[0].length ?? rest.length - rest.trimStart().length)
    const value = text.slice(from)
    if (value.trim() === '') {
      open.push(kind)
      continue
    }
    const length = sign ? lengthOf(kind, value) : unsignedLength(kind, value)
    if (length > 0) values.push({ kind, start: from, end: from + length })
  }
  return { values, open }
}

/** A value behind a sign reaches to the end of the assignment; what was read with gaps belongs to it. */
function lengthOf(kind: SecretKind, value: string): number {
  if (kind === 'code' && !/\d/.test(value) && !/[A-Z]{5}/.test(value)) return 0
  if (value.startsWith('{') || value.startsWith('[')) return 0
  const end = END.exec(value)
  const length = value.slice(0, end && end.index > 0 ? end.index : value.length).trimEnd().length
  return isProse(kind, value.slice(0, length)) ? 0 : length
}

/** "Token: the smallest piece of a text" explains a word. A passphrase may be of words, but not of a sentence. */
function isProse(kind: SecretKind, value: string): boolean {
  if (kind !== 'token' && kind !== 'password') return false
  const words = value.split(/\s+/)
  return words.length >= (kind === 'token' ? 2 : 6) && words.every((word) => /^\p{L}+['’.,;:!?]*\p{L}*$/u.test(word))
}

/** Behind a label without a sign, only what looks like a secret is one: "the password must be changed" names none. */
function unsignedLength(kind: SecretKind, value: string): number {
  const word = /^\S+/.exec(value)?.[0] ?? ''
  if (kind === 'phrase') return 0
  if (kind === 'password' || kind === 'token') return isOdd(word) && /[\d!@#$%^&*_+=~]/.test(word) ? word.length : 0
  const digits = /^(?:[A-Z]{1,2}-?)?[\d][\d -]{2,22}/.exec(value)?.[0] ?? ''
  return digits.replace(/\D/g, '').length >= 3 ? digits.trimEnd().length : 0
}

/** Whether a line of its own may be the value of a label beside or above it. */
export function mayBeValue(kind: SecretKind, text: string): boolean {
  const words = text.trim().split(/\s+/)
  if (kind === 'code') return /^[A-Z]{0,2}-?\d[\d -]{2,12}$|^[A-Za-z0-9]{4,6}-[A-Za-z0-9]{4,6}/.test(text.trim())
  if (kind === 'card' || kind === 'account' || kind === 'identity') return (text.match(/\d/g)?.length ?? 0) >= 3
  if (kind === 'phrase') return words.length >= 3
  return words.length <= 3 && text.trim().length >= 4 && !/^\p{Lu}?\p{Ll}+(?:\s\p{Ll}+)*[.:]?$/u.test(text.trim())
}
