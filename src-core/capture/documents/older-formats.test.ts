import { describe, expect, it } from 'vitest'
import { zipOf } from '../../../test/made-documents.ts'
import { double, type OleFolder, oleOf, record, uint16, uint32 } from '../../../test/made-ole.ts'
import { documentParserSuite, parseWith } from '../../../test/suites/document-parser-suite.ts'
import { decoderOfCodePage } from './parsers/codepage.ts'
import { isDateFormat } from './parsers/sheet-dates.ts'
import { sniff } from './sniff.ts'

const RUNS = `<script>globalThis.ranFromDocument = 1</script><img src="http://127.0.0.1:9/x.png"><p>Still read.</p>`
const wide = (text: string) => Buffer.from(text, 'utf16le')

// ------------------------------------------------------------------------------------------------ XLS

const BOF_GLOBALS = record(0x0809, uint16(0x0600, 5), Buffer.alloc(12))
const BOF_SHEET = record(0x0809, uint16(0x0600, 16), Buffer.alloc(12))
const EOF = record(0x000a)
const sheetName = (name: string, at: number) =>
  record(0x0085, uint32(at), [0, 0, name.length, 0], Buffer.from(name, 'latin1'))
const style = (format: number) => record(0x00e0, uint16(0, format), Buffer.alloc(16))
const label = (row: number, column: number, shared: number) => record(0x00fd, uint16(row, column, 0), uint32(shared))

function workbook(
  cells: readonly Buffer[],
  {
    before = [],
    names = ['Marks'],
    first = 'Name',
    written = names.length,
  }: {
    before?: Buffer[]
    names?: string[]
    first?: string
    /** Sheets that are there; of more names the last ones lie at the last of them. */
    written?: number
  } = {},
) {
  // "A", "da" and "m" with a mark, cut within its letters: the second half says anew that its letters are wide.
  const shared = [
    record(0x00fc, uint32(3, 3), uint16(first.length), [0], Buffer.from(first), uint16(3), [1], wide('Дa')),
    record(0x003c, [0], Buffer.from('!'), uint16(3), [8], uint16(1), Buffer.from('Day'), uint32(0)),
  ]
  const globals = (at: number[]) =>
    Buffer.concat([
      BOF_GLOBALS,
      ...before,
      record(0x041e, uint16(164, 5), [0], Buffer.from('[h]:m')),
      ...[0, 14, 164].map(style),
      ...names.map((name, index) => sheetName(name, at[index] ?? 0)),
      ...shared,
      EOF,
    ])
  const start = globals(names.map(() => 0)).length
  const sheet = Buffer.concat([BOF_SHEET, ...cells, EOF])
  const at = names.map((_, index) => start + Math.min(index, written - 1) * sheet.length)
  return Buffer.concat([globals(at), ...Array.from({ length: written }, () => sheet)])
}

const CELLS = [
  label(0, 0, 0),
  label(0, 2, 2),
  label(2, 0, 1),
  // 46,329 days, 1.5 as a hundredth, and two numbers side by side.
  record(0x0203, uint16(2, 2, 1), double(46_329)),
  record(0x027e, uint16(2, 3, 0), uint32((150 << 2) | 3)),
  record(0x00bd, uint16(3, 0), uint16(0), uint32((7 << 2) | 2), uint16(2), uint32(0x3fe00000), uint16(1)),
  record(0x0205, uint16(3, 2, 0), [1, 0]),
  record(0x0205, uint16(3, 3, 0), [7, 1]),
  // A formula whose text comes after it, and one with a number.
  record(0x0006, uint16(3, 4, 0), [0, 0, 0, 0, 0, 0, 0xff, 0xff], Buffer.alloc(6)),
  record(0x0207, uint16(4), [0], Buffer.from('good')),
  record(0x0006, uint16(3, 5, 0), double(0.1 + 0.2), Buffer.alloc(6)),
]

