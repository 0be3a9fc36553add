import { describe, expect, it } from 'vitest'
import { pdfOf, pdfOfObjects, relationsTo, zipOf } from '../../../test/made-documents.ts'
import { parseWith } from '../../../test/suites/document-parser-suite.ts'
import { sniff } from './sniff.ts'

/** Files as other programs and other times make them. */

async function read(name: string, bytes: Buffer) {
  const given = new Uint8Array(bytes)
  const { title, text, blocks } = await parseWith({ bytes: given, format: sniff(given, name), name })
  return {
    title,
    blocks: blocks.map(({ kind, start, end, level }) => [`${kind}${level ?? ''}`, text.slice(start, end)]),
  }
}

const paragraphs = async (name: string, bytes: Buffer) => (await read(name, bytes)).blocks.map(([, text]) => text)

const PACKAGE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const WORD = `xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:r="${PACKAGE}" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"`
const style = (id: string, name: string, more = '') =>
  `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/>${more}</w:style>`
const words = (text: string, properties = '') =>
  `<w:p>${properties && `<w:pPr>${properties}</w:pPr>`}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`
const word = (body: string, styles = '', more: Record<string, string> = {}) =>
  zipOf({
    '[Content_Types].xml':
      '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>',
    '_rels/.rels': `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${PACKAGE}/officeDocument" Target="word/document2.xml"/></Relationships>`,
    'word/document2.xml': `<w:document ${WORD}><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': `<w:styles ${WORD}>${styles}</w:styles>`,
    ...more,
  })

/** Two series over three years, of which one has no value for the last, as shares. */
const CHART = (() => {
  const title = (text: string) =>
    `<c:title><c:tx><c:rich><a:p><a:r><a:t>${text}</a:t></a:r></a:p></c:rich></c:tx></c:title>`
  const points = (values: string[]) => values.map((v, index) => `<c:pt idx="${index}"><c:v>${v}</c:v></c:pt>`).join('')
  const series = (name: string, values: string[]) =>
    `<c:ser><c:tx><c:strRef><c:strCache>${points([name])}</c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache>${points(['2023', '2024', '2025'])}</c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:formatCode>0%</c:formatCode>${points(values)}</c:numCache></c:numRef></c:val></c:ser>`
  return `<c:chartSpace xmlns:c="c" xmlns:a="a"><c:chart>${title('Sugar in drinks')}<c:plotArea><c:barChart>${series('Lemonade', ['0.11', '0.1', '0.09'])}${series('Juice', ['0.10000000000000001', '0.1'])}</c:barChart><c:valAx>${title('Share of weight')}</c:valAx></c:plotArea></c:chart></c:chartSpace>`
})()
const SHOWN = [
  'Sugar in drinks',
  'Share of weight',
  '|  | Lemonade | Juice |\n| 2023 | 11% | 10% |\n| 2024 | 10% | 10% |\n| 2025 | 9% |',
]

describe('a Word document', () => {
  it('keeps its formulas, on one line', async () => {
    const power = '<m:sSup><m:e><m:r><m:t>c</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>'
    const part = (name: string, text: string) => `<m:${name}><m:r><m:t>${text}</m:t></m:r></m:${name}>`
    const fraction = `<m:f>${part('num', 'a+b')}${part('den', 'c')}</m:f>`
    const body = `<w:p><w:r><w:t xml:space="preserve">Energy is </w:t></w:r><m:oMath><m:r><m:t>E=m</m:t></m:r>${power}</m:oMath></w:p>
<w:p><m:oMathPara><m:oMath>${fraction}</m:oMath></m:oMathPara></w:p>`
    expect(await paragraphs('x.docx', word(body))).toEqual(['Energy is E=mc^2', '(a+b)/c'])
  })

  it('keeps what reading aids stand over, fields, and boxes of text that only newer programs know', async () => {
    const ruby =
      '<w:r><w:ruby><w:rt><w:r><w:t>とうきょう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>東京</w:t></w:r></w:rubyBase></w:ruby></w:r>'
    const box = `<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx><w:txbxContent>${words('In a box.')}</w:txbxContent></wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>`
    const field = '<w:fldSimple w:instr="DATE"><w:r><w:t>1 May</w:t></w:r></w:fldSimple>'
    const body = `<w:p>${ruby}<w:r><w:t>に行く。</w:t></w:r></w:p><w:p>${field}</w:p><w:p>${box}<w:r><w:t>Anchor.</w:t></w:r></w:p>`
    expect(await paragraphs('x.docx', word(body))).toEqual(['東京に行く。', '1 May', 'Anchor.', 'In a box.'])
  })

  it('knows headings by what their style is based on and by their outline level; hidden words and the table of contents are left out', async () => {
    const styles = [
      style('T', 'Title'),
      style('berschrift1', 'heading 1'),
      style('K', "Ada's chapter", '<w:basedOn w:val="berschrift1"/>'),
      style('O', 'Abschnitt', '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
      style('V1', 'toc 1'),
    ].join('')
    const styled = (id: string, text: string) => words(text, `<w:pStyle w:val="${id}"/>`)
    const hidden = '<w:p><w:r><w:t>Seen.</w:t></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>Unseen.</w:t></w:r></w:p>'
    const body = `${styled('T', 'The paper')}${styled('V1', 'Cells 3')}${styled('K', 'Cells')}${styled('O', 'Walls')}${words('Own', '<w:outlineLvl w:val="2"/>')}${hidden}`
    expect(await read('x.docx', word(body, styles))).toEqual({
      title: 'The paper',
      blocks: [
        ['heading1', 'The paper'],
        ['heading1', 'Cells'],
        ['heading2', 'Walls'],
        ['heading3', 'Own'],
        ['paragraph', 'Seen.'],
      ],
    })
  })

  it('keep what a chart shows, where it is drawn', async () => {
    const drawing = '<w:drawing><a:graphic><c:chart r:id="r1"/></a:graphic></w:drawing>'
    const body = `${words('Before.')}<w:p><w:r>${drawing}</w:r></w:p>${words('After.')}`
    const bytes = word(body, '', {
      'word/_rels/document2.xml.rels': relationsTo('charts/chart1.xml'),
      'word/charts/chart1.xml': CHART,
    })
    expect(await paragraphs('x.docx', bytes)).toEqual(['Before.', ...SHOWN, 'After.'])
  })
})

describe('slides', () => {
  const NAMES = `xmlns:a="a" xmlns:p="p" xmlns:r="r"`
  const shape = (text: string, holder = '') =>
    `<p:sp><p:nvSpPr><p:nvPr>${holder && `<p:ph type="${holder}"/>`}</p:nvPr></p:nvSpPr><p:txBody>${text}</p:txBody></p:sp>`
  const line = (text: string) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`
  const deck = (slide: string, more: Record<string, string> = {}) =>
    zipOf({
      'ppt/presentation.xml': `<p:presentation ${NAMES}><p:sldIdLst><p:sldId id="256" r:id="r1"/></p:sldIdLst></p:presentation>`,
      'ppt/_rels/presentation.xml.rels': relationsTo('slides/slide1.xml'),
      'ppt/slides/slide1.xml': `<p:sld ${NAMES}>${slide}</p:sld>`,
      ...more,
    })

  it('keep words on two lines apart, tables where they stand, and the words of diagrams; no numbers and footers', async () => {
    const broken = '<a:p><a:r><a:t>Two</a:t></a:r><a:br/><a:r><a:t>lines</a:t></a:r></a:p>'
    const table = `<p:graphicFrame><a:tbl><a:tr><a:tc>${line('Name')}</a:tc><a:tc>${line('Age')}</a:tc></a:tr></a:tbl></p:graphicFrame>`
    const slide = `${shape(line('First.'))}${table}${shape(broken)}${shape(line('7'), 'sldNum')}${shape(line('Confidential'), 'ftr')}`
    const bytes = deck(slide, {
      'ppt/slides/_rels/slide1.xml.rels': relationsTo('../diagrams/data1.xml'),
      'ppt/diagrams/data1.xml': `<d:dataModel xmlns:d="d" ${NAMES}><d:pt><d:t>${line('Cycle of water')}</d:t></d:pt></d:dataModel>`,
    })
    expect(await paragraphs('x.pptx', bytes)).toEqual(['First.', '| Name | Age |', 'Two\nlines', 'Cycle of water'])
  })

  it('keep what a chart shows: its titles, and its values under their series', async () => {
    const bytes = deck(shape(line('Sugar')), {
      'ppt/slides/_rels/slide1.xml.rels': relationsTo('../charts/chart1.xml'),
      'ppt/charts/chart1.xml': CHART,
    })
    expect(await paragraphs('x.pptx', bytes)).toEqual(['Sugar', ...SHOWN])
  })

  it('are named after their title, not after what stands under it', async () => {
    const slide = `${shape(line('Cells'), 'ctrTitle')}${shape(line('A course'), 'subTitle')}`
    expect(await read('x.pptx', deck(slide))).toEqual({
      title: 'Cells',
      blocks: [
        ['heading1', 'Cells'],
        ['paragraph', 'A course'],
      ],
    })
  })

  it('say once what stands there for newer and for older programs', async () => {
    const both = `<mc:AlternateContent xmlns:mc="mc"><mc:Choice>${shape(line('Once.'))}</mc:Choice><mc:Fallback>${shape(line('Once.'))}</mc:Fallback></mc:AlternateContent>`
    expect(await paragraphs('x.pptx', deck(both))).toEqual(['Once.'])
  })
})

