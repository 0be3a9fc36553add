import { deflateSync } from 'node:zlib'
import { type Canvas, createCanvas } from '@napi-rs/canvas'
import { beforeAll, describe, expect, it } from 'vitest'
import { pdfOf, pdfOfObjects } from '../../../../test/made-documents.ts'
import { expectExactPlaces, parseWith } from '../../../../test/suites/document-parser-suite.ts'
import { PICTURE_LANGUAGES, type PictureLanguage } from '../../../kernel/index.ts'
import type { DocumentFormat } from '../types.ts'

const SENTENCES = [
  'Light bends when it enters the water of a lake.',
  'A prism parts it into all of its seven colours.',
  'The lens of the eye gathers it on the retina.',
]

/** A page of writing as pixels, as a scanner would give it. */
async function drawn(): Promise<Canvas> {
  const { getDocument } = await import('pdfjs-dist/legacy/build/pdf.mjs')
  const words = SENTENCES.map((text, index) => ({ text, x: 72, y: 700 - index * 30, size: 16 }))
  const fonts = new URL('../../../../node_modules/pdfjs-dist/standard_fonts/', import.meta.url).pathname
  const loading = getDocument({ data: new Uint8Array(pdfOf([words])), standardFontDataUrl: fonts, verbosity: 0 })
  const page = await (await loading.promise).getPage(1)
  const viewport = page.getViewport({ scale: 2 })
  const canvas = createCanvas(viewport.width, viewport.height)
  await page.render({ canvas: canvas as unknown as HTMLCanvasElement, viewport }).promise
  await loading.destroy()
  return canvas
}

/** The same page laid down otherwise: turned, and in faint grey on grey. */
function laid(page: Canvas, degrees: number, isFaint = false): Canvas {
  const canvas = createCanvas(page.width, page.height)
  const context = canvas.getContext('2d')
  context.fillStyle = 'white'
  context.fillRect(0, 0, page.width, page.height)
  context.translate(page.width / 2, page.height / 2)
  context.rotate((degrees * Math.PI) / 180)
  context.drawImage(page, -page.width / 2, -page.height / 2)
  if (isFaint) {
    context.resetTransform()
    context.globalAlpha = 0.8
    context.fillStyle = '#999'
    context.fillRect(0, 0, page.width, page.height)
  }
  return canvas
}

/** A PDF of one page that is nothing but a picture. */
function scan(page: Canvas, rotate = 0): Buffer {
  const { data } = page.getContext('2d').getImageData(0, 0, page.width, page.height)
  const grey = deflateSync(
    Buffer.from(Uint8Array.from({ length: data.length / 4 }, (_, index) => data[index * 4] ?? 0)),
  )
  return pdfOfObjects([
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[4 0 R 6 0 R]/Count 2>>',
    `<</Type/XObject/Subtype/Image/Width ${page.width}/Height ${page.height}/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode/Length ${grey.length}>>\nstream\n${grey.toString('latin1')}\nendstream`,
    `<</Type/Page/Parent 2 0 R/Rotate ${rotate}/MediaBox[0 0 612 792]/Resources<</XObject<</I 3 0 R>>>>/Contents 5 0 R>>`,
    '<</Length 28>>\nstream\nq 612 0 0 792 0 0 cm /I Do Q\nendstream',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F 7 0 R>>>>/Contents 8 0 R>>',
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    '<</Length 44>>\nstream\nBT /F 12 Tf 72 700 Td (Typed, not put) Tj ET\nendstream',
  ])
}

describe('pictures of writing', () => {
  let page: Canvas
  beforeAll(async () => {
    page = await drawn()
  })
  const read = (bytes: Uint8Array, format: DocumentFormat, pictureLanguage?: PictureLanguage) =>
    parseWith({ bytes: new Uint8Array(bytes), format, name: 'x', ...(pictureLanguage && { pictureLanguage }) })
  const flat = (text: string) => text.replace(/\s+/g, ' ')

  it('are read, with the place of each line', async () => {
    const parsed = await read(await page.encode('png'), 'image')
    expect(flat(parsed.text)).toBe(SENTENCES.join(' '))
    expectExactPlaces(parsed)
    const [start, end, number, left, top] = parsed.blocks[0]?.lines?.[0] ?? []
    expect(parsed.text.slice(start, end)).toBe(SENTENCES[0])
    expect(number).toBe(1)
    expect(left).toBeCloseTo(72 / 612, 1)
    expect(top).toBeCloseTo(80 / 792, 1)
  })

  it.each([
    ['upside down', 180, false],
    ['crooked', 4, false],
    ['faint', 0, true],
  ])('are read when they lie %s', async (_, degrees, isFaint) => {
    const parsed = await read(await laid(page, degrees, isFaint).encode('png'), 'image')
    for (const sentence of SENTENCES) expect(flat(parsed.text)).toContain(sentence)
  })

  // English is what all the others here are read with.
  it.each(PICTURE_LANGUAGES.filter((language) => language !== 'eng'))(
    'are read with the data of the language that was chosen: %s',
    async (language) => {
      expect(flat((await read(await page.encode('jpeg'), 'image', language)).text)).toContain(SENTENCES[0])
    },
  )

  it('are read where a PDF has nothing else on a page', async () => {
    const parsed = await read(scan(page), 'pdf')
    expectExactPlaces(parsed)
    expect(flat(parsed.text)).toBe(`${SENTENCES.join(' ')} Typed, not put`)
    expect(parsed.blocks[0]?.place?.page).toBe(1)
    expect(parsed.blocks.at(-1)?.place?.page).toBe(2)
  })

  it('are read where a page was scanned lying on its side', async () => {
    const parsed = await read(scan(page, 90), 'pdf')
    for (const sentence of SENTENCES) expect(flat(parsed.text)).toContain(sentence)
  })

  it.each([
    ['PNG', '89504e470d0a1a0a0000000d49484452ffffffff'],
    ['JPEG', 'ffd8ffe0ffffffffffff'],
    ['GIF', '47494638396100f000f0ffff'],
    ['TIFF', '49492a00ffffffff'],
  ])('that are broken are told of: %s', async (_, head) => {
    const noise = Uint8Array.from({ length: 3_000 }, (_, index) => (index * 7_919) % 256)
    await expect(read(Buffer.concat([Buffer.from(head, 'hex'), noise]), 'image')).rejects.toMatchObject({
      code: expect.stringMatching(/^document-(?:damaged|no-text)$/),
    })
  })

  it('say so when there is no writing in them', async () => {
    const empty = createCanvas(200, 200)
    await expect(read(await empty.encode('png'), 'image')).rejects.toMatchObject({ code: 'document-no-text' })
  })
})
