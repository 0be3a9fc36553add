import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { configSchema } from '../../kernel/index.ts'
import { isOpenAddress } from './fetch-address.ts'
import { parseDocument } from './parse.ts'
import { sniff } from './sniff.ts'

const limits = { ...configSchema.parse({}).documents, unpackedMb: 8 }
const error = (code: string) => expect.objectContaining({ name: 'LvaError', code })

/** A zip archive of deflated parts. */
function zip(parts: Record<string, string | Buffer>): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(parts)) {
    const raw = Buffer.from(content as string)
    const packed = deflateRawSync(raw)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(raw), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(raw.length, 18)
    common.writeUInt16LE(Buffer.byteLength(name), 22)
    const head = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, Buffer.from(name)])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, rest, Buffer.from(name)]))
    local.push(head, packed)
    at += head.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(central.length, 4)
  end.writeUInt16LE(central.length, 6)
  end.writeUInt32LE(directory.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...local, directory, Buffer.from('PK\u0005\u0006'), end])
}

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

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.254.169.254',
    '192.168.0.1',
    '::1',
    'fd00::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '0.0.0.0',
    'x',
  ])('inside a network stay closed: %s', (ip) => expect(isOpenAddress(ip)).toBe(false))
  it.each(['93.184.216.34', '2606:2800:220:1::1'])('of the open web may be fetched: %s', (ip) =>
    expect(isOpenAddress(ip)).toBe(true),
  )
})
