import type { DocumentBlock, DocumentPlace } from '../vault/index.ts'
import { chunkText, type Span } from './chunk.ts'
import { namedTables } from './column-names.ts'

export interface DocumentChunk extends Span {
  /** Title of the document, then of the sections around the chunk; where it begins within a table, the names of the columns. */
  heading: string[]
  place: DocumentPlace | null
}

/** A stretch of a document under one heading, slide or sheet. */
interface Section extends Span {
  heading: string[]
}

/** Longest part of a heading that is kept with each of its chunks, in UTF-16 code units. */
const LONGEST_HEADING = 200

/**
 * Cuts a document into chunks that never run over the end of a section, a slide, a sheet or a picture, and that know their headings and their place.
 * Without blocks the text is one section.
 */
export function chunkDocument(text: string, title: string, blocks: readonly DocumentBlock[]): DocumentChunk[] {
  const places = new BlockPlaces(blocks)
  const tables = namedTables(text, blocks)
  return sectionsOf(text, title, blocks).flatMap(({ start, end, heading }) =>
    chunkText(text.slice(start, end)).map((span) => {
      const chunk = { start: start + span.start, end: start + span.end }
      while (tables[0] && tables[0].end <= chunk.start) tables.shift()
      const names = tables[0] && chunk.start >= tables[0].namesEnd ? [cut(tables[0].names)] : []
      return { ...chunk, heading: [...heading, ...names], place: places.of(chunk) }
    }),
  )
}

function sectionsOf(text: string, title: string, blocks: readonly DocumentBlock[]): Section[] {
  const root = title === '' ? [] : [cut(title)]
  const sections: Section[] = []
  let headings: { level: number; text: string }[] = []
  let open: (Section & { unit: unknown; hasText: boolean }) | undefined
  for (const block of blocks) {
    const unit = block.place?.slide ?? block.place?.sheet ?? block.place?.chapter ?? block.place?.picture
    const isHeading = block.kind === 'heading'
    if (isHeading) {
      const level = block.level ?? 1
      headings = [
        ...headings.filter((known) => known.level < level),
        { level, text: cut(text.slice(block.start, block.end)) },
      ]
    }
    // A heading right under a heading begins no section of its own: it would hold nothing but a title.
    if (!open || open.unit !== unit || (isHeading && open.hasText)) {
      open = { start: block.start, end: block.end, heading: [], unit, hasText: false }
      sections.push(open)
    }
    open.heading = [...root, ...headings.map((known) => known.text)]
    open.end = block.end
    open.hasText ||= !isHeading
  }
  return open ? sections : [{ start: 0, end: text.length, heading: root }]
}

/** Finds the place of a stretch among the blocks, which are in the order of the text. */
class BlockPlaces {
  readonly #blocks: readonly DocumentBlock[]

  constructor(blocks: readonly DocumentBlock[]) {
    this.#blocks = blocks
  }

  of({ start, end }: Span): DocumentPlace | null {
    const first = this.#indexAt(start)
    const begin = this.#blocks[first]
    if (!begin?.place) return null
    const place: DocumentPlace = { ...begin.place }
    const lines: NonNullable<DocumentBlock['lines']> = []
    for (let index = first; index < this.#blocks.length; index++) {
      const block = this.#blocks[index]
      if (!block || block.start >= end) break
      lines.push(...(block.lines ?? []).filter((line) => line[0] < end && line[1] > start))
      if (block.place?.endSecond !== undefined) place.endSecond = block.place.endSecond
    }
    const page = lines[0]?.[2]
    if (page === undefined) return place
    const onPage = lines.filter((line) => line[2] === page)
    const left = Math.min(...onPage.map((line) => line[3]))
    const top = Math.min(...onPage.map((line) => line[4]))
    const right = Math.max(...onPage.map((line) => line[3] + line[5]))
    const bottom = Math.max(...onPage.map((line) => line[4] + line[6]))
    const endPage = lines.at(-1)?.[2] ?? page
    // The pages of a picture's lines are its number.
    const span = place.picture !== undefined ? {} : endPage === page ? { page } : { page, endPage }
    return { ...place, ...span, box: [left, top, round(right - left), round(bottom - top)] }
  }

  /** The last block that begins at or before a place. */
  #indexAt(place: number): number {
    let low = 0
    let high = this.#blocks.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.#blocks[middle]?.start ?? 0) <= place) low = middle
      else high = middle - 1
    }
    return low
  }
}

function round(part: number): number {
  return Math.round(part * 10_000) / 10_000
}

function cut(title: string): string {
  const line = title.replace(/\s+/gu, ' ').trim()
  return line.slice(0, LONGEST_HEADING).toWellFormed()
}
