import type { DocumentPlace } from '../../../vault/index.ts'
import { assemble, LONGEST_TEXT } from '../assemble.ts'
import { damaged, locked, tooComplex, tooManyPages } from '../errors.ts'
import type { DocumentLimits, DocumentParser, RawBlock } from '../types.ts'
import { rowBlocks } from './csv.ts'
import { lengthOfRow, tableRow } from './table.ts'
import { attribute, descendants, readXml, type XmlNode } from './xml.ts'
import { unpack } from './zip.ts'

/** Documents of LibreOffice and others (OpenDocument 1.3): text, sheets and slides. */

/** The largest sheet. */
const WIDEST = 16_384
const MOST_ROWS = 1_048_576
const MOST_BLANKS = 1_000

/** Text with its headings, lists and tables; what was deleted with changes tracked, notes in the margin and indexes are left out. */
export const odtParser: DocumentParser = {
  formats: ['odt'],
  async parse({ bytes }, { limits }) {
    const { title, body } = await readBody(bytes, limits, 'text')
    const blocks = blocksOf(body)
    return assemble(title || (blocks.find(({ kind }) => kind === 'heading')?.text ?? ''), null, blocks)
  },
}

/** Sheets with their rows, values as they are shown. */
export const odsParser: DocumentParser = {
  formats: ['ods'],
  async parse({ bytes }, { limits, onProgress, signal }) {
    const { title, body } = await readBody(bytes, limits, 'spreadsheet')
    const sheets = childrenNamed(body, 'table')
    if (sheets.length > limits.pages) throw tooManyPages(sheets.length, limits.pages)
    const blocks: RawBlock[] = []
    for (const [index, sheet] of sheets.entries()) {
      signal.throwIfAborted()
      const name = attribute(sheet, 'name') ?? `${index + 1}`
      blocks.push({ kind: 'heading', level: 1, text: name, place: { sheet: name } })
      blocks.push(...rowBlocks(rowsOf(sheet), { sheet: name }))
      onProgress(index + 1, sheets.length)
    }
    return assemble(title, sheets.length, blocks)
  },
}

/** Slides, each with its title, texts, tables and notes. */
export const odpParser: DocumentParser = {
  formats: ['odp'],
  async parse({ bytes }, { limits, onProgress, signal }) {
    const { title, body } = await readBody(bytes, limits, 'presentation')
    const slides = childrenNamed(body, 'page')
    if (slides.length > limits.pages) throw tooManyPages(slides.length, limits.pages)
    const blocks: RawBlock[] = []
    for (const [index, slide] of slides.entries()) {
      signal.throwIfAborted()
      blocks.push(...slideBlocks(slide, { slide: index + 1 }))
      onProgress(index + 1, slides.length)
    }
    return assemble(title || (blocks[0]?.kind === 'heading' ? blocks[0].text : ''), slides.length, blocks)
  },
}

async function readBody(
  bytes: Uint8Array,
  limits: DocumentLimits,
  kind: 'text' | 'spreadsheet' | 'presentation',
): Promise<{ title: string; body: XmlNode }> {
  const wanted = ['content.xml', 'meta.xml', 'META-INF/manifest.xml']
  const parts = await unpack(bytes, limits, (name) => wanted.includes(name))
  const xml = (name: string) => {
    const part = parts.get(name)
    return part && readXml(part, limits.depth)
  }
  const manifest = xml('META-INF/manifest.xml')
  if (manifest && !descendants(manifest, 'encryption-data').next().done) throw locked()
  const content = xml('content.xml')
  const [office] = content ? [...descendants(content, 'body')].slice(0, 1) : []
  const [body] = office ? childrenNamed(office, kind) : []
  if (!body) throw damaged()
  const meta = xml('meta.xml')
  const [title] = meta ? [...descendants(meta, 'title')] : []
  return { title: title ? wordsOf(title) : '', body }
}

function slideBlocks(slide: XmlNode, place: DocumentPlace): RawBlock[] {
  const titles: RawBlock[] = []
  const others: RawBlock[] = []
  const notes: RawBlock[] = []
  for (const shape of elements(slide)) {
    if (shape.name === 'notes') {
      const frames = elements(shape).filter((frame) => attribute(frame, 'class') !== 'page')
      notes.push(...frames.flatMap((frame) => blocksOf(frame)))
    } else if (attribute(shape, 'class') === 'title') {
      const text = blocksOf(shape).map(({ text }) => text)
      titles.push({ kind: 'heading', level: 1, text: text.join(' ') })
    } else others.push(...blocksOf(shape))
  }
  return [...titles, ...others, ...notes].map((block) => ({ ...block, place }))
}

