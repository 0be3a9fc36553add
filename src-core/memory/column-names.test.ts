import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DocumentBlock } from '../vault/index.ts'
import { namedTables } from './column-names.ts'

function documentOf(...tables: string[][]): [text: string, blocks: DocumentBlock[]] {
  const blocks: DocumentBlock[] = []
  let text = ''
  for (const rows of tables) {
    const start = text.length + (text === '' ? 0 : 2)
    text = `${text}${text === '' ? '' : '\n\n'}${rows.join('\n')}`
    blocks.push({ kind: 'table', start, end: text.length, place: { row: 1 } })
  }
  return [text, blocks]
}

const namesIn = (...tables: string[][]) => namedTables(...documentOf(...tables)).map(({ names }) => names)

describe('namedTables', () => {
  it.each([
    ['numbers', ['| Country | Population |', '| Chad | 17,723,315 |', '| Peru | 33.7 M |'], 'Country | Population'],
    ['dates', ['| Topic | Read on |', '| Cells | 2026-03-01 |', '| Glass | 3.4.2026 |'], 'Topic | Read on'],
    [
      'long texts',
      [
        '| Term | Meaning |',
        '| Osmosis | Water that goes through a wall to where more is dissolved in it. |',
        '| Enzyme | A protein that speeds up what would else go on far more slowly. |',
      ],
      'Term | Meaning',
    ],
  ])('knows names over %s', (_, rows, names) => expect(namesIn(rows)).toEqual([names]))

  it.each([
    ['names alone', ['| Ada | London |', '| Emmy | Erlangen |', '| Rosalind | London |']],
    ['numbers alone', ['| 1 | 2 |', '| 3 | 4 |', '| 5 | 6 |']],
    ['one column', ['| Population |', '| 12 |', '| 13 |']],
    ['one row', ['| Country | Population |', '| Chad | 17,723,315 |']],
    ['nothing', ['']],
  ])('takes no row of %s for names', (_, rows) => expect(namesIn(rows)).toEqual([]))

  it('takes what a long table was cut into as one', () => {
    const [text, blocks] = documentOf(['| Country | Population |', '| Chad | 17 |', '| Peru | 33 |'], ['| Mali | 22 |'])
    const [first, second] = blocks as [DocumentBlock, DocumentBlock]
    expect(namedTables(text, [first, { ...second, place: { row: 4 } }])).toEqual([
      { start: 0, end: text.length, namesEnd: '| Country | Population |'.length, names: 'Country | Population' },
    ])
    expect(namedTables(text, blocks).map(({ end }) => end)).toEqual([first.end])
  })

  it('takes any rows, and names stand in the first', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (rows) => {
        const [text, blocks] = documentOf(rows)
        for (const { start, end, namesEnd } of namedTables(text, blocks)) {
          expect(start <= namesEnd && namesEnd <= end).toBe(true)
        }
      }),
    )
  })
})
