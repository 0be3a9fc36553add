import type { DocumentBlock } from '../vault/index.ts'
import type { Span } from './chunk.ts'

/** A table whose first row names its columns. */
export interface NamedTable extends Span {
  /** Where the row of names ends, in the text of the document. */
  namesEnd: number
  /** `Country | Capital | Population` */
  names: string
}

/** So many rows tell what stands in the columns. */
const MOST_READ = 20
/** Words in a cell below, in those of a name: so much longer are texts that a name stands over. */
const LONGER = 2
const LONGEST_NAME = 40

/** Tables of a document that begin with the names of their columns; blocks that follow one another are one table, as long ones are cut. */
export function namedTables(text: string, blocks: readonly DocumentBlock[]): NamedTable[] {
  const tables: Span[] = []
  let before: DocumentBlock | undefined
  for (const block of blocks) {
    const open = tables.at(-1)
    const goesOn = before?.kind === 'table' && (block.place?.row ?? 1) > 1
    if (block.kind === 'table' && open && goesOn) open.end = block.end
    else if (block.kind === 'table') tables.push({ start: block.start, end: block.end })
    before = block
  }
  return tables.flatMap(({ start, end }) => {
    const [first = '', ...rows] = text
      .slice(start, Math.min(end, start + READ_UNITS))
      .split('\n')
      .slice(0, MOST_READ + 1)
    if (!areNames(cellsOf(first), rows.map(cellsOf))) return []
    return [
      {
        start,
        end,
        namesEnd: start + first.length,
        names: cellsOf(first)
          .filter((cell) => cell !== '')
          .join(' | '),
      },
    ]
  })
}

/** Enough for the rows that are read, in UTF-16 code units. */
const READ_UNITS = 20_000

/** Short words over numbers, dates or far longer texts. */
function areNames(first: readonly string[], rows: readonly (readonly string[])[]): boolean {
  const named = first.filter((cell) => cell !== '')
  if (named.length < 2 || named.some((cell) => isValue(cell) || cell.length > LONGEST_NAME)) return false
  return first.some((name, column) => {
    const below = rows.flatMap((row) => row[column] || [])
    if (name === '' || below.length < 2) return false
    const values = below.filter(isValue).length
    const length = below.reduce((sum, cell) => sum + cell.length, 0) / below.length
    return values * 2 > below.length || (length > LONGEST_NAME && length > LONGER * name.length)
  })
}

/** A number, an amount, a date or a time. */
function isValue(cell: string): boolean {
  return /\d/.test(cell) && !/\p{L}{3,}/u.test(cell)
}

function cellsOf(row: string): string[] {
  return row
    .replace(/^\| ?| ?\|$/g, '')
    .split(' | ')
    .map((cell) => cell.trim())
}
