/** Left, top, width and height, as parts of a picture. */
type Box = [left: number, top: number, width: number, height: number]

/** A piece of what was read in a picture, with places in its text in UTF-16 code units, end exclusive. */
interface ReadBlock {
  start: number
  end: number
  place: { page?: number; box?: Box; picture?: number } | null
  /** Place in the text, page, and box. */
  lines?: [start: number, end: number, page: number, left: number, top: number, width: number, height: number][]
}

/** What is known of a picture. */
interface KnownPicture<Block> {
  reading?: { text: string; blocks: readonly Block[] }
  description?: { text: string }
}

/** Which picture, counting from 1, and where in it. */
export interface PicturePlace {
  picture: number
  box?: Box
}

const BETWEEN = '\n\n'

/**
 * The field `pictureText` of a capture: for each picture what was read in it, then what a model said of it, with an empty line between. The
 * blocks have their places in it, `picture` counting from 1.
 */
export function pictureText<Block extends ReadBlock>(
  pictures: readonly KnownPicture<Block>[],
): { text: string; blocks: (Block | DescriptionBlock)[] } {
  let text = ''
  const blocks: (Block | DescriptionBlock)[] = []
  const append = (more: string, own: readonly (Block | DescriptionBlock)[]) => {
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

/** What a model said of a picture, which has no place in it. */
interface DescriptionBlock {
  kind: 'paragraph'
  start: number
  end: number
  place: { picture: number }
  lines?: never
}

function ofPicture<Block extends ReadBlock>({ ...block }: Block, picture: number): Block {
  block.place = { picture, ...(block.place?.box && { box: block.place.box }) }
  if (block.lines) block.lines = block.lines.map(([start, end, , ...box]) => [start, end, picture, ...box])
  return block
}

function movedBlock<Block extends ReadBlock>({ ...block }: Block, by: number): Block {
  block.start += by
  block.end += by
  if (block.lines) block.lines = block.lines.map(([from, to, ...rest]) => [from + by, to + by, ...rest])
  return block
}

/**
 * The picture, and the smallest box around the lines that a span touches; of several pictures the first.
 * @param blocks of `pictureText`
 */
export function placeInPictures(
  blocks: readonly ReadBlock[],
  { start, end }: { start: number; end: number },
): PicturePlace | undefined {
  const touched = blocks.filter((block) => block.start < end && block.end > start)
  const picture = touched[0]?.place?.picture
  if (picture === undefined) return undefined
  const boxes = touched
    .filter((block) => block.place?.picture === picture)
    .flatMap(({ lines, place }): Box[] => {
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
