import type { DocumentBlock } from '../../src-core/contract/index.ts'
import type { Stretch } from './occurrences.ts'

/** A piece of a block's text: plain, marked as the passage that was looked for, or as a place of the words that are looked for inside. */
export interface Piece {
  text: string
  mark: 'none' | 'passage' | 'found' | 'current'
}

/**
 * The text of a block in pieces. Stretches count from the beginning of the document, as the block's own start and end do.
 * @param found in order and without overlap @param current which of them the reader stands on
 */
export function piecesOf(
  block: Pick<DocumentBlock, 'text' | 'start' | 'end'>,
  passage: Stretch | null,
  found: readonly Stretch[],
  current: Stretch | null,
): Piece[] {
  const inBlock = ({ start, end }: Stretch) => start < block.end && end > block.start
  const words = found.filter(inBlock)
  const isHere = passage !== null && inBlock(passage)
  if (!isHere && words.length === 0) return [{ text: block.text, mark: 'none' }]
  const edges = new Set([0, block.text.length])
  for (const { start, end } of isHere ? [passage, ...words] : words) {
    edges.add(within(start - block.start, block.text.length))
    edges.add(within(end - block.start, block.text.length))
  }
  const sorted = [...edges].sort((a, b) => a - b)
  return sorted.slice(1).map((to, index) => {
    const from = sorted[index] as number
    const at = block.start + from
    const covers = ({ start, end }: Stretch) => start <= at && at < end
    const word = words.find(covers)
    const mark = word ? (word === current ? 'current' : 'found') : isHere && covers(passage) ? 'passage' : 'none'
    return { text: block.text.slice(from, to), mark }
  })
}

/** The block that holds a place in the text, or the nearest one before it. Blocks are in the order of the text. */
export function blockAt(blocks: readonly Pick<DocumentBlock, 'start'>[], place: number): number {
  let low = 0
  let high = blocks.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((blocks[middle]?.start ?? 0) <= place) low = middle
    else high = middle - 1
  }
  return low
}

/** What is new at a block compared with the one before: a page, a slide, a sheet or a chapter begins. */
export function beginsAt(block: DocumentBlock, before: DocumentBlock | undefined): boolean {
  const { place } = block
  if (!place) return false
  const last = before?.place
  return (
    place.page !== last?.page ||
    place.slide !== last?.slide ||
    place.sheet !== last?.sheet ||
    (place.chapter !== undefined && place.chapter !== last?.chapter)
  )
}

function within(value: number, length: number): number {
  return Math.max(0, Math.min(length, value))
}
