import { assemble } from '../assemble.ts'
import { damaged, tooComplex, tooManyPages } from '../errors.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { rowBlocks } from './csv.ts'
import { targetsOf } from './pptx.ts'
import { type NumberKind, numberKind, shownNumber } from './sheet-dates.ts'
import { attribute, descendants, readXml, textOf, type XmlNode } from './xml.ts'
import { unpack } from './zip.ts'

/** Largest sheet of the format. */
const MOST_COLUMNS = 16_384
const MOST_ROWS = 1_048_576

interface Workbook {
  shared: readonly string[]
  /** Of each cell style, what its numbers are. */
  kinds: readonly NumberKind[]
  is1904: boolean
}

/** Workbooks: each sheet with its rows, dates as dates and other values as they are stored; formulas are not worked out. */
export const xlsxParser: DocumentParser = {
  formats: ['xlsx'],
  async parse({ bytes }, { limits, onProgress, signal }) {
    const parts = await unpack(bytes, limits, (name) => /^xl\/.*\.(?:xml|rels)$/.test(name))
    const xml = (name: string) => {
      const part = parts.get(name)
      return part && readXml(part, limits.depth)
    }
    const workbook = xml('xl/workbook.xml')
    if (!workbook) throw damaged()
    const targets = targetsOf(xml('xl/_rels/workbook.xml.rels'))
    const [properties] = descendants(workbook, 'workbookPr')
    const known: Workbook = {
      shared: [...descendants(xml('xl/sharedStrings.xml') ?? workbook, 'si')].map(writtenIn),
      kinds: numberKindsOf(xml('xl/styles.xml')),
      is1904: /^(?:1|true)$/.test(attribute(properties, 'date1904') ?? ''),
    }
    const sheets = [...descendants(workbook, 'sheet')]
    if (sheets.length > limits.pages) throw tooManyPages(sheets.length, limits.pages)
    const blocks: RawBlock[] = []
    for (const [index, sheet] of sheets.entries()) {
      signal.throwIfAborted()
      const name = attribute(sheet, 'name') ?? `${index + 1}`
      const target = targets.get(sheet.attributes['r:id'] ?? '')?.replace(/^\/?(?:xl\/)?/, '')
      const content = target && xml(`xl/${target}`)
      if (content) {
        blocks.push({ kind: 'heading', level: 1, text: name, place: { sheet: name } })
        blocks.push(...rowBlocks(rowsOf(content, known), { sheet: name }))
      }
      onProgress(index + 1, sheets.length)
    }
    return assemble('', sheets.length, blocks)
  },
}

/** Values of a row stand under the column that their cell names; cells that are left out are empty. */
function rowsOf(sheet: XmlNode, { shared, kinds, is1904 }: Workbook): string[][] {
  const rows: string[][] = []
  for (const row of descendants(sheet, 'row')) {
    const cells: string[] = []
    for (const cell of descendants(row, 'c')) {
      const column = columnOf(attribute(cell, 'r')) ?? cells.length
      if (column > MOST_COLUMNS) throw tooComplex()
      while (cells.length < column) cells.push('')
      const [value] = descendants(cell, 'v')
      const text = textOf(value)
      const kind = attribute(cell, 't') ?? 'n'
      if (kind === 's') cells[column] = shared[Number(text)] ?? ''
      else if (kind === 'b') cells[column] = text === '1' ? 'TRUE' : 'FALSE'
      else if (kind === 'inlineStr') cells[column] = writtenIn(cell)
      else if (kind === 'n' && text !== '' && Number.isFinite(Number(text))) {
        cells[column] = shownNumber(Number(text), kinds[Number(attribute(cell, 's') ?? 0)] ?? 'number', is1904)
      } else cells[column] = value ? text : writtenIn(cell)
    }
    const at = Number(attribute(row, 'r') ?? rows.length + 1) - 1
    if (at > MOST_ROWS) throw tooComplex()
    // Empty rows count, so that the number of a row is the one that its reader sees.
    while (rows.length < at) rows.push([])
    rows.push(cells)
  }
  return rows
}

/** The text of a string without the reading aids that East Asian sheets carry beside it. */
function writtenIn(node: XmlNode): string {
  return node.children
    .map((child) =>
      typeof child === 'string' || child.name === 'rPh' ? '' : child.name === 't' ? textOf(child) : writtenIn(child),
    )
    .join('')
}

/** 0 for A1, 27 for AB7. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/.exec(reference ?? '')?.[0]
  if (letters === undefined) return undefined
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}

/** Of each style of cells, what its numbers are. */
function numberKindsOf(styles: XmlNode | undefined): NumberKind[] {
  if (!styles) return []
  const own = new Map(
    [...descendants(styles, 'numFmt')].map((format) => [
      Number(attribute(format, 'numFmtId')),
      attribute(format, 'formatCode') ?? '',
    ]),
  )
  const [cellStyles] = descendants(styles, 'cellXfs')
  return [...(cellStyles ? descendants(cellStyles, 'xf') : [])].map((style) => {
    const id = Number(attribute(style, 'numFmtId') ?? 0)
    return numberKind(id, own.get(id))
  })
}
