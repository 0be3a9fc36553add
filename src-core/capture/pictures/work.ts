import type { Image } from '@napi-rs/canvas'
import { LOOK_HEIGHT, LOOK_WIDTH, lookOf, type PictureLanguage } from '../../kernel/index.ts'
import type { DocumentBlock, PictureType } from '../../vault/index.ts'
import { assemble } from '../documents/assemble.ts'
import { openPictureReader } from '../documents/parsers/ocr.ts'
import type { RawBlock } from '../documents/types.ts'
import { coveredLines } from '../secrets/cover-lines.ts'
import type { Box, SecretKind, SeenLine } from '../secrets/types.ts'
import { decodePicture, drawn } from './decode.ts'
import { paintedOver } from './painted-over.ts'

/** What the documents process does with a picture. Its bytes have passed the limits. */
export type PictureWork =
  /** Decodes it, and says how large it is as it is looked at. */
  | { kind: 'check' }
  /** Makes the file that a model is shown: its longest side in pixels at most that. */
  | { kind: 'show'; longestSide: number }
  | { kind: 'read'; language: PictureLanguage }
  /** Says where nobody should look; nothing of it is kept. */
  | { kind: 'inspect'; language: PictureLanguage }
  /** How bright it is, place by place, to be compared with another. */
  | { kind: 'look' }
  /** Reads it, and paints over what nobody should see: in the pixels, and in the text. */
  | { kind: 'cover'; language: PictureLanguage }

export interface PictureResult {
  check: { width: number; height: number }
  show: { mediaType: PictureType; bytes: Uint8Array }
  read: { text: string; blocks: DocumentBlock[] }
  inspect: { found: FoundPlace[] }
  look: { look: Uint8Array }
  cover: CoveredPicture
}

/** A place in a picture that nobody should see. */
export interface FoundPlace {
  kind: SecretKind
  box: Box
}

export interface CoveredPicture {
  picture: { mediaType: PictureType; width: number; height: number; bytes: Uint8Array }
  text: string
  blocks: DocumentBlock[]
  found: FoundPlace[]
}

/** A shown PNG that is larger becomes a JPEG: providers take 5 MB of base64. */
const LARGEST_PNG = 3_000_000
const JPEG_QUALITY = 88
/** Writing on screens is small: below so many pixels on the longest side it is read enlarged. */
const READ_AT_LEAST = 2_600
const MOST_ENLARGED = 2
/** Sides of a screen as finely as it is read, in pixels, the longer and the shorter one. */
const READ_AT_MOST = [4_000, 2_250] as const
/** Screens that stand side by side are wider, and their writing is as small as on one of them: they are read up to so many pixels. */
const MOST_PIXELS_READ = 16_000_000
/** Lines so much higher than most are headings. */
const HEADING = 1.3
const LONGEST_HEADING = 120

/** @param onStep called while it is read, each time it has come on @throws LvaError picture-damaged */
export async function workOnPicture(
  bytes: Uint8Array,
  work: PictureWork,
  signal: AbortSignal,
  onStep: () => void = () => undefined,
): Promise<PictureResult[PictureWork['kind']]> {
  const image = await decodePicture(bytes)
  const { width, height } = image
  const longest = Math.max(width, height)
  if (work.kind === 'check') return { width, height }
  if (work.kind === 'show') {
    const canvas = await drawn(image, Math.min(1, work.longestSide / longest))
    const isPhotograph = bytes[0] === 0xff
    const png = isPhotograph ? undefined : await canvas.encode('png')
    return png && png.length <= LARGEST_PNG
      ? { mediaType: 'image/png', bytes: png }
      : { mediaType: 'image/jpeg', bytes: await canvas.encode('jpeg', JPEG_QUALITY) }
  }
  if (work.kind === 'look') return { look: await lookAt(image) }
  if (work.kind === 'read') return readWriting(image, work.language, signal, onStep)
  const found: FoundPlace[] = []
  const writing = await readWriting(image, work.language, signal, onStep, (lines) => coveredLines(lines, found))
  if (work.kind === 'inspect') return { found }
  return { ...writing, picture: await paintedOver(image, found), found }
}

async function lookAt(image: Image): Promise<Uint8Array> {
  const { createCanvas } = await import('@napi-rs/canvas')
  const context = createCanvas(LOOK_WIDTH, LOOK_HEIGHT).getContext('2d')
  context.imageSmoothingQuality = 'high'
  context.drawImage(image, 0, 0, LOOK_WIDTH, LOOK_HEIGHT)
  return lookOf(context.getImageData(0, 0, LOOK_WIDTH, LOOK_HEIGHT).data)
}

async function readWriting(
  image: Image,
  language: PictureLanguage,
  signal: AbortSignal,
  onStep: () => void,
  rewrite?: (lines: readonly SeenLine[]) => readonly string[],
): Promise<PictureResult['read']> {
  const picture = await (await drawn(image, readingScale(image))).encode('png')
  const reader = await openPictureReader(language, signal)
  try {
    const raw = await reader.read(picture, 1, onStep, { isQuick: true, ...(rewrite && { rewrite }) })
    const blocks = withHeadings(raw)
    if (blocks.every(({ text }) => text.trim() === '')) return { text: '', blocks: [] }
    const { text, blocks: placed } = assemble('', 1, blocks)
    return { text, blocks: placed }
  } finally {
    await reader.close()
  }
}

/** How many times as large a picture is read. */
function readingScale({ width, height }: { width: number; height: number }): number {
  const [longest, shortest] = [Math.max(width, height), Math.min(width, height)]
  const enlarged = Math.min(MOST_ENLARGED, Math.max(1, READ_AT_LEAST / longest))
  const sideBySide = Math.min(READ_AT_MOST[1] / shortest, Math.sqrt(MOST_PIXELS_READ / (width * height)))
  return Math.min(enlarged, Math.max(READ_AT_MOST[0] / longest, sideBySide))
}

function withHeadings(blocks: readonly RawBlock[]): RawBlock[] {
  const heights = blocks.flatMap(({ lines = [] }) => lines.map((line) => line[6])).sort((a, b) => a - b)
  const usual = heights[Math.floor(heights.length / 2)] ?? 0
  return blocks.map((block) => {
    const { lines = [], text } = block
    const isLarge = lines.length > 0 && lines.length <= 2 && lines.every((line) => line[6] > usual * HEADING)
    return isLarge && text.length <= LONGEST_HEADING ? { ...block, kind: 'heading', level: 1 } : block
  })
}
