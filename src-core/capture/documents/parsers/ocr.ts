import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { RecognizeResult, Worker } from 'tesseract.js'
import type { PictureLanguage } from '../../../kernel/index.ts'
import type { DocumentLine } from '../../../vault/index.ts'
import type { SeenLine } from '../../secrets/types.ts'
import type { RawBlock } from '../types.ts'
import { pagePart } from './page-part.ts'

/** Named otherwise than `require`, which the bundle declares itself. */
const packages = createRequire(import.meta.url)

/** Reads pictures of pages, one at a time. */
export interface PictureReader {
  /**
   * @param picture PNG, JPEG, TIFF, BMP, GIF or WebP
   * @param onStep called while it works, with the part that is done, 0 to 1
   * @param how `turn` gives the picture turned by so many degrees, where that can be done; `isQuick` looks at it as it is and at most once
   *   made straight, and leaves out lines of which no word is likely: what is read may be no writing at all
   */
  read(picture: Buffer, page: number, onStep: (part: number) => void, how?: HowToRead): Promise<RawBlock[]>
  close(): Promise<void>
}

export type Turn = (degrees: 90 | 270) => Promise<Buffer>

interface HowToRead {
  turn?: Turn
  isQuick?: boolean
  /** Is shown every line, unlikely ones too, and answers what is to stand there instead. Only of pictures whose size their header tells. */
  rewrite?(lines: readonly SeenLine[]): readonly string[]
}

type Page = RecognizeResult['data']

/** Sure enough that no other way of looking at the page is tried, and that a word counts; of 100. */
const SURE = 75
const SURE_WORD = 60
/** Below it, a word of a picture is taken for a sign or a shadow. */
const LIKELY_WORD = 40
/** Slope above which a page is made straight: one degree. */
const CROOKED = 0.0175
/**
 * Opens tesseract with packaged data. Everything it needs is on the disk; nothing is fetched. Aborting `signal` ends it at once.
 */
export async function openPictureReader(language: PictureLanguage, signal: AbortSignal): Promise<PictureReader> {
  const { createWorker, OEM, PSM } = await import('tesseract.js')
  const data = dirname(packages.resolve(`@tesseract.js-data/${language}/package.json`))
  let onStep: (part: number) => void = () => undefined
  const worker = await createWorker(language, OEM.LSTM_ONLY, {
    langPath: join(data, '4.0.0_best_int'),
    gzip: true,
    cacheMethod: 'none',
    logger: ({ status, progress }) => {
      if (status === 'recognizing text') onStep(progress)
    },
    // A failure also rejects the call that waits for it.
    errorHandler: () => undefined,
  })
  const stop = () => void worker.terminate()
  signal.addEventListener('abort', stop, { once: true })
  // What it notes of a page ("Estimating resolution as 305") would stand among the words of a command.
  await worker.setParameters({ tessedit_pageseg_mode: PSM.AUTO, debug_file: '/dev/null' } as object)
  return {
    async read(picture, page, tell, { turn, isQuick = false, rewrite } = {}) {
      onStep = tell
      const { seen, size } = await (isQuick ? glance(worker, picture, signal) : look(worker, picture, signal, turn))
      if (rewrite && size) rewriteLines(seen, size, rewrite)
      return blocksOf(isQuick ? likelyOnly(seen) : seen, page, size)
    },
    async close() {
      signal.removeEventListener('abort', stop)
      await worker.terminate()
    },
  }
}

/** A page as it is; where it is hard to read, made straight, with its shades evened, and turned; the reading that is surest wins. */
async function look(worker: Worker, picture: Buffer, signal: AbortSignal, turn?: Turn) {
  const recognize = async (given: Buffer, options: { rotateAuto?: boolean; rotateRadians?: number } = {}) => {
    signal.throwIfAborted()
    return (await worker.recognize(given, options, { text: true, blocks: true })).data
  }
  let seen = await recognize(picture)
  let size = sizeOf(picture)
  const better = (other: Page) => sureness(other) > sureness(seen)
  if (isSure(seen) && !isCrooked(seen)) return { seen, size }
  const straight = await recognize(picture, { rotateAuto: true })
  if (better(straight)) seen = straight
  if (isSure(seen)) return { seen, size }
  // Sauvola's threshold: each place is black or white by its surroundings.
  await worker.setParameters({ thresholding_method: '2' } as object)
  const even = await recognize(picture, { rotateAuto: true })
  await worker.setParameters({ thresholding_method: '0' } as object)
  if (better(even)) seen = even
  const others = [
    () => recognize(picture, { rotateRadians: Math.PI }),
    ...(turn ? ([90, 270] as const).map((degrees) => async () => recognize(await turn(degrees))) : []),
  ]
  for (const lookAgain of others) {
    if (isSure(seen)) break
    const other = await lookAgain()
    if (!better(other)) continue
    seen = other
    // The boxes would be those of the turned page.
    size = undefined
  }
  return { seen, size }
}

