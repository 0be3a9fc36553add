import { expect, it } from 'vitest'
import { pdfOf } from '../../test/made-documents.ts'
import { parseWith } from '../../test/suites/document-parser-suite.ts'
import { chunkDocument } from './chunk-document.ts'

/** Sentences of one line each, from the top of a page to its end; the last one goes on where that is asked for. */
const page = (about: string, count: number, ending = '.') =>
  Array.from({ length: count }, (_, line) => ({
    text: `${about} says in line ${line + 1} a little more of what it is${line === count - 1 ? ending : '.'}`,
    x: 72,
    y: 740 - line * 15,
  }))

it('a passage that runs over the end of a page knows both pages, and its box on the first', async () => {
  const bytes = new Uint8Array(pdfOf([page('Glass', 3, ' and'), [{ text: 'goes on without an end.', x: 72, y: 740 }]]))
  const { text, blocks } = await parseWith({ bytes, format: 'pdf', name: 'a.pdf' })
  const [chunk, ...rest] = chunkDocument(text, '', blocks)
  expect(rest).toEqual([])
  expect(chunk?.place).toMatchObject({ page: 1, endPage: 2 })
  const [, top = 0, , height = 0] = chunk?.place?.box ?? []
  // Three lines at the head of the first page: nothing of the second.
  expect(top).toBeLessThan(0.1)
  expect(top + height).toBeLessThan(0.12)
})

it('every passage names the pages of its first and of its last words, and no last page where they are one', async () => {
  const bytes = new Uint8Array(pdfOf([page('Glass', 40), page('Water', 40), page('Air', 40)]))
  const { text, blocks } = await parseWith({ bytes, format: 'pdf', name: 'a.pdf' })
  const pageOf = (place: number) =>
    ['Glass', 'Water', 'Air'].indexOf(
      /(Glass|Water|Air)(?!.*(?:Glass|Water|Air))/s.exec(text.slice(0, place))?.[1] ?? '',
    ) + 1
  const chunks = chunkDocument(text, '', blocks)
  expect(chunks.length).toBeGreaterThan(5)
  for (const { start, end, place } of chunks) {
    const [first, last] = [pageOf(start + 6), pageOf(end)]
    expect(place?.page).toBe(first)
    expect(place?.endPage).toBe(last === first ? undefined : last)
  }
  expect(chunks.some(({ place }) => place?.endPage === 2)).toBe(true)
})

it('gives the later chunks of a long table the names of its columns', () => {
  const rows = Array.from({ length: 200 }, (_, n) => `| Town of number ${n} | ${1_000 + 7 * n} |`)
  const table = `| Town | Inhabitants |\n${rows.join('\n')}`
  const after = 'Towns grow where rivers meet.'
  const text = `${table}\n\n${after}`
  const chunks = chunkDocument(text, 'Atlas', [
    { kind: 'table', start: 0, end: table.length, place: { row: 1 } },
    { kind: 'paragraph', start: table.length + 2, end: text.length, place: null },
  ])
  expect(chunks.length).toBeGreaterThan(5)
  const within = chunks.filter(({ start }) => start > 0 && start < table.length)
  expect(chunks[0]?.heading).toEqual(['Atlas'])
  for (const { heading } of within) expect(heading).toEqual(['Atlas', 'Town | Inhabitants'])
  for (const { heading } of chunkDocument(after, 'Atlas', [])) expect(heading).toEqual(['Atlas'])
})
