import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lockedPdfOf, pdfOf, pdfOfObjects, relationsTo, zipOf } from '../../../test/made-documents.ts'
import { documentParserSuite, expectExactPlaces, parseWith } from '../../../test/suites/document-parser-suite.ts'
import { assemble } from './assemble.ts'
import { writeVtt } from './parsers/vtt.ts'
import { decodeText, sniff } from './sniff.ts'

const text = (given: string) => Buffer.from(given)
const lines = (...given: string[]) => text(given.join('\n'))

const PAGE = `<title>Cells</title><h1>Cells</h1><p>They live in <b>water</b>.</p><ul><li>one<ul><li>inner</li></ul></li></ul>
<details><summary>More</summary><p>Folded away.</p></details><pre>a = 1
  b = 2</pre><p hidden>not shown</p><div style="display: none">not shown</div>
<table><tr><th>Name</th><th colspan="2">Marks</th><th>Sum</th></tr><tr><td>Ada<script>x</script></td><td>3</td><td>4</td><td>7</td></tr></table>`
const RUNS = `<script>globalThis.ranFromDocument = 1</script><img src="http://127.0.0.1:9/x.png" onerror="globalThis.ranFromDocument = 1">
<link rel="stylesheet" href="http://127.0.0.1:9/x.css"><iframe src="http://127.0.0.1:9/"></iframe><p>Still read.</p>`
const DEEP = text(`<html><body>${'<div>'.repeat(3_000)}deep`)

documentParserSuite({
  format: 'html',
  bytes: text(`<html><body>${PAGE}</body></html>`),
  pages: null,
  title: 'Cells',
  blocks: [
    { kind: 'heading', level: 1, text: 'Cells' },
    { kind: 'paragraph', text: 'They live in water.' },
    { kind: 'list', level: 1, text: 'one' },
    { kind: 'list', level: 2, text: 'inner' },
    { kind: 'paragraph', text: 'More' },
    { kind: 'paragraph', text: 'Folded away.' },
    { kind: 'code', text: 'a = 1\n  b = 2' },
    { kind: 'table', text: '| Name | Marks |  | Sum |\n| Ada | 3 | 4 | 7 |' },
  ],
  hostile: { bytes: text(`<html><body>${RUNS}</body></html>`), words: 'Still read.' },
  over: { bytes: DEEP, limits: {}, code: 'document-too-complex' },
})

documentParserSuite({
  format: 'markdown',
  bytes: lines(
    '---',
    'title: "Light"',
    'tags: [a]',
    '---',
    '# Optics',
    '',
    'Light bends.',
    '<!-- a note to itself -->',
    '- glass',
    '  and water',
    '  - deep',
    '',
    '$$',
    'n_1 = 1',
    '',
    '- n_2',
    '$$',
    '```js',
    '# no heading',
    '```',
    '| a | b |',
    '|---|---|',
    '| 1 | 2 |',
    '',
    'Below',
    '-----',
  ),
  pages: null,
  title: 'Light',
  blocks: [
    { kind: 'heading', level: 1, text: 'Optics' },
    { kind: 'paragraph', text: 'Light bends.' },
    { kind: 'list', level: 1, text: 'glass\nand water' },
    { kind: 'list', level: 2, text: 'deep' },
    { kind: 'code', text: 'n_1 = 1\n\n- n_2' },
    { kind: 'code', text: '# no heading' },
    { kind: 'table', text: '| a | b |\n| 1 | 2 |' },
    { kind: 'heading', level: 2, text: 'Below' },
  ],
  hostile: { bytes: lines('![x](http://127.0.0.1:9/x.png)', RUNS), words: 'Still read.' },
  over: { bytes: text('a'.repeat(40_000_001)), limits: {}, code: 'document-too-complex' },
})

documentParserSuite({
  format: 'text',
  bytes: text('One.\r\nStill one.\r\n \r\nTwo.'),
  pages: null,
  blocks: [
    { kind: 'paragraph', text: 'One.\nStill one.' },
    { kind: 'paragraph', text: 'Two.' },
  ],
  hostile: { bytes: text(RUNS), words: 'Still read.' },
  over: { bytes: text('a'.repeat(40_000_001)), limits: {}, code: 'document-too-complex' },
})

