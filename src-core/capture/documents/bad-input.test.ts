import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pdfOf, pdfOfObjects, relationsTo, zipOf } from '../../../test/made-documents.ts'
import { parseWith } from '../../../test/suites/document-parser-suite.ts'
import { isLvaError } from '../../kernel/index.ts'
import { sniff } from './sniff.ts'
import type { DocumentFormat, DocumentLimits } from './types.ts'

/** Public files that are made to do harm; beside the checkout, and not needed for `npm test`. */
const SHARED = join(import.meta.dirname, '../../../../shared/data/badinput')
const hasShared = existsSync(SHARED)

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
}

/** The state that a file gets: `ready`, or the code of what the learner is told. Anything else fails the test. */
async function stateOf(given: Uint8Array, format?: DocumentFormat, limits: Partial<DocumentLimits> = {}) {
  const bytes = new Uint8Array(given)
  try {
    await parseWith({ bytes, format: format ?? sniff(bytes, 'file'), name: 'file' }, limits)
    return 'ready'
  } catch (error) {
    if (!isLvaError(error) || error.code === 'internal') throw error
    return error.code
  }
}

const workbook = (strings: string | Buffer) =>
  zipOf({
    'xl/workbook.xml': '<workbook><sheets><sheet name="A" r:id="r1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': relationsTo('worksheets/sheet1.xml'),
    'xl/sharedStrings.xml': strings,
    'xl/worksheets/sheet1.xml': '<worksheet><row><c t="s"><v>0</v></c></row></worksheet>',
  })

describe.runIf(hasShared)('public files that are made to do harm', () => {
  it('broken archives get a state, whatever they are taken for', async () => {
    for (const path of filesIn(join(SHARED, 'zip')).filter((name) => name.endsWith('.zip'))) {
      const bytes = readFileSync(path)
      expect(['document-not-supported', 'document-no-text', 'ready'], path).toContain(await stateOf(bytes))
      for (const format of ['docx', 'xlsx', 'pptx', 'epub'] as const) {
        expect(await stateOf(bytes, format), path).toMatch(/^document-/)
      }
    }
  })

  it('XML with entities is refused inside of a document, and only text by itself', async () => {
    for (const path of filesIn(join(SHARED, 'xml'))) {
      const bytes = readFileSync(path)
      const state = await stateOf(workbook(bytes))
      if (/<!ENTITY/.test(bytes.toString('latin1'))) expect(state, path).toBe('document-unsafe')
      else expect(state, path).toMatch(/^(?:ready|document-)/)
      expect(await stateOf(bytes), path).toBe('ready')
    }
  })

  it('JSON at the edge of what it may be is text, or has words', async () => {
    for (const path of filesIn(join(SHARED, 'json'))) {
      expect(await stateOf(readFileSync(path)), path).toMatch(/^(?:ready|document-(?:no-text|not-supported))$/)
    }
  })
})

describe('files that are made to do harm', () => {
  it('a bomb of 256 MB is refused before it unfolds', async () => {
    const bomb = workbook(Buffer.alloc(256 * 2 ** 20, ' '))
    expect(bomb.length).toBeLessThan(2 ** 20)
    const before = process.memoryUsage().arrayBuffers
    expect(await stateOf(bomb, 'xlsx')).toBe('document-too-complex')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 27)
  })

  it('archives within archives are not opened', async () => {
    let nested = zipOf({ 'a.txt': 'deep' })
    for (let depth = 0; depth < 20; depth++) nested = zipOf({ 'inner.zip': nested })
    expect(await stateOf(nested)).toBe('document-not-supported')
  })

  it.each(['../../outside.xml', '/etc/passwd', 'C:\\outside.xml', 'a/../../b.xml'])(
    'a name that leads outside is refused: %s',
    async (name) => expect(await stateOf(zipOf({ 'xl/workbook.xml': '<a/>', [name]: 'x' }))).toBe('document-unsafe'),
  )

  it('entities that unfold a billion times, or name a file, are refused', async () => {
    const laughs = Array.from({ length: 9 }, (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`)
    const billion = `<!DOCTYPE s [<!ENTITY l0 "ha">${laughs.join('')}]><sst><si><t>&l9;</t></si></sst>`
    expect(await stateOf(workbook(billion))).toBe('document-unsafe')
    const outside = '<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>'
    expect(await stateOf(workbook(outside))).toBe('document-unsafe')
  })

  it('a PDF of 10,000 pages is told to be too long', async () => {
    const long = pdfOf(Array.from({ length: 10_000 }, () => []))
    const reading = parseWith({ bytes: new Uint8Array(long), format: 'pdf', name: 'long.pdf' })
    await expect(reading).rejects.toMatchObject({
      code: 'document-too-many-pages',
      params: { pages: 10_000, limit: 1_000 },
    })
  })

  it('a PDF that says it has more pages than it holds has a state', async () => {
    const boast = pdfOfObjects(['<</Type/Catalog/Pages 2 0 R>>', '<</Type/Pages/Kids[]/Count 900>>'])
    expect(await stateOf(boast)).toMatch(/^document-/)
  })

  it.each([
    [
      'page tree',
      [
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Kids[3 0 R]/Count 2>>',
        '<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 2>>',
      ],
    ],
    ['catalogue', ['1 0 R', '<<>>']],
    [
      'length of a stream',
      [
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Kids[3 0 R]/Count 1>>',
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>',
        '<</Length 4 0 R>>\nstream\nx\nendstream',
      ],
    ],
    [
      'form that draws itself',
      [
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/Pages/Kids[3 0 R]/Count 1>>',
        '<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 5 0 R/Resources<</XObject<</F 4 0 R>>>>>>',
        '<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 4 0 R>>>>/Length 5>>\nstream\n/F Do\nendstream',
        '<</Length 5>>\nstream\n/F Do\nendstream',
      ],
    ],
    [
      'object stream',
      [
        '<</Type/Catalog/Pages 2 0 R>>',
        '<</Type/ObjStm/N 1/First 4/Extends 2 0 R/Length 9>>\nstream\n2 0 2 0 R\nendstream',
      ],
    ],
  ])('a PDF with a loop in its %s has a state', async (_, objects) => {
    expect(await stateOf(pdfOfObjects(objects), 'pdf')).toMatch(/^document-/)
  })

  it('nothing is not read', async () => {
    for (const format of ['pdf', 'docx', 'text', 'eml', 'csv', 'image'] as const) {
      expect(await stateOf(new Uint8Array(), format)).toMatch(/^document-(?:no-text|damaged)$/)
    }
  })
})
