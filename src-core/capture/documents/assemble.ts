import type { DocumentLine } from '../../vault/index.ts'
import { noText, tooComplex } from './errors.ts'
import type { ParsedDocument, RawBlock } from './types.ts'

/** Longest text of one document, in UTF-16 code units: ten times the Bible. */
export const LONGEST_TEXT = 40_000_000
const BETWEEN = '\n\n'

/**
 * Puts blocks one after the other and gives each its place in the whole text. Blank ones are left out.
 * @throws LvaError document-no-text when nothing is left, document-too-complex when it is too long
 */
export function assemble(title: string, pages: number | null, raw: Iterable<RawBlock>): ParsedDocument {
  const texts: string[] = []
  const blocks: ParsedDocument['blocks'] = []
  let at = 0
  for (const { text: given, lines, place, ...rest } of raw) {
    const text = storable(given)
    if (text.trim() === '') continue
    if (texts.length > 0) at += BETWEEN.length
    const start = at
    at += text.length
    if (at > LONGEST_TEXT) throw tooComplex()
    texts.push(text)
    blocks.push({
      ...rest,
      start,
      end: at,
      place: place ?? null,
      ...(lines ? { lines: lines.map((line) => moved(line, start)) } : {}),
    })
  }
  if (blocks.length === 0) throw noText()
  return {
    title: storable(title).replace(/\s+/gu, ' ').trim().slice(0, 500).toWellFormed(),
    pages,
    text: texts.join(BETWEEN),
    blocks,
  }
}

/** Replaces what the database cannot hold; of the same length, so that places stay right. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}

function moved([start, end, ...box]: DocumentLine, by: number): DocumentLine {
  return [start + by, end + by, ...box]
}
