import type { TextItem } from 'pdfjs-dist/types/src/display/api.js'
import { pagePart } from './page-part.ts'

/** One line of a page. Left, top, width and height as parts of the page as it is shown. */
export interface Line {
  text: string
  size: number
  left: number
  top: number
  width: number
  height: number
}

/** The page as it is shown: its size, and the matrix that leads from the file's coordinates to it, y pointing down. */
export interface PageView {
  width: number
  height: number
  transform: readonly number[]
}

/** A run of letters without a gap. `along` and `across` are measured on its own baseline, in units of the page. */
interface Run {
  text: string
  size: number
  angle: number
  along: number
  end: number
  across: number
  isRightToLeft: boolean
}

/** A gap between letters, in parts of their size, that is more than a space: another column or cell begins. */
const WIDE_GAP = 1.5
/** The same words so near to where they stand already, in parts of their size, are printed over to be bold. */
const OVERPRINT = 0.15
/** Letters are upright up to this angle, in radians. */
const UPRIGHT = 0.02
/** Columns that are read one after the other have at least this many lines, each of this mean width (part of the page). */
const COLUMN_LINES = 4
const COLUMN_WIDTH = 0.15
/** Part of the lines that may run across both columns, as titles do. */
const CROSSING = 0.3
/** A page of more runs than this is a drawing: its columns are not looked for. */
const MOST_RUNS = 2_000

/**
 * The lines of a page in the order in which they are read: columns one after the other, what stands on one baseline as one line. Turned
 * text keeps to itself, after the upright one.
 */
export function linesOf(items: readonly TextItem[], page: PageView): Line[] {
  const runs = runsOf(items, page)
  const upright = runs.filter(({ angle }) => Math.abs(angle) <= UPRIGHT)
  const turned = runs.filter(({ angle }) => Math.abs(angle) > UPRIGHT)
  return [...inReadingOrder(upright, page.width), ...turned]
    .map((run) => lineOf(run, page))
    .filter(({ text }) => text !== '')
}

function runsOf(items: readonly TextItem[], page: PageView): Run[] {
  const runs: Run[] = []
  let open: Run | undefined
  let isSpaced = false
  let last: { str: string; along: number; across: number } | undefined
  for (const { str, transform, width, height, hasEOL, dir } of items) {
    const matrix = multiplied(page.transform, transform as number[])
    const [a = 1, b = 0, c = 0, d = 0, x = 0, y = 0] = matrix
    if (str.trim() === '') isSpaced ||= str !== ''
    else {
      const angle = Math.atan2(b, a)
      const size = Math.hypot(c, d) || height
      const along = x * Math.cos(angle) + y * Math.sin(angle)
      const across = y * Math.cos(angle) - x * Math.sin(angle)
      const isOver = last?.str === str && Math.hypot(last.along - along, last.across - across) < size * OVERPRINT
      last = { str, along, across }
      if (isOver) continue
      const gap = open ? along - open.end : 0
      const goesOn =
        open &&
        Math.abs(open.angle - angle) <= UPRIGHT &&
        Math.abs(open.across - across) <= Math.max(open.size, size) * 0.5 &&
        gap < size * WIDE_GAP &&
        gap > -size * 0.5
      if (open && goesOn) {
        open.text += (isSpaced || gap > size * 0.2) && !/\s$/.test(open.text) && !/^\s/.test(str) ? ` ${str}` : str
        open.end = along + width
        open.size = Math.max(open.size, size)
      } else {
        open = { text: str, size, angle, along, end: along + width, across, isRightToLeft: dir === 'rtl' }
        runs.push(open)
      }
      isSpaced = false
    }
    if (hasEOL) open = undefined
  }
  return runs
}

function inReadingOrder(runs: readonly Run[], pageWidth: number): Run[] {
  const gutter = gutterOf(runs, pageWidth)
  if (gutter === undefined) return rowsOf(runs)
  const crossing = rowsOf(runs.filter((run) => run.along < gutter && run.end > gutter))
  const ordered: Run[] = []
  let above = Number.NEGATIVE_INFINITY
  for (const border of [...crossing, undefined]) {
    const below = border?.across ?? Number.POSITIVE_INFINITY
    const zone = runs.filter(({ across }) => across > above && across < below)
    ordered.push(
      ...inReadingOrder(
        zone.filter(({ end }) => end <= gutter),
        pageWidth,
      ),
    )
    ordered.push(
      ...inReadingOrder(
        zone.filter(({ along }) => along >= gutter),
        pageWidth,
      ),
    )
    if (border) ordered.push(border)
    above = below
  }
  return ordered
}

/** Where the space between two columns is: an upright line that few runs cross, with prose on both sides. */
function gutterOf(runs: readonly Run[], pageWidth: number): number | undefined {
  if (runs.length > MOST_RUNS) return undefined
  let best: { at: number; crossing: number } | undefined
  for (const at of new Set(runs.map(({ along }) => along - 1))) {
    const crossing = runs.filter((run) => run.along < at && run.end > at).length
    if (crossing > runs.length * CROSSING || (best && crossing >= best.crossing)) continue
    const isColumn = (side: readonly Run[]) =>
      side.length >= COLUMN_LINES &&
      side.reduce((sum, { along, end }) => sum + end - along, 0) / side.length > pageWidth * COLUMN_WIDTH
    if (isColumn(runs.filter(({ end }) => end <= at)) && isColumn(runs.filter(({ along }) => along >= at))) {
      best = { at, crossing }
    }
  }
  return best?.at
}

/** Runs from above to below; those on one baseline are one, as the cells of a row are. */
function rowsOf(runs: readonly Run[]): Run[] {
  const rows: Run[][] = []
  for (const run of [...runs].sort((a, b) => a.across - b.across)) {
    const row = rows.at(-1)
    const first = row?.[0]
    if (row && first && run.across - first.across < Math.min(run.size, first.size) * 0.4) row.push(run)
    else rows.push([run])
  }
  return rows.map((row) => {
    const isRightToLeft = row.some((run) => run.isRightToLeft)
    const sorted = row.sort((a, b) => (isRightToLeft ? b.along - a.along : a.along - b.along))
    return {
      ...(sorted[0] as Run),
      text: sorted.map(({ text }) => text).join(' '),
      size: Math.max(...sorted.map(({ size }) => size)),
      along: Math.min(...sorted.map(({ along }) => along)),
      end: Math.max(...sorted.map(({ end }) => end)),
      across: Math.max(...sorted.map(({ across }) => across)),
    }
  })
}

function lineOf({ text, size, angle, along, end, across }: Run, page: PageView): Line {
  const corners = [along, end].flatMap((u) =>
    [across - size, across + size * 0.2].map((v) => [
      u * Math.cos(angle) - v * Math.sin(angle),
      u * Math.sin(angle) + v * Math.cos(angle),
    ]),
  )
  const xs = corners.map(([x = 0]) => x)
  const ys = corners.map(([, y = 0]) => y)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  return {
    text: text.replace(/\s+/gu, ' ').trim(),
    size,
    left: pagePart(left, page.width),
    top: pagePart(top, page.height),
    width: pagePart(Math.max(...xs) - left, page.width),
    height: pagePart(Math.max(...ys) - top, page.height),
  }
}

function multiplied(m: readonly number[], n: readonly number[]): number[] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = m
  const [p = 1, q = 0, r = 0, s = 1, t = 0, u = 0] = n
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f]
}
