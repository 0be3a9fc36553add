import { assemble } from '../assemble.ts'
import type { DocumentParser } from '../types.ts'
import { type HtmlNode, htmlBlocks } from './html.ts'
import { readXml } from './xml.ts'
import { unpack } from './zip.ts'

/** Word documents. Pictures are left out, and nothing that the file names outside of itself is opened. */
export const docxParser: DocumentParser = {
  formats: ['docx'],
  async parse({ bytes }, { limits }) {
    // Counted and checked first: the library that reads it has no limits of its own.
    const parts = await unpack(bytes, limits, () => true)
    for (const [name, part] of parts) if (/\.(?:xml|rels)$/.test(name)) readXml(part, limits.depth)
    const [{ default: mammoth }, { parseHTML }] = await Promise.all([import('mammoth'), import('linkedom')])
    const { value } = await mammoth.convertToHtml(
      { buffer: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) },
      { convertImage: mammoth.images.imgElement(async () => ({ src: '' })), includeEmbeddedStyleMap: false },
    )
    const { document } = parseHTML(`<html><head></head><body>${value}</body></html>`)
    const blocks = htmlBlocks(document.body as unknown as HtmlNode, limits.depth)
    return assemble(blocks.find(({ kind }) => kind === 'heading')?.text ?? '', null, blocks)
  },
}