documentParserSuite({
  format: 'vtt',
  bytes: lines(
    'WEBVTT - a lecture',
    '',
    'NOTE nobody reads this',
    '',
    'STYLE',
    '::cue { color: red }',
    '',
    'intro',
    '00:01.000 --> 00:02.500 align:start position:10%',
    '<v Ada>Light <i>bends</i> &amp; slows,',
    'in &lt;glass&gt; &copy;.',
    '',
    '01:02:03.004 --> 01:02:04.000',
    'Later.',
  ),
  pages: null,
  blocks: [
    { kind: 'paragraph', text: 'Light bends & slows,\nin <glass> &copy;.', place: { second: 1, endSecond: 2.5 } },
    { kind: 'paragraph', text: 'Later.', place: { second: 3_723.004, endSecond: 3_724 } },
  ],
  hostile: { bytes: lines('WEBVTT', '', '00:01.000 --> 00:02.000', `Still read.${RUNS}`), words: 'Still read.' },
  over: {
    bytes: text(`WEBVTT\n\n${'a\n\n'.repeat(1_000_000)}`),
    limits: {},
    code: 'document-too-complex',
  },
})

it('what is written as a transcript is read back with its words and seconds', async () => {
  const cue = fc.record({
    text: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).map((value) => `x${value}`),
    second: fc.nat(40_000_000).map((value) => value / 1_000),
    length: fc.nat(60_000).map((value) => value / 1_000),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(cue, { minLength: 1, maxLength: 20 }), fc.option(fc.string()), async (cues, heardBy) => {
      const whole = assemble(
        '',
        null,
        cues.map(({ text: words, second, length }) => ({
          kind: 'paragraph',
          text: words.replace(/\s+/g, ' ').trim(),
          place: { second, endSecond: second + length },
        })),
      )
      const by = heardBy?.replace(/\s+/g, ' ').trim() || null
      const bytes = writeVtt(whole.text, whole.blocks, by)
      expect(sniff(bytes, 'x.txt')).toBe('vtt')
      const read = await parseWith({ bytes, format: 'vtt', name: '' })
      expect(read.text).toBe(whole.text)
      expect(read.heardBy ?? null).toBe(by)
      for (const [index, { place, start, end }] of read.blocks.entries()) {
        const given = whole.blocks[index]
        expect([start, end]).toEqual([given?.start, given?.end])
        expect(place?.second).toBeCloseTo(given?.place?.second ?? 0, 3)
        expect(place?.endSecond).toBeCloseTo(given?.place?.endSecond ?? 0, 3)
      }
    }),
  )
})

it('prose that begins like captions is text', () => {
  expect(sniff(text('WEBVTT is a format.\nIt has arrows: a --> b'), 'x.vtt')).toBe('text')
})

documentParserSuite({
  format: 'csv',
  bytes: lines('Name;Note', 'Ada;"one; two"', 'Bob;"a', 'b"', ';', 'Cid;x|y'),
  pages: null,
  blocks: [
    { kind: 'table', place: { row: 1 }, text: '| Name | Note |\n| Ada | one; two |\n| Bob | a b |\n| Cid | x¦y |' },
  ],
  hostile: { bytes: lines('a,b', '=cmd|\' /C calc\'!A0,"=WEBSERVICE(""http://127.0.0.1:9/"")"'), words: 'calc' },
  over: { bytes: text('1\n'.repeat(1_000_001)), limits: {}, code: 'document-too-complex' },
})

documentParserSuite({
  format: 'eml',
  bytes: lines(
    'From: =?utf-8?Q?J=C3=BCrgen?= <j@example.org>',
    'To: Ada <ada@example.org>, bob@example.org',
    'Subject: The exam',
    'Date: Tue, 3 Nov 2026 09:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=out',
    '',
    '--out',
    'Content-Type: multipart/alternative; boundary=in',
    '',
    '--in',
    'Content-Type: text/plain; charset=iso-8859-1',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    'On Mon=',
    'day at f=FCnf.',
    '',
    'Bring a pen.',
    '--in',
    'Content-Type: text/html',
    '',
    '<p>On Monday</p>',
    '--in--',
    '--out',
    'Content-Type: application/pdf; name="plan.pdf"',
    'Content-Disposition: attachment; filename="plan.pdf"',
    'Content-Transfer-Encoding: base64',
    '',
    'JVBERi0=',
    '--out--',
  ),
  pages: null,
  title: 'The exam',
  blocks: [
    { kind: 'heading', level: 1, text: 'The exam' },
    {
      kind: 'paragraph',
      text: 'From: Jürgen j@example.org\nTo: Ada ada@example.org, bob@example.org\nDate: 2026-11-03T09:00:00.000Z',
    },
    { kind: 'paragraph', text: 'On Monday at fünf.' },
    { kind: 'paragraph', text: 'Bring a pen.' },
    { kind: 'list', text: 'plan.pdf' },
  ],
  hostile: {
    bytes: lines('From: a@example.org', 'Subject: x', 'Content-Type: text/html', '', RUNS),
    words: 'Still read.',
  },
  over: {
    bytes: lines('From: a@example.org', 'Subject: x', 'Content-Type: text/html', '', '<b>'.repeat(3_000), 'x'),
    limits: {},
    code: 'document-too-complex',
  },
})

