import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { TextItem } from 'pdfjs-dist/types/src/display/api.js'
import type { DocumentLine } from '../../../vault/index.ts'
import { assemble } from '../assemble.ts'
import { damaged, locked, tooManyPages, wrongPassword } from '../errors.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { openPictureReader, type PictureReader } from './ocr.ts'
import { type Line, linesOf } from './pdf-lines.ts'
import { pictureOf } from './pdf-picture.ts'
import { withoutRunningLines } from './pdf-running.ts'

/** Where the pictures' decoders and the fonts that every PDF may use lie. */
const PDFJS = dirname(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'))

/** Letters so much larger than most are headings. */
const HEADING_SIZE = 1.15
const LONGEST_HEADING = 200
/** Pictures with more pixels are left out. */
const MOST_PIXELS = 2 ** 26

/**
 * PDF files by pdf.js, without scripts or fonts: lines with their boxes, put together to paragraphs and headings. Pages without text are
 * taken for scanned ones, and read as pictures.
 */
export const pdfParser: DocumentParser = {
  formats: ['pdf'],
  async parse({ bytes, password, pictureLanguage }, { limits, onProgress, signal }) {
    const pdfjs = await import('pdfjs-dist/legacy/build/pdf.mjs')
    const loading = pdfjs.getDocument({
      data: new Uint8Array(bytes),
      ...(password === undefined ? {} : { password }),
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: false,
      maxImageSize: MOST_PIXELS,
      wasmUrl: `${PDFJS}/wasm/`,
      standardFontDataUrl: `${PDFJS}/standard_fonts/`,
      verbosity: 0,
    })
    let pictures: PictureReader | undefined
    const scanned = new Map<number, RawBlock[]>()
    try {
      const document = await loading.promise
      if (document.numPages > limits.pages) throw tooManyPages(document.numPages, limits.pages)
      const pages: Line[][] = []
      for (let number = 1; number <= document.numPages; number++) {
        signal.throwIfAborted()
        const page = await document.getPage(number)
        const { items } = await page.getTextContent()
        const texts = items.filter((item): item is TextItem => 'str' in item)
        const lines = linesOf(texts, page.getViewport({ scale: 1 }))
        pages.push(lines)
        if (lines.length === 0) {
          pictures ??= await openPictureReader(pictureLanguage ?? limits.pictureLanguage, signal)
          const tell = () => onProgress(number - 1, document.numPages)
          const read = await pictures.read(await pictureOf(page), number, tell, {
            turn: (degrees) => pictureOf(page, degrees),
          })
          scanned.set(number, read)
        }
        page.cleanup()
        onProgress(number, document.numPages)
      }
      const { info } = await document.getMetadata().catch(() => ({ info: {} }))
      const title = (info as { Title?: unknown }).Title
      return assemble(
        typeof title === 'string' ? givenTitle(title) : '',
        document.numPages,
        withScanned(blocksOf(pages), scanned),
      )
    } catch (error) {
      const { name, code } = error as { name?: string; code?: number }
      if (name === 'PasswordException')
        throw code === pdfjs.PasswordResponses.INCORRECT_PASSWORD ? wrongPassword() : locked()
      if (name === 'InvalidPDFException' || name === 'FormatError') throw damaged(error)
      throw error
    } finally {
      await pictures?.close()
      await loading.destroy()
    }
  },
}

/** The title that somebody gave, without what programs put there by themselves. */
function givenTitle(title: string): string {
  const given = title.replace(/^microsoft (?:word|powerpoint|excel) - /i, '').trim()
  const isPlaceholder =
    /^(?:\(?(?:untitled|anonymous|unnamed)\)?|.*\.(?:docx?|pptx?|xlsx?|odt|odp|tex|dvi|indd|pdf|rtf))$/i
  return isPlaceholder.test(given) ? '' : given
}

/** What was read of pictures, between the pages around it. */
function withScanned(blocks: readonly RawBlock[], scanned: ReadonlyMap<number, readonly RawBlock[]>): RawBlock[] {
  const all = [...blocks, ...[...scanned.values()].flat()]
  return all.sort((a, b) => (a.place?.page ?? 0) - (b.place?.page ?? 0))
}

function blocksOf(read: readonly (readonly Line[])[]): RawBlock[] {
  const usual = usualSize(read.flat())
  const pages = withoutRunningLines(read, usual * HEADING_SIZE)
  const compounds = new Set(pages.flat().flatMap(({ text }) => text.toLowerCase().match(/\p{L}+-\p{L}+/gu) ?? []))
  const blocks: (RawBlock & { lines: DocumentLine[]; size: number })[] = []
  for (const [index, lines] of pages.entries()) {
    let before: Line | undefined
    for (const line of lines) {
      const isHeading =
        line.size > usual * HEADING_SIZE && line.text.length <= LONGEST_HEADING && /\p{L}/u.test(line.text)
      const kind = isHeading ? 'heading' : 'paragraph'
      const open = blocks.at(-1)
      const gap = before ? line.top - before.top : 0
      const isNext = before && gap > 0 && gap < before.height * 1.45 && Math.abs(line.size - before.size) < 0.8
      // A sentence that runs over the end of a page goes on.
      const runsOn =
        !before && open?.kind === 'paragraph' && /[\p{Ll},]$/u.test(open.text) && /^\p{Ll}/u.test(line.text)
      if (open && open.kind === kind && (isNext || runsOn)) {
        const isCut = kind === 'paragraph' && isCutWord(open.text, line.text, compounds)
        const last = open.lines.at(-1)
        if (isCut && last) {
          open.text = open.text.slice(0, -1)
          last[1] -= 1
        }
        const joined = isCut ? open.text : kind === 'heading' ? `${open.text} ` : `${open.text}\n`
        open.lines.push(boxOf(line, joined.length, index + 1))
        open.text = joined + line.text
      } else {
        const level = isHeading ? (line.size > usual * 1.6 ? 1 : line.size > usual * 1.3 ? 2 : 3) : undefined
        blocks.push({
          kind,
          ...(level === undefined ? {} : { level }),
          text: line.text,
          size: line.size,
          place: { page: index + 1, box: [line.left, line.top, line.width, line.height] },
          lines: [boxOf(line, 0, index + 1)],
        })
      }
      before = line
    }
  }
  return blocks.map(({ size: _, level, ...block }) => {
    if (block.kind !== 'heading') return block
    // Many large lines together are a text of their own, such as a table.
    return block.text.length > LONGEST_HEADING
      ? { ...block, kind: 'paragraph' }
      : { ...block, ...(level === undefined ? {} : { level }) }
  })
}

/** A word that the end of a line cuts; one that is written with a hyphen elsewhere keeps its own. */
function isCutWord(above: string, below: string, compounds: ReadonlySet<string>): boolean {
  const head = /\p{L}+[-\u00AD]$/u.exec(above)?.[0]
  const tail = /^\p{Ll}+/u.exec(below)?.[0]
  if (!head || !tail) return false
  return head.endsWith('\u00AD') || !compounds.has(`${head}${tail}`.toLowerCase())
}

function boxOf({ text, left, top, width, height }: Line, start: number, page: number): DocumentLine {
  return [start, start + text.length, page, left, top, width, height]
}

/** The size of most letters. */
function usualSize(lines: readonly Line[]): number {
  const letters = new Map<number, number>()
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2) / 2
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length)
  }
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0
}