/** As it is; where there are words and they are hard to read, made straight. */
async function glance(worker: Worker, picture: Buffer, signal: AbortSignal) {
  const recognize = async (rotateAuto: boolean) => {
    signal.throwIfAborted()
    return (await worker.recognize(picture, { rotateAuto }, { text: true, blocks: true })).data
  }
  const size = sizeOf(picture)
  const seen = await recognize(false)
  if (sureness(seen) === 0 || (isSure(seen) && !isCrooked(seen))) return { seen, size }
  const straight = await recognize(true)
  return { seen: sureness(straight) > sureness(seen) ? straight : seen, size }
}

function rewriteLines(
  page: Page,
  size: { width: number; height: number },
  rewrite: (lines: readonly SeenLine[]) => readonly string[],
): void {
  const lines = linesOf(page)
  const texts = rewrite(
    lines.map(({ words }) => {
      let text = ''
      const seen = words.map(({ text: word, bbox }) => {
        if (text !== '') text += ' '
        const start = text.length
        text += word
        return { start, end: text.length, box: boxOf(bbox, size) }
      })
      return { text, words: seen }
    }),
  )
  for (const [at, line] of lines.entries()) line.text = texts[at] ?? ''
}

function likelyOnly(page: Page): Page {
  const blocks = (page.blocks ?? []).map((block) => ({
    ...block,
    paragraphs: block.paragraphs.map((paragraph) => ({
      ...paragraph,
      lines: paragraph.lines.filter(({ words }) => words.some(({ confidence }) => confidence >= LIKELY_WORD)),
    })),
  }))
  return { ...page, blocks }
}

function isSure(page: Page): boolean {
  return page.confidence >= SURE && sureness(page) > 0
}

/** Letters of the words that are sure enough, each as much as it is sure. */
function sureness(page: Page): number {
  return linesOf(page)
    .flatMap(({ words }) => words)
    .reduce((sum, { text, confidence }) => sum + (confidence >= SURE_WORD ? text.length * confidence : 0), 0)
}

/** By the slope of most lines. */
function isCrooked(page: Page): boolean {
  const slopes = linesOf(page)
    .map(({ baseline: { x0, y0, x1, y1 } }) => Math.abs((y1 - y0) / Math.max(1, x1 - x0)))
    .sort((a, b) => a - b)
  return (slopes[Math.floor(slopes.length / 2)] ?? 0) > CROOKED
}

function linesOf(page: Page) {
  return (page.blocks ?? []).flatMap(({ paragraphs }) => paragraphs.flatMap(({ lines }) => lines))
}

function blocksOf(page: Page, number: number, size: { width: number; height: number } | undefined): RawBlock[] {
  const paragraphs = (page.blocks ?? []).flatMap((block) => block.paragraphs)
  return paragraphs.map(({ lines }) => {
    let text = ''
    const places: DocumentLine[] = []
    for (const { text: given, bbox } of lines) {
      const line = given.trim()
      if (line === '') continue
      const cut = /\p{L}-$/u.test(text) && /^\p{Ll}/u.test(line)
      const last = places.at(-1)
      if (cut) {
        text = text.slice(0, -1)
        if (last) last[1] -= 1
      } else if (text !== '') text += '\n'
      if (size) places.push([text.length, text.length + line.length, number, ...boxOf(bbox, size)])
      text += line
    }
    const [first] = places
    const box = first && (first.slice(3) as [number, number, number, number])
    return {
      kind: 'paragraph',
      text,
      place: { page: number, ...(box ? { box } : {}) },
      ...(places.length > 0 ? { lines: places } : {}),
    }
  })
}

function boxOf(
  { x0, y0, x1, y1 }: { x0: number; y0: number; x1: number; y1: number },
  { width, height }: { width: number; height: number },
): [number, number, number, number] {
  return [pagePart(x0, width), pagePart(y0, height), pagePart(x1 - x0, width), pagePart(y1 - y0, height)]
}

/**
 * Width and height in pixels of a PNG or JPEG, from its header. Pictures that nobody trusts go to tesseract alone, which is WebAssembly: the
 * decoders of the canvas end the process on a broken one.
 */
function sizeOf(picture: Buffer): { width: number; height: number } | undefined {
  if (picture.length > 24 && picture.readUInt32BE(0) === 0x89504e47) {
    return { width: picture.readUInt32BE(16), height: picture.readUInt32BE(20) }
  }
  if (picture.length < 4 || picture.readUInt16BE(0) !== 0xffd8) return undefined
  for (let at = 2; at + 9 < picture.length && picture[at] === 0xff; at += 2 + picture.readUInt16BE(at + 2)) {
    const marker = picture[at + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return { height: picture.readUInt16BE(at + 5), width: picture.readUInt16BE(at + 7) }
  }
  return undefined
}
