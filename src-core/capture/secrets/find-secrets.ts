import { wordlist } from '@scure/bip39/wordlists/english.js'
import { labelled, mayBeValue } from './labels.ts'
import { accountNumbers, cardNumbers, identityNumbers } from './numbers.ts'
import { isOdd, isOpaque } from './opaque.ts'
import type { Box, Secret, SecretKind, SeenLine, Stretch } from './types.ts'

/** Keys that were read with gaps are put together again from at most so many words. */
const MOST_PIECES = 5
/** A piece of a key that looks like a word is short. */
const LONGEST_REST = 4

/** What nobody should see in lines as they were read. Rather too much than too little: it is called before anything is stored. */
export function findSecrets(lines: readonly SeenLine[]): Secret[] {
  const found = lines.flatMap(({ text }, line) => inLine(text).map((stretch) => ({ ...stretch, line })))
  found.push(...besideLabels(lines), ...keyBlocks(lines), ...phrases(lines), ...codesAround(lines))
  return joined(found)
}

function inLine(text: string): Stretch[] {
  return [
    ...labelled(text).values,
    ...opaqueWords(text),
    ...cardNumbers(text),
    ...accountNumbers(text),
    ...identityNumbers(text),
    ...connections(text),
  ]
}

function opaqueWords(text: string): Stretch[] {
  const words = Array.from(text.matchAll(/\S+/g), ({ 0: word, index }) => ({ word, start: index }))
  const found: Stretch[] = []
  for (const [at, { word, start }] of words.entries()) {
    if (isOpaque(word)) {
      const [from, to] = withPieces(words, at)
      found.push({ kind: 'token', start: from, end: to })
      continue
    }
    let whole = word
    for (let next = at + 1; next < words.length && next < at + MOST_PIECES; next++) {
      const piece = words[next]
      if (!piece || !isOdd(piece.word) || !isOdd(word)) break
      whole += piece.word
      if (isOpaque(whole)) found.push({ kind: 'token', start, end: piece.start + piece.word.length })
    }
  }
  return found
}

/** The stretch of a key with what was torn off it: words around it that are none of a sentence, and short ones between those. */
function withPieces(words: readonly { word: string; start: number }[], at: number): [start: number, end: number] {
  const endOf = (index: number) => (words[index]?.start ?? 0) + (words[index]?.word.length ?? 0)
  let last = at
  for (let next = at + 1; next < Math.min(words.length, at + MOST_PIECES); next++) {
    const word = words[next]?.word ?? ''
    if (isOdd(word)) last = next
    else if (word.length > LONGEST_REST) break
  }
  const before = words[at - 1]?.word ?? ''
  const first = /\d{6,}:?$/.test(before) ? at - 1 : at
  return [words[first]?.start ?? 0, endOf(last)]
}

/** Addresses with a name and a password in them, one of whose slashes may have been misread or lost, or with a secret behind their question mark. */
const CONNECTION = /[a-z][a-z0-9+.-]{2,}:\s?\/\s?[/lI|i]?\s?[^\s/@]*:\s?\S+@\S+|otpauth:\S+/gi

function connections(text: string): Stretch[] {
  return Array.from(text.matchAll(CONNECTION), ({ 0: given, index }) => ({
    kind: 'connection' as const,
    start: index,
    end: index + given.length,
  }))
}

/** Values of labels that stand alone: right of them, or below. */
function besideLabels(lines: readonly SeenLine[]): Secret[] {
  return lines.flatMap(({ text, words }, label) => {
    const kinds = labelled(text).open
    const own = boxOf(words)
    if (!own) return []
    return kinds.flatMap((kind) => {
      const value = nearest(lines, label, own, (line) => mayBeValue(kind, line.text))
      return value === undefined ? [] : [whole(lines, value, kind)]
    })
  })
}

/** The line on the same height to the right, else the one next below. */
function nearest(
  lines: readonly SeenLine[],
  label: number,
  [left, top, width, height]: Box,
  fits: (line: SeenLine) => boolean,
): number | undefined {
  const candidates = lines.flatMap((line, at) => {
    const box = at === label || !fits(line) ? undefined : boxOf(line.words)
    if (!box) return []
    const [x, y, , h] = box
    const middle = y + h / 2
    const isBeside = middle > top - height * 0.4 && middle < top + height * 1.4 && x >= left + width
    if (isBeside) return [{ at, distance: x - left - width }]
    const below = y - top - height
    const isBelow = below > -height * 0.5 && below < height * 3.5 && Math.abs(x - left) < Math.max(width, 0.08)
    return isBelow ? [{ at, distance: 1 + below }] : []
  })
  return candidates.sort((a, b) => a.distance - b.distance)[0]?.at
}

const BEGINS = /BEGIN.{0,24}PRIVATE ?KEY|PuTTY-User-Key-File|BEGIN PGP PRIVATE|Private-Lines/i
const ENDS = /END.{0,24}(?:PRIVATE|KEY)|Private-MAC/i
const LONGEST_BLOCK = 120

