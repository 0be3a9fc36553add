import { POINTS, RANGES, READINGS } from './readings.ts'
import { beginning, words } from './time-words.ts'

/** A stretch of time that a query speaks of; open where it only begins or only ends. */
export interface Period {
  /** The words that say so. */
  text: string
  /** Inclusive. */
  from?: Date
  /** Exclusive. */
  to?: Date
}

/** Which side of a day is meant: `since` and `until` with it, `after` and `before` without. */
export type Side = 'since' | 'after' | 'before' | 'until'

/** The words that open or close a stretch of time, with what may stand between them and the day. */
const SIDES: readonly [side: Side, pattern: string][] = [
  ['since', '(?:ever )?since|seit(?: dem| der)?|desde(?: el| la)?'],
  ['before', '(?<!day )before|prior to|vor(?: dem| der)?|antes de(?:l| la| el)?'],
  ['after', '(?<!day )after|nach(?: dem| der)?|después de(?:l| la| el)?|tras(?: el| la)?'],
  ['until', 'until|till|up to|bis(?: zum| zur)?|hasta(?: el| la)?'],
]

export const SIDE_WORDS: readonly [side: Side, pattern: RegExp][] = SIDES.map(([side, pattern]) => [
  side,
  words(pattern),
])

const BETWEEN: readonly [opening: RegExp, middle: string][] = [
  [words('between|from'), 'and|to|until|till'],
  [words('zwischen|von|vom'), 'und|bis(?: zum)?'],
  [words('entre|de|desde'), 'y|a|hasta'],
]

const READABLE_RANGES = RANGES.map(([pattern, read]) => [words(pattern), read] as const)

const READABLE = READINGS.map(([pattern, read]) => [words(pattern), read] as const)

const READABLE_POINTS = POINTS.map(([pattern, read]) => [beginning(pattern), read] as const)

/**
 * The time that a query speaks of, in English, German or Spanish: `yesterday`, `im März`, `hace dos semanas`.
 * @param now the reader's present; days begin by the clock of this machine
 */
export function periodOf(query: string, now: Date): Period | undefined {
  return between(query, now) ?? plain(query, now, READABLE_RANGES) ?? sided(query, now) ?? plain(query, now, READABLE)
}

function plain(query: string, now: Date, readable: typeof READABLE): Period | undefined {
  for (const [pattern, read] of readable) {
    const match = pattern.exec(query)
    if (!match) continue
    const [text, ...found] = match
    const period = read(lowered(found), now)
    if (period) return { text: text.trim(), from: period[0], to: period[1] }
  }
  return undefined
}

/** "since Monday", "vor März", "hasta ayer". */
function sided(query: string, now: Date): Period | undefined {
  for (const [side, pattern] of SIDE_WORDS) {
    const match = pattern.exec(query)
    if (!match) continue
    const end = match.index + match[0].length
    const point = pointAt(query.slice(end), now)
    if (point) return { text: query.slice(match.index, end + point.length), ...onSide(side, point.from, point.to) }
  }
  return undefined
}

/** "between Monday and Thursday", "von März bis Mai", "entre marzo y mayo". */
function between(query: string, now: Date): Period | undefined {
  for (const [opening, middle] of BETWEEN) {
    const match = opening.exec(query)
    if (!match) continue
    const end = match.index + match[0].length
    const first = pointAt(query.slice(end), now)
    const joint = first && beginning(middle).exec(query.slice(end + first.length))
    if (!joint) continue
    const last = pointAt(query.slice(end + first.length + joint[0].length), now)
    if (!last || last.to <= first.from) continue
    const length = first.length + joint[0].length + last.length
    return { text: query.slice(match.index, end + length), from: first.from, to: last.to }
  }
  return undefined
}

export function onSide(side: Side, from: Date, to: Date): { from?: Date; to?: Date } {
  switch (side) {
    case 'since':
      return { from }
    case 'after':
      return { from: to }
    case 'before':
      return { to: from }
    case 'until':
      return { to }
  }
}

/** The day, week, month or year that a text begins with. @returns with the length of its words, blanks before them included */
function pointAt(text: string, now: Date): { from: Date; to: Date; length: number } | undefined {
  for (const [pattern, read] of READABLE_POINTS) {
    const match = pattern.exec(text)
    if (!match) continue
    const [all, ...found] = match
    const point = read(lowered(found), now)
    if (point) return { from: point[0], to: point[1], length: all.length }
  }
  return undefined
}

function lowered(found: readonly (string | undefined)[]): string[] {
  return found.map((part) => (part ?? '').toLowerCase())
}
