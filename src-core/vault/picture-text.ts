import type { CapturePicture, DocumentBlock } from './types.ts'

const BETWEEN = '\n\n'

/**
 * The field `pictureText` of a capture: for each picture what was read in it, then what a model said of it, with an empty line between. The
 * blocks have their places in it, `picture` counting from 1.
 */
export function pictureText(pictures: readonly CapturePicture[]): { text: string; blocks: DocumentBlock[] } {
  let text = ''
  const blocks: DocumentBlock[] = []
  const append = (more: string, own: readonly DocumentBlock[]) => {
    if (more.trim() === '') return
    const from = text === '' ? 0 : text.length + BETWEEN.length
    text = text === '' ? more : text + BETWEEN + more
    blocks.push(...own.map((block) => movedBlock(block, from)))
  }
  for (const [index, { reading, description }] of pictures.entries()) {
    const picture = index + 1
    if (reading)
      append(
        reading.text,
        reading.blocks.map((block) => ofPicture(block, picture)),
      )
    if (description) {
      append(description.text, [{ kind: 'paragraph', start: 0, end: description.text.length, place: { picture } }])
    }
  }
  return { text, blocks }
}

function ofPicture({ place, lines, ...block }: DocumentBlock, picture: number): DocumentBlock {
  return {
    ...block,
    place: { picture, ...(place?.box && { box: place.box }) },
    ...(lines && { lines: lines.map(([start, end, , ...box]) => [start, end, picture, ...box]) }),
  }
}

function movedBlock({ start, end, lines, ...block }: DocumentBlock, by: number): DocumentBlock {
  return {
    ...block,
    start: start + by,
    end: end + by,
    ...(lines && { lines: lines.map(([from, to, ...rest]) => [from + by, to + by, ...rest]) }),
  }
}