documentParserSuite({
  format: 'xls',
  bytes: oleOf({ Workbook: workbook(CELLS) }),
  pages: 1,
  blocks: [
    { kind: 'heading', level: 1, text: 'Marks', place: { sheet: 'Marks' } },
    {
      kind: 'table',
      text: '| Name |  | Day |\n| Дa! |  | 2026-11-03 | 1.5 |\n| 7 | 12:00:00 | TRUE | #DIV/0! | good | 0.3 |',
      place: { sheet: 'Marks', row: 1 },
    },
  ],
  hostile: {
    bytes: oleOf({ Workbook: workbook(CELLS), _VBA_PROJECT_CUR: { VBA: { dir: Buffer.from(RUNS) } } }),
    words: 'good',
  },
  over: {
    bytes: oleOf({ Workbook: workbook([], { names: ['a', 'b'] }) }),
    limits: { pages: 1 },
    code: 'document-too-many-pages',
  },
  locked: oleOf({ Workbook: workbook([], { before: [record(0x002f, uint16(1), Buffer.alloc(48))] }) }),
})

describe('a workbook of before 1997', () => {
  it('is read with its code page', async () => {
    const globals = (at: number) =>
      Buffer.concat([
        record(0x0809, uint16(0x0500, 5), Buffer.alloc(4)),
        record(0x0042, uint16(1251)),
        style(0),
        record(0x0085, uint32(at), [0, 0, 1], Buffer.from([0xc4])),
        EOF,
      ])
    const cell = record(0x0204, uint16(0, 0, 0, 2), Buffer.from([0xc4, 0xe0]))
    const book = Buffer.concat([
      globals(globals(0).length),
      record(0x0809, uint16(0x0500, 16), Buffer.alloc(4)),
      cell,
      EOF,
    ])
    const bytes = oleOf({ Book: book })
    expect(sniff(bytes, 'old.bin')).toBe('xls')
    expect((await parseWith({ bytes, format: 'xls', name: 'old.xls' })).text).toBe('Д\n\n| Да |')
  })
})

// ------------------------------------------------------------------------------------------------ MSG

const property = (id: number, type: number, value: bigint) => {
  const bytes = Buffer.alloc(16)
  bytes.writeUInt16LE(type, 0)
  bytes.writeUInt16LE(id, 2)
  bytes.writeBigUInt64LE(value, 8)
  return bytes
}
const SENT = (BigInt(Date.UTC(2026, 10, 3, 9)) + 11_644_473_600_000n) * 10_000n
const letter = (streams: Record<string, Buffer | Record<string, Buffer>>) =>
  oleOf({
    '__properties_version1.0': Buffer.concat([
      Buffer.alloc(32),
      property(0x0039, 0x40, SENT),
      property(0x3ffd, 0x03, 1252n),
    ]),
    '__substg1.0_0037001F': wide('The exam'),
    ...streams,
  } as never)

/** Rich text packed without a reference, but for one to what is said before: `{\rtf1\ansi`. */
function packedRtf(rest: string): Buffer {
  const bytes = Buffer.from(rest, 'latin1')
  const groups: Buffer[] = []
  const head = Buffer.from([((0 << 4) | 9) >> 8, (0 << 4) | 9])
  groups.push(Buffer.concat([Buffer.from([1]), head, bytes.subarray(0, 7)]))
  for (let at = 7; at < bytes.length; at += 8)
    groups.push(Buffer.concat([Buffer.from([0]), bytes.subarray(at, at + 8)]))
  const content = Buffer.concat(groups)
  return Buffer.concat([uint32(content.length + 12, 11 + bytes.length), Buffer.from('LZFu'), uint32(0), content])
}

documentParserSuite({
  format: 'msg',
  bytes: letter({
    '__substg1.0_0C1A001F': wide('Jürgen'),
    '__substg1.0_5D01001F': wide('j@example.org'),
    '__substg1.0_1000001F': wide('On Monday at fünf.\r\n\r\nBring a pen.\0'),
    '__recip_version1.0_#00000000': {
      '__substg1.0_3001001E': Buffer.from('Ada'),
      '__substg1.0_39FE001E': Buffer.from('ada@example.org'),
    },
    '__attach_version1.0_#00000000': {
      '__substg1.0_3707001F': wide('plan.pdf'),
      '__substg1.0_37010102': Buffer.from(RUNS),
    },
  }),
  pages: null,
  title: 'The exam',
  blocks: [
    { kind: 'heading', level: 1, text: 'The exam' },
    { kind: 'paragraph', text: 'From: Jürgen j@example.org\nTo: Ada ada@example.org\nDate: 2026-11-03T09:00:00.000Z' },
    { kind: 'paragraph', text: 'On Monday at fünf.' },
    { kind: 'paragraph', text: 'Bring a pen.' },
    { kind: 'list', level: 1, text: 'plan.pdf' },
  ],
  hostile: { bytes: letter({ '__substg1.0_10130102': Buffer.from(RUNS) }), words: 'Still read.' },
  over: {
    bytes: letter({ '__substg1.0_1000001F': Buffer.alloc(2 ** 20 + 2, 65) }),
    limits: { unpackedMb: 1 },
    code: 'document-too-complex',
  },
})

