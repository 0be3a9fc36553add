import { badInput, readInstant } from './door.ts'

/** Where a page ended: the instant and id of its last item. Opaque to callers; survives changes of other items. */
export interface Place {
  at: string
  id: string
}

const MOST_ITEMS = 1_000

export function writeCursor(place: Place): string {
  return Buffer.from(JSON.stringify([place.at, place.id])).toString('base64url')
}

/** @throws LvaError bad-input when it is none of ours */
export function readCursor(cursor: string | null | undefined): Place | null {
  if (cursor === null || cursor === undefined) return null
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    throw badCursor()
  }
  const [at, id] = Array.isArray(value) ? value : []
  const instant = readInstant(at)
  if (instant === null || typeof id !== 'string' || id !== id.replaceAll('\u0000', '')) throw badCursor()
  return { at: instant, id }
}

/** @throws LvaError bad-input when it is not a whole number from 1 */
export function takeLimit(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1) throw badInput('The size of a page must be a whole number from 1.')
  return Math.min(limit, MOST_ITEMS)
}

/** Cuts the one row too many that was asked for to see whether there is a next page. */
export function pageOf<Row, T>(rows: Row[], limit: number, read: (row: Row) => T, placeOf: (item: T) => Place) {
  const items = rows.slice(0, limit).map(read)
  const last = items.at(-1)
  return { items, next: rows.length > limit && last !== undefined ? writeCursor(placeOf(last)) : null }
}

function badCursor() {
  return badInput('The cursor is not one that this vault gave out.')
}
