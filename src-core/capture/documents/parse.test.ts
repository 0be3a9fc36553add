import { describe, expect, it } from 'vitest'
import { zipOf as zip } from '../../../test/made-documents.ts'
import { configSchema } from '../../kernel/index.ts'
import { parseDocument } from './parse.ts'
import { sniff } from './sniff.ts'

const limits = { ...configSchema.parse({}).documents, unpackedMb: 8 }
const error = (code: string) => expect.objectContaining({ name: 'LvaError', code })

const read = (given: Uint8Array | string, name = 'file') => {
  const bytes = typeof given === 'string' ? new TextEncoder().encode(given) : new Uint8Array(given)
  return parseDocument(
    { bytes, format: sniff(bytes, name), name },
    { limits, onProgress: () => undefined, signal: new AbortController().signal },
  )
}

const RELATIONS = (target: string) => `<Relationships><Relationship Id="r1" Target="${target}"/></Relationships>`
const workbook = (strings: string) =>
  zip({
    'xl/workbook.xml': '<workbook><sheets><sheet name="Marks" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': RELATIONS('worksheets/sheet1.xml'),
    'xl/sharedStrings.xml': strings,
    'xl/worksheets/sheet1.xml': '<worksheet><row><c t="s"><v>0</v></c><c><v>7</v></c></row></worksheet>',
  })

describe('reading documents', () => {
  it('gives each block its place in the text', async () => {
    const { text, blocks } = await read(
      '<html><body><h1>Cells</h1><p>They live.</p><ul><li>one</li></ul><script>x()</script>',
    )
    expect(blocks.map(({ kind, start, end }) => [kind, text.slice(start, end)])).toEqual([
      ['heading', 'Cells'],
      ['paragraph', 'They live.'],
      ['list', 'one'],
    ])
  })

  it('reads slides, sheets, books, letters and values', async () => {
    const slides = await read(
      zip({
        'ppt/presentation.xml': '<p:presentation><p:sldId r:id="r1"/></p:presentation>',
        'ppt/_rels/presentation.xml.rels': RELATIONS('slides/slide1.xml'),
        'ppt/slides/slide1.xml':
          '<p:sld><p:sp><p:ph type="title"/><a:p><a:t>Optics</a:t></a:p></p:sp><p:sp><a:p><a:t>Light</a:t></a:p></p:sp></p:sld>',
      }),
    )
    expect(slides).toMatchObject({
      pages: 1,
      text: 'Optics\n\nLight',
      blocks: [{ kind: 'heading', place: { slide: 1 } }, {}],
    })
    const sheets = await read(workbook('<sst><si><t>Ada</t></si></sst>'))
    expect(sheets).toMatchObject({ text: 'Marks\n\n| Ada | 7 |', blocks: [{}, { place: { sheet: 'Marks', row: 1 } }] })
    const book = await read(
      zip({
        'META-INF/container.xml': '<container><rootfile full-path="o/a.opf"/></container>',
        'o/a.opf': '<package><title>Book</title><item id="c" href="c.xhtml"/><itemref idref="c"/></package>',
        'o/c.xhtml': '<html><body><h1>One</h1><p>It begins.</p></body></html>',
      }),
    )
    expect(book).toMatchObject({ title: 'Book', blocks: [{ place: { chapter: 1 } }, {}] })
    expect(
      await read('From: a@x.org\nSubject: Exam\nDate: Tue, 3 Nov 2026 09:00:00 +0000\n\nOn Monday.'),
    ).toMatchObject({
      title: 'Exam',
    })
    expect((await read('a,b\n1,2', 'x.csv')).text).toBe('| a | b |\n| 1 | 2 |')
  })

  it('refuses bombs, entities, names that lead outside, and what is damaged', async () => {
    const billion = '<!DOCTYPE s [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    await expect(read(workbook(billion))).rejects.toEqual(error('document-unsafe'))
    await expect(read(workbook(`<sst>${' '.repeat(9 * 2 ** 20)}</sst>`))).rejects.toEqual(error('document-too-complex'))
    await expect(read(workbook('<x>'.repeat(5_000)))).rejects.toEqual(error('document-too-complex'))
    await expect(read(zip({ 'xl/workbook.xml': '<a/>', '../evil.xml': 'x' }))).rejects.toEqual(error('document-unsafe'))
    await expect(read(Buffer.from('PK\u0003\u0004 word/document.xml'))).rejects.toEqual(error('document-damaged'))
    await expect(read('%PDF-1.4 nothing')).rejects.toEqual(error('document-damaged'))
    await expect(read(`<html><body>${'<div>'.repeat(100_000)}deep`)).rejects.toEqual(error('document-too-complex'))
  })
})
