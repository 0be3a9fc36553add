import { assemble, LONGEST_TEXT } from '../assemble.ts'
import { tooComplex } from '../errors.ts'
import { decodeText } from '../sniff.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { lengthOfRow, tableRow } from './table.ts'

/** Rows of one block, so that a chunk knows about where it is. */
const ROWS_IN_BLOCK = 20
const MOST_ROWS = 1_000_000

/** Values by commas, tabs or semicolons. Each block begins with the names of its columns where the first row looks like them. */
export const csvParser: DocumentParser = {
  formats: ['csv'],
  async parse({ bytes }) {
    const { default: papa } = await import('papaparse')
    const { data } = papa.parse<string[]>(decodeText(bytes).replace(/^\uFEFF/, ''), { skipEmptyLines: 'greedy' })
    if (data.length > MOST_ROWS) throw tooComplex()
    return assemble('', null, rowBlocks(data, {}))
  },
}

/** Rows as blocks of a few, with the place of the first. @throws LvaError document-too-complex */
export function rowBlocks(rows: readonly (readonly string[])[], place: { sheet?: string }): RawBlock[] {
  const blocks: RawBlock[] = []
  let length = 0
  for (const row of rows) {
    length += lengthOfRow(row)
    if (length > LONGEST_TEXT) throw tooComplex()
  }
  for (let from = 0; from < rows.length; from += ROWS_IN_BLOCK) {
    const text = rows.slice(from, from + ROWS_IN_BLOCK).map(tableRow)
    blocks.push({
      kind: 'table',
      text: text.filter((row) => row !== '').join('\n'),
      place: { ...place, row: from + 1 },
    })
  }
  return blocks
}
