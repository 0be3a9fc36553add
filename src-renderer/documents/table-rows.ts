import type { DocumentBlock } from '../../src-core/contract/index.ts'

/** A cell with its place in the document, as a block has one. */
export type Cell = Pick<DocumentBlock, 'text' | 'start' | 'end'>

/** The rows of a table block: one a line, cells between bars. Bars at the ends of a line and spaces around a cell belong to no cell. */
export function tableRows(block: Cell): Cell[][] {
  const rows: Cell[][] = []
  let start = block.start
  for (const line of block.text.split('\n')) {
    rows.push(cellsOf(line, start))
    start += line.length + 1
  }
  return rows.filter((row) => row.length > 0)
}

function cellsOf(line: string, lineStart: number): Cell[] {
  const cells: Cell[] = []
  const parts = line.split('|')
  let at = 0
  for (const [index, part] of parts.entries()) {
    const isEnd = index === 0 || index === parts.length - 1
    const text = part.trim()
    const start = lineStart + at + (part.length - part.trimStart().length)
    if (!(isEnd && text === '' && parts.length > 1)) cells.push({ text, start, end: start + text.length })
    at += part.length + 1
  }
  return line.trim() === '' ? [] : cells
}