describe('sheets', () => {
  it('show shares, lengths of time and binary fractions as their reader sees them', async () => {
    const codes = ['0.0%', '[h]:mm', 'General'].map(
      (code, index) => `<numFmt numFmtId="${164 + index}" formatCode="${code}"/>`,
    )
    const cells = ['0.125', '1.5', '0.30000000000000004'].map((value, style) => `<c s="${style}"><v>${value}</v></c>`)
    const bytes = zipOf({
      'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="S" r:id="r1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': relationsTo('worksheets/sheet1.xml'),
      'xl/styles.xml': `<styleSheet><numFmts>${codes.join('')}</numFmts><cellXfs><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`,
      'xl/worksheets/sheet1.xml': `<worksheet><sheetData><row r="1">${cells.join('')}</row></sheetData></worksheet>`,
    })
    expect(await paragraphs('x.xlsx', bytes)).toEqual(['S', '| 12.5% | 36:00:00 | 0.3 |'])
  })

  it.each([
    ['says by what its values are apart', 'sep=;\nName;Age\nAda;36\n', '| Name | Age |\n| Ada | 36 |'],
    ['has decimal commas in every row', '1,5;2,5\n3,5;4,5\n', '| 1,5 | 2,5 |\n| 3,5 | 4,5 |'],
    ['is in UTF-16 without a mark', Buffer.from('Name;Age\nAda;36\n', 'utf16le'), '| Name | Age |\n| Ada | 36 |'],
  ])('of plain text are read where one %s', async (_, given, expected) =>
    expect(await paragraphs('x.csv', Buffer.from(given as string))).toEqual([expected]),
  )
})

