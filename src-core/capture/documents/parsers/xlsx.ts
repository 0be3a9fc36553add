import { assemble } from '../assemble.ts'
import { damaged, tooManyPages } from '../errors.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { rowBlocks } from './csv.ts'
import { targetsOf } from './pptx.ts'
import { attribute, descendants, readXml, textOf, type XmlNode } from './xml.ts'
import { unpack } from './zip.ts'

/** Workbooks: each sheet with its rows, values as they are stored; formulas are not worked out. */
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
    const shared = [...descendants(xml('xl/sharedStrings.xml') ?? workbook, 'si')].map((item) =>
      [...descendants(item, 't')].map(textOf).join(''),
    )
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
        blocks.push(...rowBlocks(rowsOf(content, shared), { sheet: name }))
      }
      onProgress(index + 1, sheets.length)
    }
    return assemble('', sheets.length, blocks)
  },
}

function rowsOf(sheet: XmlNode, shared: readonly string[]): string[][] {
  return [...descendants(sheet, 'row')].map((row) =>
    [...descendants(row, 'c')].map((cell) => {
      const [value] = descendants(cell, 'v')
      if (attribute(cell, 't') === 's') return shared[Number(textOf(value))] ?? ''
      return value ? textOf(value) : [...descendants(cell, 't')].map(textOf).join('')
    }),
  )
}