/** Private keys, from their first line to their last, or as far as the lines look like one. */
function keyBlocks(lines: readonly SeenLine[]): Secret[] {
  const found: Secret[] = []
  for (let at = 0; at < lines.length; at++) {
    if (!BEGINS.test(lines[at]?.text ?? '')) continue
    for (let next = at; next < Math.min(lines.length, at + LONGEST_BLOCK); next++) {
      const { text } = lines[next] as SeenLine
      const isKey = next === at || /^\S{16,}(?: \S+){0,3}$/.test(text) || /^[\w-]+: \S+$/.test(text)
      const isEnd = ENDS.test(text)
      // The last line of a key may be short.
      const isRest = !isKey && !isEnd && /^\S{1,16}$/.test(text) && ENDS.test(lines[next + 1]?.text ?? '')
      if (!isKey && !isEnd && !isRest) break
      found.push(whole(lines, next, 'privateKey'))
      if (isEnd) break
    }
  }
  return found
}

/** The words of BIP-39 are told apart by four letters, so that misreading the rest does no harm. */
const BEGINNINGS = new Set(wordlist.map((word) => word.slice(0, 4)))
/** The shortest phrase has twelve words; one in six may have been misread. */
const PHRASE = 12
const MISREAD = 2

/** Recovery phrases: a dozen and more words of one list after another, numbered or not. */
function phrases(lines: readonly SeenLine[]): Secret[] {
  const words = lines.flatMap(({ text }, line) =>
    Array.from(text.matchAll(/\p{L}+/gu), ({ 0: word, index }) => ({
      line,
      start: index,
      end: index + word.length,
      isListed: word.length >= 3 && BEGINNINGS.has(word.toLowerCase().slice(0, 4)),
      // "of" and "the" are of a sentence.
      isShort: word.length < 4,
    })),
  )
  const inPhrase = new Set<number>()
  for (let from = 0; from + PHRASE <= words.length; from++) {
    const window = words.slice(from, from + PHRASE)
    const others = window.filter(({ isListed }) => !isListed)
    if (others.length > MISREAD || others.some(({ isShort }) => isShort)) continue
    if (!window[0]?.isListed || !window.at(-1)?.isListed) continue
    for (let at = from; at < from + PHRASE; at++) inPhrase.add(at)
  }
  return [...inPhrase].flatMap((at) => {
    const word = words[at]
    return word ? [{ kind: 'phrase' as const, line: word.line, start: word.start, end: word.end }] : []
  })
}

const SPEAKS_OF_CODES =
  /\b(?:code|codes|otp|tan|passcode|2fa|verif|código|códigos|einmal)\b|\p{L}codes?\b|verif(?:y|ication|icación)|bestätig/iu
const LONE_CODE = /(?<![\w.,-])(?:[A-Z]-)?(?:\d{6,8}|\d{3}[ -]\d{3,4}|\d{4} \d{4})(?![\w.,-]\d|\d)/g
const RECOVERY_CODE = /\b(?=[a-z0-9-]*\d)[a-z0-9]{4,6}-[a-z0-9]{4,6}\b/gi
/** Lines around one that speaks of codes. */
const AROUND = 3
/** Lists of recovery codes are longer. */
const LIST = 14

function codesAround(lines: readonly SeenLine[]): Secret[] {
  const spoken = lines.flatMap(({ text }, line) => (SPEAKS_OF_CODES.test(text) ? [line] : []))
  return lines.flatMap(({ text }, line) => {
    const near = spoken.some((at) => Math.abs(at - line) <= AROUND)
    const listed = spoken.some((at) => line > at && line - at <= LIST)
    const finds = [...(near ? text.matchAll(LONE_CODE) : []), ...(near || listed ? text.matchAll(RECOVERY_CODE) : [])]
    return finds.map(({ 0: code, index }) => ({ kind: 'code' as const, line, start: index, end: index + code.length }))
  })
}

function whole(lines: readonly SeenLine[], line: number, kind: SecretKind): Secret {
  return { kind, line, start: 0, end: lines[line]?.text.length ?? 0 }
}

export function boxOf(words: readonly { box: Box }[]): Box | undefined {
  if (words.length === 0) return undefined
  const left = Math.min(...words.map(({ box }) => box[0]))
  const top = Math.min(...words.map(({ box }) => box[1]))
  const right = Math.max(...words.map(({ box }) => box[0] + box[2]))
  const bottom = Math.max(...words.map(({ box }) => box[1] + box[3]))
  return [left, top, right - left, bottom - top]
}

/** Stretches that touch become one, of the kind that begins first. */
function joined(found: readonly Secret[]): Secret[] {
  const result: Secret[] = []
  for (const next of found.toSorted((a, b) => a.line - b.line || a.start - b.start)) {
    const last = result.at(-1)
    if (next.end <= next.start) continue
    if (last && last.line === next.line && next.start <= last.end + 1) last.end = Math.max(last.end, next.end)
    else result.push({ ...next })
  }
  return result
}