describe('a book', () => {
  const chapter = (body: string, head = '') =>
    `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head>${head}</head><body>${body}</body></html>`
  const book = (spine: string, more: Record<string, string | Buffer> = {}, container = 'OPS/book.opf') =>
    zipOf({
      'META-INF/container.xml': `<container><rootfiles><rootfile full-path="${container}"/></rootfiles></container>`,
      'OPS/book.opf': `<package><manifest><item id="a" href="One.xhtml" media-type="application/xhtml+xml"/><item id="b" href="two.xhtml" media-type="application/xhtml+xml"/></manifest><spine>${spine}</spine></package>`,
      'OPS/one.xhtml': chapter('<p>First.</p>'),
      'OPS/two.xhtml': chapter('<p>Second.</p>'),
      ...more,
    })
  const BOTH = '<itemref idref="a"/><itemref idref="b"/>'

  it.each([
    ['has no spine', book('')],
    ['has one that leads nowhere', book('<itemref idref="x"/>')],
    ['is not where its container says', book(BOTH, {}, 'book.opf')],
    [
      'has elements that close themselves',
      book(BOTH, { 'OPS/one.xhtml': chapter('<p>First.<a id="x"/></p>', '<title/><script src="x.js"/>') }),
    ],
    [
      'has a chapter in UTF-16',
      book(BOTH, { 'OPS/one.xhtml': Buffer.from(`\uFEFF${chapter('<p>First.</p>')}`, 'utf16le') }),
    ],
  ])('is read where it %s', async (_, bytes) =>
    expect(await paragraphs('x.epub', bytes)).toEqual(['First.', 'Second.']),
  )

  it('says that it is locked where the program of a shop locked it', async () => {
    const encryption =
      '<encryption><EncryptedData><CipherData><CipherReference URI="OPS/one.xhtml"/></CipherData></EncryptedData></encryption>'
    await expect(read('x.epub', book(BOTH, { 'META-INF/encryption.xml': encryption }))).rejects.toMatchObject({
      code: 'document-locked',
    })
  })
})