const sheet = (rows: string) => `<worksheet><sheetData>${rows}</sheetData></worksheet>`
const workbook = (parts: Record<string, string>) =>
  zipOf({
    'xl/workbook.xml':
      '<workbook><sheets><sheet name="Marks" r:id="r1"/><sheet name="Plan" r:id="r2"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': relationsTo('worksheets/sheet1.xml', '/xl/worksheets/sheet2.xml'),
    'xl/sharedStrings.xml':
      '<sst><si><t>Name</t></si><si><r><t>A</t></r><r><t>da</t></r><rPh><t>eida</t></rPh></si><si><t>Day</t></si></sst>',
    'xl/styles.xml':
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/><numFmt numFmtId="165" formatCode="0.0 &quot;days&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="22"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>',
    'xl/worksheets/sheet1.xml': sheet(''),
    'xl/worksheets/sheet2.xml': sheet(''),
    ...parts,
  })

documentParserSuite({
  format: 'xlsx',
  bytes: workbook({
    'xl/worksheets/sheet1.xml': sheet(
      `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="s"><v>2</v></c></row>
      <row r="3"><c r="A3" t="s"><v>1</v></c><c r="C3" s="1"><v>46329</v></c><c r="D3"><f>3+4</f><v>7</v></c><c r="E3" t="b"><v>1</v></c></row>
      <row r="4"><c r="B4" s="2"><v>46329.375</v></c><c r="C4" s="3"><v>0.5</v></c><c r="D4" s="4"><v>2</v></c><c r="E4" t="e"><v>#DIV/0!</v></c></row>`,
    ),
    'xl/worksheets/sheet2.xml': sheet('<row><c t="inlineStr"><is><t>read</t></is></c><c><f>A9</f></c></row>'),
  }),
  pages: 2,
  blocks: [
    { kind: 'heading', text: 'Marks', place: { sheet: 'Marks' } },
    {
      kind: 'table',
      text: '| Name |  | Day |\n| Ada |  | 2026-11-03 | 7 | TRUE |\n|  | 2026-11-03 09:00:00 | 12:00:00 | 2 | #DIV/0! |',
      place: { sheet: 'Marks', row: 1 },
    },
    { kind: 'heading', text: 'Plan', place: { sheet: 'Plan' } },
    { kind: 'table', text: '| read |', place: { sheet: 'Plan', row: 1 } },
  ],
  hostile: {
    bytes: workbook({
      'xl/sharedStrings.xml': '<!DOCTYPE s SYSTEM "http://127.0.0.1:9/x.dtd"><sst><si><t>x</t></si></sst>',
    }),
  },
  over: {
    bytes: workbook({ 'xl/worksheets/sheet1.xml': sheet(' '.repeat(2 ** 20 + 1)) }),
    limits: { unpackedMb: 1 },
    code: 'document-too-complex',
  },
})

const slide = (body: string) => `<p:sld><p:cSld>${body}</p:cSld></p:sld>`
const shape = (paragraphs: string, kind = '') =>
  `<p:sp>${kind && `<p:nvPr><p:ph type="${kind}"/></p:nvPr>`}<p:txBody>${paragraphs}</p:txBody></p:sp>`
const paragraph = (words: string, properties = '') => `<a:p>${properties}<a:r><a:t>${words}</a:t></a:r></a:p>`
const slides = (first: string, second: string) =>
  zipOf({
    'ppt/presentation.xml': '<p:presentation><p:sldId r:id="r2"/><p:sldId r:id="r1"/></p:presentation>',
    'ppt/_rels/presentation.xml.rels': relationsTo('slides/slide1.xml', 'slides/slide2.xml'),
    'ppt/slides/slide1.xml': slide(second),
    'ppt/slides/slide2.xml': slide(first),
    'ppt/slides/_rels/slide2.xml.rels': relationsTo('../notesSlides/notesSlide1.xml'),
    'ppt/notesSlides/notesSlide1.xml': slide(shape(paragraph('Say it slowly.') + paragraph('2'))),
  })

