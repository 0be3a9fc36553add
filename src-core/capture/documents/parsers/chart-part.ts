import type { RawBlock } from '../types.ts'
import { numberKind, shownNumber } from './sheet-dates.ts'
import { tableRow } from './table.ts'
import { attribute, childOf, descendants, textOf, type XmlNode } from './xml.ts'

/** What a chart shows. */
export interface Chart {
  /** Its own, then those of its axes. */
  titles: string[]
  /** Names of the series, then a row for each category or place on the first axis. */
  rows: string[][]
}

/** A chart of slides or text (ECMA-376 part 1, 21.2), with its values as they were last drawn; the sheet behind it is not opened. */
export function chartOf(part: XmlNode): Chart {
  const series = [...descendants(part, 'ser')].map((one) => ({
    name: [...valuesOf(childOf(one, 'tx')).values()].join(' '),
    places: valuesOf(childOf(one, 'cat') ?? childOf(one, 'xVal')),
    values: valuesOf(childOf(one, 'val') ?? childOf(one, 'yVal')),
  }))
  const indexes = new Set(series.flatMap(({ places, values }) => [...places.keys(), ...values.keys()]))
  const named = (index: number) => series.find(({ places }) => places.has(index))?.places.get(index) ?? ''
  return {
    titles: [...descendants(part, 'title')].map(writtenIn).filter((title) => title !== ''),
    rows: [
      ['', ...series.map(({ name }) => name)],
      ...[...indexes]
        .sort((a, b) => a - b)
        .map((index) => [named(index), ...series.map(({ values }) => values.get(index) ?? '')]),
    ],
  }
}

/** A chart as its titles and a table. */
export function chartBlocks(part: XmlNode): RawBlock[] {
  const { titles, rows } = chartOf(part)
  const lines = rows.map(tableRow).filter((row) => row !== '')
  return [
    ...titles.map((text): RawBlock => ({ kind: 'paragraph', text })),
    ...(lines.length > 0 ? [{ kind: 'table' as const, text: lines.join('\n') }] : []),
  ]
}

/** Kept values by their index; of categories on several levels, the parts of each together. */
function valuesOf(node: XmlNode | undefined): Map<number, string> {
  const values = new Map<number, string>()
  if (!node) return values
  const [code] = descendants(node, 'formatCode')
  const format = textOf(code)
  for (const point of descendants(node, 'pt')) {
    const index = Number(attribute(point, 'idx'))
    const value = shown(textOf(childOf(point, 'v')), format)
    const before = values.get(index)
    values.set(index, before === undefined ? value : `${value} ${before}`)
  }
  return values
}

function shown(value: string, format: string): string {
  const isNumber = format !== '' && value.trim() !== '' && Number.isFinite(Number(value))
  return isNumber ? shownNumber(Number(value), numberKind(-1, format), false) : value
}

function writtenIn(title: XmlNode): string {
  const paragraphs = [...descendants(title, 'p')].map((paragraph) =>
    [...descendants(paragraph, 't')].map(textOf).join(''),
  )
  const kept = [...valuesOf(childOf(title, 'tx')).values()]
  return [...paragraphs, ...kept].join(' ').replace(/\s+/gu, ' ').trim()
}
