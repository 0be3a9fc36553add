import type { Line } from './pdf-lines.ts'

/** Part of a page at its upper and lower edge in which headers, footers and page numbers stand. */
const EDGE = 0.12
/** From one line to the next, in heights of a line: what is farther from the text is set apart. */
const APART = 1.45
/** On so many pages, each the next or the one after it (left and right pages may differ), a line runs along. */
const FEWEST_PAGES = 3
const NEXT_PAGES = 2

type Edge = 'above' | 'below'

interface Placed {
  /** From 0. */
  page: number
  edge: Edge
  line: Line
}

/**
 * Pages without the headers, footers and page numbers that run along. The first header and the last footer of each stay,
 * where they part no sentence, since their words are said nowhere else; numbers alone, which places tell, do not.
 * @param largest size of letters that may run along; larger ones are headings, which may well be alike
 */
export function withoutRunningLines(pages: readonly (readonly Line[])[], largest: number): Line[][] {
  const placed = pages.flatMap((lines, page) =>
    (['above', 'below'] as const).flatMap((edge) =>
      setApart(lines, edge).flatMap((line) => (line.size > largest ? [] : [{ page, edge, line }])),
    ),
  )
  const running = new Set<Line>()
  for (const alike of Map.groupBy(placed, ({ edge, line }) => `${edge} ${withoutNumbers(line.text)}`).values()) {
    for (const row of rowsOfPages(alike)) {
      const kept = keptOf(row)
      for (const one of row) if (one !== kept) running.add(one.line)
    }
  }
  return pages.map((lines) => lines.filter((line) => !running.has(line)))
}

function keptOf(row: readonly Placed[]): Placed | undefined {
  const first = row[0]
  if (!first || !/\p{L}/u.test(withoutNumbers(first.line.text))) return undefined
  return first.edge === 'above' ? first : row.at(-1)
}

/** The lines at an edge of a page that a wider space parts from the text. A page that is all edge has none. */
function setApart(lines: readonly Line[], edge: Edge): Line[] {
  const inwards = [...lines].sort((a, b) => (edge === 'above' ? a.top - b.top : b.top - a.top))
  const isAtEdge = ({ top, height }: Line) => (edge === 'above' ? top < EDGE : top + height > 1 - EDGE)
  for (const [n, line] of inwards.entries()) {
    if (!isAtEdge(line)) return []
    const next = inwards[n + 1]
    if (next && Math.abs(next.top - line.top) > APART * Math.max(line.height, next.height))
      return inwards.slice(0, n + 1)
  }
  return []
}

/** Stretches of pages that are long enough for what stands on all of them to run along. */
function rowsOfPages(all: readonly Placed[]): Placed[][] {
  const rows: Placed[][] = []
  for (const one of all) {
    const row = rows.at(-1)
    if (row && one.page - (row.at(-1)?.page ?? 0) <= NEXT_PAGES) row.push(one)
    else rows.push([one])
  }
  return rows.filter((row) => new Set(row.map(({ page }) => page)).size >= FEWEST_PAGES)
}

/** Arabic and small Roman numbers stand for any other. */
function withoutNumbers(text: string): string {
  return text.toLowerCase().replace(/\d+|(?<!\p{L})[ivxl]+(?!\p{L})/gu, '#')
}