documentParserSuite({
  format: 'pptx',
  bytes: slides(
    shape(paragraph('Light', '<a:pPr><a:buChar char="*"/></a:pPr>') + paragraph('bends', '<a:pPr lvl="1"/>')) +
      shape(paragraph('Optics'), 'ctrTitle'),
    '<p:graphicFrame><a:tbl><a:tr><a:tc><a:txBody><a:p><a:t>n</a:t></a:p></a:txBody></a:tc><a:tc><a:txBody><a:p><a:t>1.33</a:t></a:p></a:txBody></a:tc></a:tr></a:tbl></p:graphicFrame>',
  ),
  pages: 2,
  title: 'Optics',
  blocks: [
    { kind: 'heading', level: 1, text: 'Optics', place: { slide: 1 } },
    { kind: 'list', level: 1, text: 'Light', place: { slide: 1 } },
    { kind: 'list', level: 2, text: 'bends', place: { slide: 1 } },
    { kind: 'paragraph', text: 'Say it slowly.', place: { slide: 1 } },
    { kind: 'table', text: '| n | 1.33 |', place: { slide: 2 } },
  ],
  hostile: {
    bytes: zipOf({
      'ppt/presentation.xml':
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><p:presentation><a:t>&f;</a:t></p:presentation>',
    }),
  },
  over: { bytes: slides('', ''), limits: { pages: 1 }, code: 'document-too-many-pages' },
})

const book = (chapters: Record<string, string>, refs: string) =>
  zipOf({
    mimetype: 'application/epub+zip',
    'META-INF/container.xml': '<container><rootfiles><rootfile full-path="o/a.opf"/></rootfiles></container>',
    'o/a.opf': `<package><metadata><dc:title>The book</dc:title></metadata><manifest><item id="a" href="z%20one.xhtml"/><item id="b" href="a%two.xhtml"/></manifest><spine>${refs}</spine></package>`,
    ...chapters,
  })

documentParserSuite({
  format: 'epub',
  bytes: book(
    {
      'o/a%two.xhtml': '<html><body><h1>Two</h1><p>It ends.</p></body></html>',
      'o/z one.xhtml':
        '<?xml version="1.0"?><!DOCTYPE html><html><body><h1>One</h1><p>It begins.</p><ol><li>first</li></ol></body></html>',
    },
    '<itemref idref="a"/><itemref idref="b"/>',
  ),
  pages: 2,
  title: 'The book',
  blocks: [
    { kind: 'heading', level: 1, text: 'One', place: { chapter: 1 } },
    { kind: 'paragraph', text: 'It begins.', place: { chapter: 1 } },
    { kind: 'list', level: 1, text: 'first', place: { chapter: 1 } },
    { kind: 'heading', level: 1, text: 'Two', place: { chapter: 2 } },
    { kind: 'paragraph', text: 'It ends.', place: { chapter: 2 } },
  ],
  hostile: {
    bytes: book({ 'o/z one.xhtml': `<html><body>${RUNS}</body></html>` }, '<itemref idref="a"/>'),
    words: 'Still read.',
  },
  over: { bytes: book({}, '<itemref idref="a"/>'.repeat(3)), limits: { pages: 2 }, code: 'document-too-many-pages' },
})

const WORD =
  'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
const word = (body: string, more: Record<string, string> = {}) =>
  zipOf({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    '_rels/.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    'word/document.xml': `<w:document ${WORD}><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': `<w:styles ${WORD}><w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style></w:styles>`,
    'word/_rels/document.xml.rels':
      '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
    ...more,
  })
const words = (given: string, properties = '') => `<w:p>${properties}<w:r><w:t>${given}</w:t></w:r></w:p>`
const cell = (given: string) => `<w:tc>${words(given)}</w:tc>`

documentParserSuite({
  format: 'docx',
  bytes: word(
    `${words('Optics', '<w:pPr><w:pStyle w:val="H2"/></w:pPr>')}${words('Light bends.')}<w:tbl><w:tr>${cell('n')}${cell('1.33')}</w:tr></w:tbl>`,
  ),
  pages: null,
  title: 'Optics',
  blocks: [
    { kind: 'heading', level: 2, text: 'Optics' },
    { kind: 'paragraph', text: 'Light bends.' },
    { kind: 'table', text: '| n | 1.33 |' },
  ],
  hostile: {
    bytes: word(words('&x;'), {
      'word/document.xml': `<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document ${WORD}><w:body>${words('&x;')}</w:body></w:document>`,
    }),
  },
  over: { bytes: word('<w:p>'.repeat(300) + '</w:p>'.repeat(300)), limits: {}, code: 'document-too-complex' },
})

