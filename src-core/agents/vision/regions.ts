import type { Passage } from '../../models/index.ts'
import { type Capture, type Citation, type DocumentBlock, type DocumentPlace, pictureText } from '../../vault/index.ts'

/** Numbers of three figures are no citations, and a prompt needs no more. */
const MOST_PASSAGES = 40
/** Blocks are joined up to this, in UTF-16 code units. */
const PASSAGE_LENGTH = 600
/** A line that ends before this part of its block's longest one ends what it says: a heading, an entry of a list. */
const FULL_LINE = 0.6

/** What was read has a place in its picture; what a model said has none. */
function isRead({ lines, place }: DocumentBlock): boolean {
  return lines !== undefined || place?.box !== undefined
}

/** What stands in the pictures of a capture, in parts that an answer may name. */
export interface PictureRegions {
  passages: Passage[]
  citations: Citation[]
  /** The passages of each picture. */
  ofPicture(picture: number): Passage[]
  /** The citation with the place in its picture that its span has. */
  placed(citation: Citation): Citation
}

/** @param capture with its pictures read as far as they are */
export function regionsOf(capture: Capture): PictureRegions {
  // Of the whole field, in which what a model once said of a picture stands behind what was read in it.
  const { text, blocks } = pictureText(capture.pictures ?? [])
  const groups = joined(blocks.filter(isRead))
  const flowing = flowingText(text, blocks)
  const passages: Passage[] = []
  const citations: Citation[] = []
  for (const [index, { start, end }] of groups.slice(0, MOST_PASSAGES).entries()) {
    const number = index + 1
    const when = capture.createdAt
    passages.push({ number, captureId: capture.id, from: 'picture', text: flowing.slice(start, end), when, score: 1 })
    citations.push(
      placedIn(blocks, {
        ...{ number, captureId: capture.id, kind: 'capture', field: 'pictureText', start, end },
        text: flowing.slice(start, end),
        when,
      }),
    )
  }
  return {
    passages,
    citations,
    ofPicture: (picture) => passages.filter(({ number }) => citations[number - 1]?.place?.picture === picture),
    placed: (citation) => ({ ...placedIn(blocks, citation), text: text.slice(citation.start, citation.end) }),
  }
}

interface Group {
  start: number
  end: number
  picture: number
}

function joined(blocks: readonly DocumentBlock[]): Group[] {
  const groups: Group[] = []
  for (const { start, end, place } of blocks) {
    const picture = place?.picture ?? 1
    const last = groups.at(-1)
    if (last && last.picture === picture && end - last.start <= PASSAGE_LENGTH) last.end = end
    else groups.push({ start, end, picture })
  }
  return groups
}

/** The text with the breaks of full lines turned into blanks, so that sentences are whole; every place stays what it was. */
function flowingText(text: string, blocks: readonly DocumentBlock[]): string {
  const letters = text.split('')
  for (const { lines = [] } of blocks) {
    const longest = Math.max(0, ...lines.map(([start, end]) => end - start))
    for (const [start, end] of lines) {
      const isFull = end - start >= longest * FULL_LINE && !/[.!?:]$/.test(text.slice(start, end))
      if (isFull && letters[end] === '\n' && letters[end + 1] !== '\n') letters[end] = ' '
    }
  }
  return letters.join('')
}

function placedIn(blocks: readonly DocumentBlock[], citation: Citation): Citation {
  const place = placeOf(blocks, citation)
  return place ? { ...citation, place } : citation
}

/** The picture and the smallest box around the lines that a span touches. */
export function placeOf(
  blocks: readonly DocumentBlock[],
  { start, end }: { start: number; end: number },
): DocumentPlace | undefined {
  const touched = blocks.filter((block) => block.start < end && block.end > start)
  const picture = touched[0]?.place?.picture
  if (picture === undefined) return undefined
  const boxes = touched
    .filter((block) => block.place?.picture === picture)
    .flatMap(({ lines, place }): [number, number, number, number][] => {
      const own = lines?.filter((line) => line[0] < end && line[1] > start).map(([, , , ...box]) => box)
      return own ?? (place?.box ? [place.box] : [])
    })
  if (boxes.length === 0) return { picture }
  const left = Math.min(...boxes.map((box) => box[0]))
  const top = Math.min(...boxes.map((box) => box[1]))
  const right = Math.max(...boxes.map((box) => box[0] + box[2]))
  const bottom = Math.max(...boxes.map((box) => box[1] + box[3]))
  return { picture, box: [left, top, round(right - left), round(bottom - top)] }
}

function round(part: number): number {
  return Math.round(Math.min(1, part) * 10_000) / 10_000
}
