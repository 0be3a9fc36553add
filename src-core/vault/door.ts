import { LvaError } from '../kernel/index.ts'
import type { CapturePicture, CaptureSource } from './types.ts'
import { PICTURE_TYPES } from './types.ts'

/**
 * What may come into the vault, from callers and from other devices (docs/vault.md §3). Lengths are UTF-16 code units.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export const LONGEST_SESSION_ID = 512
/** Of captures and notes. With the longest session id beside it, an index entry still fits a third of a Postgres page. */
export const LONGEST_ID = 128
export const LONGEST_TITLE = 500
const DEEPEST_JSON = 100

export const CAPTURE_SOURCES: readonly CaptureSource[] = ['text', 'voice', 'import', 'cli', 'screen']

/** Replaces what neither Postgres nor UTF-8 can hold, U+0000 and lone surrogates, by U+FFFD. */
export function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}

/** A copy that is JSON, as `JSON.stringify` would write it, with well-formed strings. What lies deeper than 100 levels becomes null. */
export function toJson(value: unknown, depth = 0): Json {
  if (typeof value === 'string') return wellFormed(value)
  if (typeof value === 'boolean') return value
  // Adding 0 turns -0 into 0, which is what JSON makes of it.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return depth >= DEEPEST_JSON ? null : value.map((item) => toJson(item, depth + 1))
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString()
  if (!isPlainObject(value) || depth >= DEEPEST_JSON) return null
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => key !== '__proto__' && item !== undefined && typeof item !== 'function')
      .map(([key, item]) => [wellFormed(key), toJson(item, depth + 1)]),
  )
}

/** True for `{}` and its like; false for arrays, class instances and Yjs types. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The instant as ISO 8601 in UTC with milliseconds, or null when it is none or lies outside the years 1 to 9999. */
export function readInstant(value: unknown): string | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return null
  const date = new Date(value)
  const year = Number.isNaN(date.getTime()) ? 0 : date.getUTCFullYear()
  return year >= 1 && year <= 9999 ? date.toISOString() : null
}

/** Whether an id that came from elsewhere can be stored. */
export function isId(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= longest && value === wellFormed(value)
}

/** @throws LvaError bad-input when it is empty or too long */
export function takeSessionId(value: string): string {
  return takeId(value, LONGEST_SESSION_ID, 'A session id')
}

/** @throws LvaError bad-input when it is empty or too long */
export function takeRecordId(value: string): string {
  return takeId(value, LONGEST_ID, 'The id of a capture or note')
}

/** @throws LvaError text-empty, text-too-long */
export function takeCaptureText(value: string, longest: number): string {
  if (value.trim() === '') {
    throw new LvaError('text-empty', 'There is no text to keep.', { advice: 'Say or type something first.' })
  }
  return takeLongText(value, longest)
}

/** Like `takeCaptureText`, and may be blank. @throws LvaError text-too-long */
export function takeLongText(value: string, longest: number): string {
  if (value.length > longest) {
    throw new LvaError('text-too-long', `The text has ${value.length} characters; the most is ${longest}.`, {
      advice: 'Split it into shorter pieces.',
      params: { length: value.length, limit: longest },
    })
  }
  return wellFormed(value)
}

/** @throws LvaError text-too-long */
export function takeTitle(value: string): string {
  if (value.length > LONGEST_TITLE) {
    throw new LvaError('text-too-long', `The title has ${value.length} characters; the most is ${LONGEST_TITLE}.`, {
      advice: 'Give it a shorter title.',
      params: { length: value.length, limit: LONGEST_TITLE },
    })
  }
  return wellFormed(value)
}

/** @throws LvaError bad-input */
export function takeMetadata(value: Record<string, unknown>): Record<string, Json> {
  const json = toJson(value)
  if (!isPlainObject(json)) throw badInput('Metadata must be an object.')
  return json as Record<string, Json>
}

/** @throws LvaError bad-input */
export function takeSource(value: CaptureSource): CaptureSource {
  if (!CAPTURE_SOURCES.includes(value))
    throw badInput('The source of a capture must be text, voice, import, cli or screen.')
  return value
}

/** @throws LvaError bad-input */
export function takeSha256(value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null
  if (!isSha256(value)) throw badInput('The name of a recording must be a SHA-256 of 64 hexadecimal digits.')
  return value
}

/** @throws LvaError bad-input */
export function takePictures(pictures: readonly CapturePicture[] | undefined): CapturePicture[] {
  const taken = new Map<string, CapturePicture>()
  for (const { sha256, mediaType, width, height } of pictures ?? []) {
    const isWhole = [width, height].every((side) => Number.isSafeInteger(side) && side > 0)
    if (!isSha256(sha256) || !PICTURE_TYPES.includes(mediaType) || !isWhole) {
      throw badInput('A picture of a capture must have its SHA-256, its type and its size.')
    }
    // The same bytes twice are one picture.
    taken.set(sha256, { sha256, mediaType, width, height })
  }
  return [...taken.values()]
}

export function isSha256(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
}

/** @throws LvaError bad-input */
export function takeInstant(value: string, what: string): string {
  const instant = readInstant(value)
  if (instant === null) throw badInput(`${what} must be an instant such as 2026-11-03T09:15:00Z.`)
  return instant
}

export function badInput(message: string): LvaError {
  return new LvaError('bad-input', message, { advice: 'Correct it and try again.' })
}

function takeId(value: string, longest: number, what: string): string {
  if (value.length === 0 || value.length > longest) throw badInput(`${what} must have 1 to ${longest} characters.`)
  return wellFormed(value)
}