/** Parts that are no text of the reader's. */
const SKIPPED = new Set([
  'tracked-changes',
  'annotation',
  'sequence-decls',
  'table-of-content',
  'alphabetical-index',
  'forms',
  'binary-data',
])

function blocksOf(root: XmlNode): RawBlock[] {
  const blocks: RawBlock[] = []
  const walk = (node: XmlNode, list: number) => {
    for (const child of elements(node)) {
      if (SKIPPED.has(child.name)) continue
      if (child.name === 'h') {
        const level = Math.max(1, Math.min(6, Number(attribute(child, 'outline-level')) || 1))
        blocks.push({ kind: 'heading', level, text: wordsOf(child) })
        walkFramesIn(child, list)
      } else if (child.name === 'p') {
        const text = wordsOf(child)
        blocks.push(list > 0 ? { kind: 'list', level: list, text } : { kind: 'paragraph', text })
        walkFramesIn(child, list)
      } else if (child.name === 'table') {
        const rows = rowsOf(child)
          .map(tableRow)
          .filter((row) => row !== '')
        if (rows.length > 0) blocks.push({ kind: 'table', text: rows.join('\n') })
      } else walk(child, child.name === 'list' ? list + 1 : list)
    }
  }
  /** Boxes of text that hang on a paragraph come after it. */
  const walkFramesIn = (paragraph: XmlNode, list: number) => {
    for (const child of elements(paragraph)) {
      if (FRAMES.has(child.name)) walk(child, 0)
      else if (!SKIPPED.has(child.name)) walkFramesIn(child, list)
    }
  }
  walk(root, 0)
  return blocks.filter(({ text }) => text !== '')
}

const FRAMES = new Set(['frame', 'custom-shape', 'g', 'rect', 'text-box'])

/** The words of a paragraph, without what hangs on it. */
function wordsOf(paragraph: XmlNode): string {
  const walk = (node: XmlNode): string =>
    node.children
      .map((child) => {
        if (typeof child === 'string') return child.replace(/\s+/g, ' ')
        if (child.name === 's')
          return ' '.repeat(Math.max(1, Math.min(MOST_BLANKS, Number(attribute(child, 'c')) || 1)))
        if (child.name === 'tab') return '\t'
        if (child.name === 'line-break') return '\n'
        return SKIPPED.has(child.name) || FRAMES.has(child.name) ? '' : walk(child)
      })
      .join('')
  return walk(paragraph).trim()
}

/** Rows and cells may stand for many that are alike: empty ones at the end are not unfolded. */
function rowsOf(table: XmlNode): string[][] {
  const rows: string[][] = []
  let length = 0
  /** Empty rows that count only if one with content follows. */
  let blank = 0
  const take = (node: XmlNode) => {
    for (const child of elements(node)) {
      if (child.name !== 'table-row') {
        if (ROWS.has(child.name)) take(child)
        continue
      }
      const row = cellsOf(child)
      const times = repetitions(child, 'number-rows-repeated')
      if (row.length === 0) {
        blank += times
        continue
      }
      length += lengthOfRow(row) * times
      if (length > LONGEST_TEXT || rows.length + blank + times > MOST_ROWS) throw tooComplex()
      for (; blank > 0; blank -= 1) rows.push([])
      for (let time = 0; time < times; time += 1) rows.push(row)
    }
  }
  take(table)
  return rows
}

const ROWS = new Set(['table-rows', 'table-header-rows', 'table-row-group'])

function cellsOf(row: XmlNode): string[] {
  const cells: string[] = []
  for (const cell of elements(row)) {
    if (cell.name !== 'table-cell' && cell.name !== 'covered-table-cell') continue
    const text = blocksOf(cell)
      .map(({ text: given }) => given)
      .join(' ')
    const times = repetitions(cell, 'number-columns-repeated')
    if (text !== '' && cells.length + times > WIDEST) throw tooComplex()
    const last = Math.min(cells.length + times, WIDEST)
    while (cells.length < last) cells.push(text)
  }
  while (cells.at(-1) === '') cells.pop()
  return cells
}

function repetitions(node: XmlNode, name: string): number {
  const count = Number(attribute(node, name) ?? 1)
  return Number.isInteger(count) && count > 0 ? count : 1
}

function elements(node: XmlNode): XmlNode[] {
  return node.children.filter((child) => typeof child !== 'string')
}

function childrenNamed(node: XmlNode, name: string): XmlNode[] {
  return elements(node).filter((child) => child.name === name)
}