describe('a page', () => {
  const page = (charset: string, body = 'Käse über Größe') =>
    `<html><head><meta charset="${charset}"></head><body><p>${body}</p></body></html>`
  it.each([
    ['names another encoding than it is in', Buffer.from(page('iso-8859-1')), 'Käse über Größe'],
    ['has a mark that is stronger than its name', Buffer.from(`\uFEFF${page('iso-8859-1')}`), 'Käse über Größe'],
    ['says UTF-16 and is not', Buffer.from(page('utf-16')), 'Käse über Größe'],
    ['is in UTF-16 without a mark', Buffer.from(page('utf-16'), 'utf16le'), 'Käse über Größe'],
    [
      'names its encoding as XML does',
      Buffer.from(
        '<?xml version="1.0" encoding="iso-8859-2"?><html><body><p>Za\xbf\xf3\xb3\xe6 g\xea\xb6l\xb1</p></body></html>',
        'latin1',
      ),
      'Zażółć gęślą',
    ],
    [
      'names its encoding late',
      Buffer.from(
        `<html><head><!--${'x'.repeat(3_000)}<meta charset="utf-8">--><meta charset="windows-1251"></head><body><p>\xdd\xf2\xee</p></body></html>`,
        'latin1',
      ),
      'Это',
    ],
    ['has no outer elements', Buffer.from('<p>Only a part.</p>'), 'Only a part.'],
  ])('is read where it %s', async (_, bytes, expected) => expect(await paragraphs('x.html', bytes)).toEqual([expected]))
})

describe('a mail', () => {
  const alternatives = (plain: string) =>
    Buffer.from(
      `From: a@example.org\nSubject: News\nContent-Type: multipart/alternative; boundary=B\n\n--B\nContent-Type: text/plain\n\n${plain}\n--B\nContent-Type: text/html\n\n<p>The lecture on cells was moved to room 12. The notes of last week are online now, bring your own slides of cells.</p>\n--B--\n`,
    )

  it.each([' ', 'Your reader shows no HTML.'])(
    'is read from its page where the plain text is a stub: "%s"',
    async (plain) => expect((await paragraphs('x.eml', alternatives(plain))).at(-1)).toMatch(/^The lecture on cells/),
  )

  it('is told also after the line that a mailbox puts before it', async () => {
    const bytes = Buffer.from('From a@b.c Mon Mar  3 10:00:00 2025\nFrom: a@b.c\nSubject: Hello\n\nBody.\n')
    expect(await read('x.txt', bytes)).toMatchObject({ title: 'Hello' })
  })
})

describe('Markdown', () => {
  it.each([
    ['+++\ntitle = "Light"\n+++\n\nText.', 'Light', ['Text.']],
    [`---\ntitle: Light\n${'key: value\n'.repeat(300)}---\nText.`, 'Light', ['Text.']],
    ['---\n\nBetween two rules.\n\n---\n\nText.', '', ['Between two rules.', 'Text.']],
    [
      '# A [link](http://x.org) in **bold** and `code`\n\nText.',
      'A link in bold and code',
      ['A link in bold and code', 'Text.'],
    ],
    ['One\n\n* * *\n\nTwo', '', ['One', 'Two']],
  ])('tells front matter and rules from text: %j', async (given, title, expected) => {
    const parsed = await read('x.md', Buffer.from(given))
    expect(parsed.title).toBe(title)
    expect(parsed.blocks.map(([, text]) => text)).toEqual(expected)
  })
})

describe('a PDF', () => {
  it('says once what is printed twice to be bold', async () => {
    const page = [
      { text: 'Bold words', x: 72, y: 700 },
      { text: 'Bold words', x: 72.4, y: 700 },
      { text: 'Bold words', x: 72, y: 600 },
    ]
    expect(await paragraphs('x.pdf', pdfOf([page]))).toEqual(['Bold words', 'Bold words'])
  })

  it.each([
    ['Waves and light', 'Waves and light'],
    ['Microsoft Word - Waves and light', 'Waves and light'],
    ['Microsoft Word - chapter3.docx', ''],
    ['untitled', ''],
  ])('has the title that somebody gave it: %s', async (given, title) => {
    const content = 'BT /F 12 Tf 72 700 Td (Words.) Tj ET'
    const bytes = pdfOfObjects(
      [
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Kids[3 0 R]/Count 1>>',
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>',
        `<</Length ${content.length}>>stream\n${content}\nendstream`,
        '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
        `<</Title(${given})>>`,
      ],
      '/Info 6 0 R',
    )
    expect((await read('x.pdf', bytes)).title).toBe(title)
  })
})
