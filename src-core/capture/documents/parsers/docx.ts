import { assemble } from '../assemble.ts'
import type { DocumentParser } from '../types.ts'
import { chartOf } from './chart-part.ts'
import { type ChartBy, readablePart, styleMapOf } from './docx-part.ts'
import { type HtmlNode, htmlBlocks } from './html.ts'
import { targetsOf } from './pptx.ts'
import { readXml } from './xml.ts'
import { type Parts, unpack } from './zip.ts'

/** Parts with words of the learner. */
const TEXTS = /^word\/(?:document\d*|footnotes|endnotes)\.xml$/

/** Word documents. Pictures are left out, and nothing that the file names outside of itself is opened. */
export const docxParser: DocumentParser = {
  formats: ['docx'],
  async parse({ bytes }, { limits }) {
    const parts = new Map(await unpack(bytes, limits, () => true))
    let styleMap = styleMapOf(undefined)
    for (const [name, part] of parts) {
      if (!/\.(?:xml|rels)$/.test(name)) continue
      // Checked first: the library that reads it has no limits of its own.
      const root = readXml(part, limits.depth)
      if (TEXTS.test(name)) parts.set(name, readablePart(root, chartsOf(name, parts, limits.depth)))
      else if (name === 'word/styles.xml') styleMap = styleMapOf(root)
    }
    const [{ default: mammoth }, { parseHTML }] = await Promise.all([import('mammoth'), import('linkedom')])
    const { value } = await mammoth.convertToHtml(asInput(parts), {
      convertImage: mammoth.images.imgElement(async () => ({ src: '' })),
      includeEmbeddedStyleMap: false,
      styleMap,
    })
    const { document } = parseHTML(`<html><head></head><body>${value}</body></html>`)
    const blocks = htmlBlocks(document.body as unknown as HtmlNode, limits.depth)
    return assemble(blocks.find(({ kind }) => kind === 'heading')?.text ?? '', null, blocks)
  },
}

/** Charts that a part draws, by the relations that lead to them. */
function chartsOf(name: string, parts: Parts, depth: number): ChartBy {
  const relations = parts.get(name.replace(/([^/]+)$/, '_rels/$1.rels'))
  const targets = targetsOf(relations && readXml(relations, depth))
  return (relation) => {
    const target = targets.get(relation)?.replace(/^\/?(?:word\/)?/, '')
    const part = target !== undefined && /^charts\/chart[^/]*$/.test(target) ? parts.get(`word/${target}`) : undefined
    return part && chartOf(readXml(part, depth))
  }
}

/** The parts as mammoth takes them, unpacked already; its types do not tell of this way in. */
function asInput(parts: Parts): { buffer: Buffer } {
  const file = {
    exists: (name: string) => parts.has(name),
    read: async (name: string, encoding?: string) => {
      const part = Buffer.from(parts.get(name) ?? [])
      return encoding === 'base64' ? part.toString('base64') : encoding ? new TextDecoder(encoding).decode(part) : part
    },
  }
  return { file } as unknown as { buffer: Buffer }
}