const column = (x: number, sentence: string[]) =>
  sentence.map((given, index) => ({ text: given, x, y: 640 - index * 15 }))
const LEFT = [
  'The left column speaks of refrac-',
  'tion, of long-term memory, and of',
  'light that bends in water, which',
  'is read to its end before the eye',
]
const RIGHT = [
  'goes up to the right one, where a',
  'long-',
  'term view of glass and of prisms',
  'is told, until there is no more.',
]

documentParserSuite({
  format: 'pdf',
  bytes: pdfOf([
    [
      ...column(310, RIGHT),
      ...column(72, LEFT),
      { text: 'Optics for everyone', x: 72, y: 700, size: 24 },
      { text: 'preprint', x: 20, y: 300, turned: 90 },
    ],
    [{ text: 'The second page.', x: 72, y: 700 }],
  ]),
  pages: 2,
  blocks: [
    { kind: 'heading', level: 1, text: 'Optics for everyone', place: { page: 1 } },
    {
      kind: 'paragraph',
      text: 'The left column speaks of refraction, of long-term memory, and of\nlight that bends in water, which\nis read to its end before the eye',
      place: { page: 1 },
    },
    {
      kind: 'paragraph',
      text: 'goes up to the right one, where a\nlong-\nterm view of glass and of prisms\nis told, until there is no more.',
      place: { page: 1 },
    },
    { kind: 'paragraph', text: 'preprint', place: { page: 1 } },
    { kind: 'paragraph', text: 'The second page.', place: { page: 2 } },
  ],
  hostile: {
    bytes: pdfOfObjects([
      '<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(globalThis.ranFromDocument = 1; app.launchURL("http://127.0.0.1:9/"))>>>>',
      '<</Type/Pages/Kids[4 0 R]/Count 1>>',
      '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
      '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 3 0 R>>>>/Contents 5 0 R/AA<</O<</S/URI/URI(http://127.0.0.1:9/)>>>>>>',
      '<</Length 47>>\nstream\nBT /F 12 Tf 72 700 Td (Still read.) Tj ET       \nendstream',
    ]),
    words: 'Still read.',
  },
  over: { bytes: pdfOf([[], [], []]), limits: { pages: 2 }, code: 'document-too-many-pages' },
  locked: pdfOfObjects(
    ['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[]/Count 0>>'],
    `/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<${'41'.repeat(32)}>/U<${'42'.repeat(32)}>>>`,
  ),
})

describe('a PDF behind a password', () => {
  const bytes = new Uint8Array(lockedPdfOf([[{ text: 'Within.', x: 72, y: 700 }]], 'sesame'))
  const read = (password?: string) =>
    parseWith({ bytes: bytes.slice(), format: 'pdf', name: 'x.pdf', ...(password !== undefined && { password }) })

  it('is read with it, and says whether one is missing or wrong', async () => {
    expect((await read('sesame')).text).toBe('Within.')
    await expect(read()).rejects.toMatchObject({ code: 'document-locked' })
    await expect(read('guess')).rejects.toMatchObject({ code: 'document-password-wrong' })
  })
})

describe('places on a page', () => {
  const read = (bytes: Buffer) => parseWith({ bytes: new Uint8Array(bytes), format: 'pdf', name: 'x.pdf' })

  it('are those of the page as it is shown, when it is turned', async () => {
    // Set so that it is upright once the page is turned by a quarter with the clock.
    const parsed = await read(pdfOf([[{ text: 'Upright when shown', x: 100, y: 50, turned: 90 }]], 90))
    const [, , , left, top, width, height] = parsed.blocks[0]?.lines?.[0] ?? []
    expect(left).toBeCloseTo(50 / 792, 2)
    expect(top).toBeCloseTo(88 / 612, 2)
    expect(width).toBeGreaterThan(height ?? 1)
  })

  it('stay with their words where a hyphen was taken out', async () => {
    const parsed = await read(pdfOf([[...column(72, LEFT)]]))
    expectExactPlaces(parsed)
    const [first, second] = parsed.blocks[0]?.lines ?? []
    expect(parsed.text.slice(first?.[0], first?.[1])).toBe('The left column speaks of refrac')
    expect(parsed.text.slice(second?.[0], second?.[1])).toBe('tion, of long-term memory, and of')
  })
})