describe('a letter that holds rich text alone', () => {
  it('is unpacked and read', async () => {
    const bytes = letter({ '__substg1.0_10090102': packedRtf(String.raw` It is on \b Monday\b0.\par Bye.}`) })
    expect((await parseWith({ bytes, format: 'msg', name: 'x.msg' })).text).toContain('It is on Monday.\n\nBye.')
  })
})

// ------------------------------------------------------------------------------------------------ RTF

const rtf = (body: string) =>
  Buffer.from(
    String.raw`{\rtf1\ansi\ansicpg1252\uc1{\fonttbl{\f0 Times;}{\f1\fcharset204 Arial Cyr;}}{\colortbl;\red0;}{\stylesheet{Normal;}{\s3 heading 2;}}{\info{\title Light}{\author Somebody}}` +
      body +
      '}',
    'latin1',
  )

documentParserSuite({
  format: 'rtf',
  bytes:
    rtf(String.raw`{\header On every page\par}\pard\s3 Optics\par\pard Light \b bends\b0 , f\'fcr {\f1\'c4\'e0} \u21512? \{x\}\line still{\v hidden}.\par
{\pict\pngblip 89504e47}\pard\ls1\ilvl0{\listtext 1.\tab}glass\par\pard\ls1\ilvl1 {\listtext a.}deep\par
\trowd\pard\intbl n\cell 1.33\cell\row\trowd\pard\intbl\cell glass\cell\row\pard {\field{\*\fldinst HYPERLINK "http://127.0.0.1:9/"}{\fldrslt a link}}\bin4 }}}} end\par`),
  pages: null,
  title: 'Light',
  blocks: [
    { kind: 'heading', level: 2, text: 'Optics' },
    { kind: 'paragraph', text: 'Light bends, für Да 合 {x}\nstill.' },
    { kind: 'list', level: 1, text: 'glass' },
    { kind: 'list', level: 2, text: 'deep' },
    { kind: 'table', text: '| n | 1.33 |\n|  | glass |' },
    { kind: 'paragraph', text: 'a link end' },
  ],
  hostile: {
    bytes: rtf(String.raw`{\object\objemb{\*\objdata 0105}}{\*\template http://127.0.0.1:9/x.dot}Still read.`),
    words: 'Still read.',
  },
  over: { bytes: rtf('{'.repeat(3_000)), limits: {}, code: 'document-too-complex' },
})

// ------------------------------------------------------------------------------------------------ OpenDocument

const odf = (kind: string, body: string, more: Record<string, string> = {}) =>
  zipOf({
    mimetype: `application/vnd.oasis.opendocument.${kind}`,
    'content.xml': `<office:document-content><office:body><office:${kind}>${body}</office:${kind}></office:body></office:document-content>`,
    'meta.xml': '<office:document-meta><office:meta><dc:title>Light</dc:title></office:meta></office:document-meta>',
    ...more,
  })
const LOCKED = {
  'META-INF/manifest.xml':
    '<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>',
}
const ENTITY = {
  'content.xml':
    '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><office:document-content><office:body><office:text>&x;</office:text></office:body></office:document-content>',
}
const p = (text: string) => `<text:p>${text}</text:p>`
const odfCell = (text: string, more = '') => `<table:table-cell ${more}>${p(text)}</table:table-cell>`

const inBox = `<draw:frame><draw:text-box>${p('In a box.')}</draw:text-box></draw:frame>`

