import { pictureText, placeInPictures } from '../../kernel/index.ts'
import type { Passage } from '../../models/index.ts'
import type { Capture, Citation, DocumentBlock } from '../../vault/index.ts'

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
  const place = placeInPictures(blocks, citation)
  return place ? { ...citation, place } : citation
}
