import { isPlainObject, isSha256, readInstant, wellFormed } from './door.ts'
import { editKey, type Journal } from './journal.ts'
import {
  type CapturePicture,
  type DocumentBlock,
  type DocumentLine,
  type DocumentPlace,
  PICTURE_TYPES,
  type PictureDescription,
  type PictureReading,
} from './types.ts'

/** More pictures of one capture than any version of this program takes are not read. */
const MOST_PICTURES = 100
const LONGEST_SIDE = 1_000_000
const BLOCK_KINDS = ['heading', 'paragraph', 'list', 'table', 'code'] as const

/** The pictures of a capture as a journal has them, with what was read in them. What cannot be read is left out. */
export function readPictures(journal: Journal, id: string, record: unknown): CapturePicture[] {
  if (!isPlainObject(record) || !Array.isArray(record.pictures)) return []
  return record.pictures.slice(0, MOST_PICTURES).flatMap((value) => {
    const picture = readPicture(value)
    if (!picture) return []
    const reading = readReading(journal.edits.get(editKey(id, `reading:${picture.sha256}`)))
    const description = readDescription(journal.edits.get(editKey(id, `description:${picture.sha256}`)))
    return [{ ...picture, ...(reading && { reading }), ...(description && { description }) }]
  })
}

/** A picture as it may have come from elsewhere, without what is known of it. */
export function readPicture(value: unknown): CapturePicture | undefined {
  if (!isPlainObject(value) || !isSha256(value.sha256)) return undefined
  const mediaType = PICTURE_TYPES.find((known) => known === value.mediaType)
  const { sha256, width, height } = value
  return mediaType && isSide(width) && isSide(height) ? { sha256, mediaType, width, height } : undefined
}

export function readReading(value: unknown): PictureReading | undefined {
  if (!isPlainObject(value) || typeof value.text !== 'string') return undefined
  const at = readInstant(value.at)
  if (!at) return undefined
  const text = wellFormed(value.text)
  const blocks = Array.isArray(value.blocks) ? value.blocks.flatMap((block) => readBlock(block, text.length)) : []
  return { text, blocks, language: typeof value.language === 'string' ? wellFormed(value.language) : '', at }
}

export function readDescription(value: unknown): PictureDescription | undefined {
  if (!isPlainObject(value) || typeof value.text !== 'string') return undefined
  const at = readInstant(value.at)
  return at
    ? { text: wellFormed(value.text), model: typeof value.model === 'string' ? wellFormed(value.model) : '', at }
    : undefined
}

/** `picture` and `box` of a place that another device may have written. */
export function readPicturePlace(value: unknown): DocumentPlace | undefined {
  if (!isPlainObject(value)) return undefined
  const picture = isCount(value.picture) && value.picture > 0 ? value.picture : undefined
  const box = isBox(value.box) ? value.box : undefined
  return picture === undefined ? undefined : { picture, ...(box && { box }) }
}

function readBlock(value: unknown, length: number): DocumentBlock[] {
  if (!isPlainObject(value)) return []
  const { start, end, level } = value
  if (!isCount(start) || !isCount(end) || start > end || end > length) return []
  const place = isPlainObject(value.place) ? value.place : {}
  const lines = Array.isArray(value.lines) ? value.lines.filter((line) => isLine(line, length)) : []
  return [
    {
      kind: BLOCK_KINDS.find((kind) => kind === value.kind) ?? 'paragraph',
      ...(isCount(level) && level > 0 && { level }),
      start,
      end,
      place: { page: 1, ...(isBox(place.box) && { box: place.box }) },
      ...(lines.length > 0 && { lines }),
    },
  ]
}

function isLine(value: unknown, length: number): value is DocumentLine {
  if (!Array.isArray(value) || value.length !== 7) return false
  const [start, end, page, ...box] = value
  return isCount(start) && isCount(end) && start <= end && end <= length && isCount(page) && isBox(box)
}

function isBox(value: unknown): value is [number, number, number, number] {
  return (
    Array.isArray(value) && value.length === 4 && value.every((part) => Number.isFinite(part) && part >= 0 && part <= 1)
  )
}

function isSide(value: unknown): value is number {
  return isCount(value) && value > 0 && value <= LONGEST_SIDE
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}