documentParserSuite({
  format: 'odt',
  bytes: odf(
    'text',
    `<text:tracked-changes>${p('deleted')}</text:tracked-changes><text:h text:outline-level="2">Optics</text:h>
     ${p(`Light<text:s text:c="2"/>bends<text:line-break/>and <text:span>spreads</text:span><office:annotation>aside</office:annotation>.${inBox}`)}
     <text:list><text:list-item>${p('glass')}<text:list><text:list-item>${p('deep')}</text:list-item></text:list></text:list-item></text:list>
     <table:table><table:table-row>${odfCell('n')}${odfCell('1.33')}</table:table-row></table:table>`,
  ),
  pages: null,
  title: 'Light',
  blocks: [
    { kind: 'heading', level: 2, text: 'Optics' },
    { kind: 'paragraph', text: 'Light  bends\nand spreads.' },
    { kind: 'paragraph', text: 'In a box.' },
    { kind: 'list', level: 1, text: 'glass' },
    { kind: 'list', level: 2, text: 'deep' },
    { kind: 'table', text: '| n | 1.33 |' },
  ],
  hostile: { bytes: odf('text', '', ENTITY) },
  over: {
    bytes: odf('text', '<text:section>'.repeat(300) + '</text:section>'.repeat(300)),
    limits: {},
    code: 'document-too-complex',
  },
  locked: odf('text', p('x'), LOCKED),
})

const EMPTY_ROWS =
  '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'

documentParserSuite({
  format: 'ods',
  bytes: odf(
    'spreadsheet',
    `<table:table table:name="Marks"><table:table-header-rows><table:table-row>${odfCell('Name')}<table:table-cell/>${odfCell('Day')}</table:table-row></table:table-header-rows>
     <table:table-row/><table:table-row table:number-rows-repeated="2">${odfCell('Ada', 'table:number-columns-repeated="2"')}</table:table-row>${EMPTY_ROWS}</table:table>`,
  ),
  pages: 1,
  blocks: [
    { kind: 'heading', level: 1, text: 'Marks', place: { sheet: 'Marks' } },
    { kind: 'table', text: '| Name |  | Day |\n| Ada | Ada |\n| Ada | Ada |', place: { sheet: 'Marks', row: 1 } },
  ],
  hostile: { bytes: odf('spreadsheet', '', ENTITY) },
  over: {
    bytes: odf(
      'spreadsheet',
      `<table:table table:name="x"><table:table-row table:number-rows-repeated="1048576">${odfCell('x', 'table:number-columns-repeated="16384"')}</table:table-row></table:table>`,
    ),
    limits: {},
    code: 'document-too-complex',
  },
  locked: odf('spreadsheet', '', LOCKED),
})

const frame = (kind: string, text: string) =>
  `<draw:frame presentation:class="${kind}"><draw:text-box>${text}</draw:text-box></draw:frame>`

documentParserSuite({
  format: 'odp',
  bytes: odf(
    'presentation',
    `<draw:page>${frame('outline', `<text:list><text:list-item>${p('Light')}</text:list-item></text:list>`)}${frame('title', p('Optics'))}
     <presentation:notes>${frame('page', p('1'))}${frame('notes', p('Say it slowly.'))}</presentation:notes></draw:page><draw:page>${frame('outline', p('End'))}</draw:page>`,
  ),
  pages: 2,
  title: 'Light',
  blocks: [
    { kind: 'heading', level: 1, text: 'Optics', place: { slide: 1 } },
    { kind: 'list', level: 1, text: 'Light', place: { slide: 1 } },
    { kind: 'paragraph', text: 'Say it slowly.', place: { slide: 1 } },
    { kind: 'paragraph', text: 'End', place: { slide: 2 } },
  ],
  hostile: { bytes: odf('presentation', '', ENTITY) },
  over: {
    bytes: odf('presentation', '<draw:page/><draw:page/>'),
    limits: { pages: 1 },
    code: 'document-too-many-pages',
  },
  locked: odf('presentation', '', LOCKED),
})

describe('one long text that many cells name', () => {
  const long = 'x'.repeat(8_000)
  const cells = `<table:table-row table:number-rows-repeated="1000">${odfCell(long, 'table:number-columns-repeated="16"')}</table:table-row>`
  const named = Array.from({ length: 24 * 256 }, (_, place) => label(place >> 8, place & 255, 0))

  it.each([
    ['ods', odf('spreadsheet', `<table:table table:name="x">${cells}</table:table>`)],
    ['xls', oleOf({ Workbook: workbook(named, { first: long }) })],
  ] as const)('is counted before it is unfolded: %s', async (format, bytes) => {
    const reading = parseWith({ bytes: new Uint8Array(bytes), format, name: 'x' })
    await expect(reading).rejects.toMatchObject({ code: 'document-too-complex' })
  })
})

