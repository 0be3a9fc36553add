import { assemble, LONGEST_TEXT } from '../assemble.ts'
import { tooComplex } from '../errors.ts'
import { decodeText } from '../sniff.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { lengthOfRow, tableRow } from './table.ts'

/** Rows of one block, so that a chunk knows about where it is. */
const ROWS_IN_BLOCK = 20
const MOST_ROWS = 1_000_000
const PREVIEW = { preview: 10, skipEmptyLines: 'greedy' } as const

/** Values by commas, semicolons, tabs or bars. */
export const csvParser: DocumentParser = {
  formats: ['csv'],
  async parse({ bytes }) {
    const { default: papa } = await import('papaparse')
    const whole = decodeText(bytes).replace(/^\uFEFF/, '')
    // What programs write for each other to say by what values are apart.
    const told = /^sep=(.)\r?\n/.exec(whole)
    const text = told ? whole.slice(told[0].length) : whole
    const fields = (delimiter: string) => papa.parse<string[]>(text, { ...PREVIEW, delimiter }).data
    const delimiter =
      told?.[1] ??
      // Numbers and prose have commas as well; the others stand in every row alike by design alone.
      ['\t', ';', '|'].find((mark) => isEven(fields(mark))) ??
      papa.parse(text, PREVIEW).meta.delimiter
    const { data } = papa.parse<string[]>(text, { delimiter })
    // Rows keep the number that their reader sees.
    if (told) data.unshift([])
    if (data.length > MOST_ROWS) throw tooComplex()
    return assemble('', null, rowBlocks(data, {}))
  },
}

function isEven(rows: readonly (readonly string[])[]): boolean {
  const width = rows[0]?.length ?? 0
  return rows.length > 1 && width > 1 && rows.every((row) => row.length === width)
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
