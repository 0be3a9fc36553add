import { createHash } from 'node:crypto'
import type { Note } from '../../vault/index.ts'
import type { ProblemCode } from '../types.ts'
import type { Attachment, ImportItem } from './types.ts'

const LONGEST_TITLE = 500

/** The same id for the same content, 32 hexadecimal digits. */
export function contentId(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

export function problem(code: ProblemCode, place: string, detail: string): ImportItem {
  return { type: 'problem', problem: { code, place: place.slice(0, 300), detail } }
}

/** A note, in parts where its text is longer than the vault takes. */
export function* noteItems(
  note: Note,
  attachments: Attachment[],
  place: string,
  longest: number,
): Generator<ImportItem> {
  const title = fitTitle(note.title)
  const parts = splitText(note.body, longest)
  for (const [index, body] of parts.entries()) {
    const isFirst = index === 0
    yield {
      type: 'note',
      note: {
        ...note,
        id: isFirst ? note.id : contentId(note.id, String(index)),
        title: isFirst ? title : fitTitle(`${title.slice(0, LONGEST_TITLE - 20)} (${index + 1})`),
        body,
      },
      attachments: isFirst ? attachments : [],
      place,
    }
  }
}

export function fitTitle(title: string): string {
  return title.replace(/\s+/gu, ' ').trim().slice(0, LONGEST_TITLE).toWellFormed()
}

/** Pieces of at most `longest` code units that together are the text; cut after a line where one ends in the second half. */
export function splitText(text: string, longest: number): string[] {
  const pieces: string[] = []
  let rest = text
  while (rest.length > longest) {
    const line = rest.lastIndexOf('\n', longest - 1) + 1
    let cut = line > longest / 2 ? line : longest
    if (/[\ud800-\udbff]/.test(rest.charAt(cut - 1)) && cut > 1) cut -= 1
    pieces.push(rest.slice(0, cut))
    rest = rest.slice(cut)
  }
  return [...pieces, rest]
}

/** ISO 8601 in UTC of whatever a program wrote (text, seconds or milliseconds since 1970), or undefined. */
export function instantOf(value: unknown): string | undefined {
  const date =
    typeof value === 'number'
      ? new Date(value > 1e11 ? value : value * 1_000)
      : new Date(typeof value === 'string' ? value : Number.NaN)
  if (Number.isNaN(date.getTime())) return undefined
  const year = date.getUTCFullYear()
  return year >= 1 && year <= 9999 ? date.toISOString() : undefined
}