describe('many sheets', () => {
  const names = Array.from({ length: 1_000 }, (_, number) => `s${number}`)
  const read = (book: Buffer) => parseWith({ bytes: oleOf({ Workbook: book }), format: 'xls', name: 'x' })

  it('that lie in the same bytes are refused before they are unfolded', async () => {
    const cells = Array.from({ length: 100 * 256 }, (_, place) => label(place >> 8, place & 255, 0))
    await expect(read(workbook(cells, { names, written: 1 }))).rejects.toMatchObject({ code: 'document-damaged' })
    // A small one too, and where only the last two do.
    const few = { names: ['a', 'b', 'c'], written: 2 }
    await expect(read(workbook(CELLS, few))).rejects.toMatchObject({ code: 'document-damaged' })
  })

  it('with a cell far below each are counted together', async () => {
    const far = [label(65_535, 0, 0)]
    expect((await read(workbook(far))).blocks).toHaveLength(2)
    await expect(read(workbook(far, { names }))).rejects.toMatchObject({ code: 'document-too-complex' })
  })
})

describe('what would take for ever', () => {
  it('folders that share what is inside them are not followed without end', async () => {
    const nested = (levels: number): OleFolder => (levels === 0 ? {} : { a: nested(levels - 1), b: {} })
    const file = oleOf(nested(40))
    const directory = (file.readUInt32LE(48) + 1) * 512
    // Each "b" stands beside its "a", and is given the same inside.
    for (let level = 0; level < 40; level += 1) {
      const a = directory + (level + 1) * 128
      file.writeUInt32LE(file.readUInt32LE(a + 76), directory + file.readUInt32LE(a + 72) * 128 + 76)
    }
    const reading = parseWith({ bytes: new Uint8Array(file), format: 'msg', name: 'x' })
    await expect(reading).rejects.toMatchObject({ code: 'document-too-complex' })
  })

  it('a cell with very many paragraphs is read', async () => {
    const bytes = rtf(`\\trowd\\intbl ${'a\\par '.repeat(200_000)}b\\cell\\row`)
    const { text } = await parseWith({ bytes: new Uint8Array(bytes), format: 'rtf', name: 'x' })
    expect(text).toHaveLength('| '.length + 2 * 200_000 + 'b |'.length)
  })

  it('code pages that there are not cost nothing', () => expect(decoderOfCodePage(1)).toBe(decoderOfCodePage(2)))
})

it('a cell that stands for many stands for all of them', async () => {
  const row = `<table:table-row><table:table-cell table:number-columns-repeated="10000"/>${odfCell('x', 'table:number-columns-repeated="6000"')}</table:table-row>`
  const bytes = new Uint8Array(odf('spreadsheet', `<table:table table:name="n">${row}</table:table>`))
  const { text } = await parseWith({ bytes, format: 'ods', name: 'x' })
  expect(text.split('|').filter((cell) => cell.trim() === 'x')).toHaveLength(6_000)
  expect(text.split('|').filter((cell) => cell.trim() === '')).toHaveLength(10_001)
})

it.each([
  ['_-* #,##0.00\\ _D_M_-', false],
  ['_-* #,##0\\ "days"', false],
  ['*s0', false],
  ['yyyy\\-mm\\-dd', true],
  ['[h]:mm', true],
  ['d/m/yy_)', true],
])('numbers in the format %s are dates: %s', (code, isDate) => expect(isDateFormat(164, code)).toBe(isDate))

describe('the kind of an older file', () => {
  it.each([
    ['a.doc', oleOf({ WordDocument: Buffer.from('x') }), 'unknown'],
    ['a.pdf', oleOf({ Workbook: workbook([]) }), 'xls'],
    ['a.eml', letter({}), 'msg'],
    ['a.txt', rtf('x'), 'rtf'],
  ])('is told by what is in it: %s', (name, bytes, kind) => expect(sniff(bytes, name)).toBe(kind))

  it.each(['text', 'spreadsheet', 'presentation'])('is told by its first part: %s', (kind) => {
    // As the standard asks: the first part, not packed.
    const stored = Buffer.concat([
      Buffer.from('504b03040a00000000000000000000000000270000002700000008000000', 'hex'),
      Buffer.from(`mimetypeapplication/vnd.oasis.opendocument.${kind}`),
    ])
    expect(sniff(stored, 'x.zip')).toBe({ text: 'odt', spreadsheet: 'ods', presentation: 'odp' }[kind])
  })
})