describe('headers, footers and page numbers that run along', () => {
  const BODY = [
    ['Cells take in glucose from the blood, and their enzymes then', 'split it in two.'],
    ['Pyruvate goes on into mitochondria, where the citric acid', 'cycle takes it up.'],
    ['Oxygen takes the electrons at the end of the chain, which', 'makes water of it.'],
    ['Yeast lives without oxygen, and makes alcohol from pyruvate', 'while it does.'],
  ]
  const page = ([first, second]: string[], number: number, header = 'Biology for beginners') => [
    { text: header, x: 72, y: 750 },
    { text: first ?? '', x: 72, y: 700 },
    { text: second ?? '', x: 72, y: 686 },
    { text: `Page ${number}`, x: 290, y: 40 },
    { text: String(number), x: 500, y: 40 },
  ]
  const read = async (pages: Parameters<typeof pdfOf>[0]) => {
    const parsed = await parseWith({ bytes: new Uint8Array(pdfOf(pages)), format: 'pdf', name: 'x.pdf' })
    expectExactPlaces(parsed)
    return parsed.text
  }

  it('are read once', async () => {
    const text = await read(BODY.map((lines, n) => page(lines, n + 8)))
    expect(text.match(/Biology for beginners/g)).toHaveLength(1)
    expect(text.match(/Page \d/g)).toHaveLength(1)
    for (const [first, second] of BODY) expect(text).toContain(`${first}\n${second}`)
  })

  it('do not cut a sentence that runs over a page', async () => {
    const text = await read([
      page(['Cells take in glucose from the blood,', 'which enzymes then'], 1),
      page(['split in two, in'], 2),
      page(['the cell itself.'], 3),
      page(['Oxygen comes in later.'], 4),
    ])
    expect(text).toContain('which enzymes then\nsplit in two, in\nthe cell itself.')
  })

  it('may differ between left and right pages, and from chapter to chapter', async () => {
    const headers = ['Biology', 'The cell', 'Biology', 'The cell', 'Biology', 'The cell', 'Biology', 'The plant']
    const text = await read(headers.map((header, n) => page(BODY[n % 4] ?? [], n + 1, header)))
    expect(text.match(/Biology/g)).toHaveLength(1)
    expect(text.match(/The cell/g)).toHaveLength(1)
    expect(text).toContain('The plant')
  })

  it('are not what stands on two pages, what touches the text, or a heading', async () => {
    expect((await read([page(BODY[0] ?? [], 1), page(BODY[1] ?? [], 2)])).match(/Biology/g)).toHaveLength(2)
    const table = BODY.map(([row]) => [
      { text: 'Substance and what becomes of it', x: 72, y: 714 },
      { text: row ?? '', x: 72, y: 700 },
    ])
    expect((await read(table)).match(/Substance/g)).toHaveLength(4)
    const slides = BODY.map(([row]) => [
      { text: 'Overview', x: 72, y: 740, size: 24 },
      { text: row ?? '', x: 72, y: 600 },
    ])
    expect((await read(slides)).match(/Overview/g)).toHaveLength(4)
  })
})

describe('text in an encoding that it does not name', () => {
  it.each([
    ['Shift_JIS', '96bc914f2c944e97ee0a8db293a191be98592c33300a', '名前,年齢\n佐藤太郎,30\n'],
    ['windows-1252', '4de46e6e65722066fc72205374e46474652c2073657220e7610a', 'Männer für Städte, ser ça\n'],
    ['UTF-16LE', 'fffe41006400610019200a00', 'Ada’\n'],
  ])('is read: %s', (_, hex, expected) => expect(decodeText(Buffer.from(hex, 'hex'))).toBe(expected))
})

describe('the kind of a file', () => {
  it.each([
    ['notes.txt', pdfOf([[]]), 'pdf'],
    ['picture.png', word(words('x')), 'docx'],
    ['mail.pdf', text('From: a@example.org\nSubject: x\n\nHello'), 'eml'],
    ['sheet.docx', workbook({}), 'xlsx'],
    ['text.exe', text('Only words.'), 'text'],
  ])('is told by its bytes, not by its name: %s', (name, bytes, kind) => expect(sniff(bytes, name)).toBe(kind))
})
