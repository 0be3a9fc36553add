import { posix } from 'node:path'
import { assemble } from '../assemble.ts'
import { damaged, tooManyPages } from '../errors.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { type HtmlNode, htmlBlocks } from './html.ts'
import { attribute, descendants, readXml, textOf } from './xml.ts'
import { unpack } from './zip.ts'

/** Books: the chapters in the order of their spine. */
export const epubParser: DocumentParser = {
  formats: ['epub'],
  async parse({ bytes }, { limits, onProgress, signal }) {
    const { parseHTML } = await import('linkedom')
    const parts = await unpack(bytes, limits, (name) => /\.(?:xml|opf|x?html?)$/i.test(name))
    const container = parts.get('META-INF/container.xml')
    const [rootFile] = container ? descendants(readXml(container, limits.depth), 'rootfile') : []
    const opfName = attribute(rootFile, 'full-path') ?? ''
    const opfPart = parts.get(opfName)
    if (!opfPart) throw damaged()
    const opf = readXml(opfPart, limits.depth)
    const items = new Map(
      [...descendants(opf, 'item')].map((item) => [attribute(item, 'id') ?? '', attribute(item, 'href') ?? '']),
    )
    const chapters = [...descendants(opf, 'itemref')].flatMap((ref) => items.get(attribute(ref, 'idref') ?? '') ?? [])
    if (chapters.length > limits.pages) throw tooManyPages(chapters.length, limits.pages)
    const blocks: RawBlock[] = []
    for (const [index, href] of chapters.entries()) {
      signal.throwIfAborted()
      const part = parts.get(posix.join(posix.dirname(opfName), pathOf(href)))
      if (part) {
        const html = new TextDecoder().decode(part).replace(/<\?xml[^>]*\?>|<!DOCTYPE[^>]*>/gi, '')
        const place = { chapter: index + 1 }
        const read = htmlBlocks(parseHTML(html).document.querySelector('body') as unknown as HtmlNode, limits.depth)
        blocks.push(...read.map((block) => ({ ...block, place })))
      }
      onProgress(index + 1, chapters.length)
    }
    const [title] = descendants(opf, 'title')
    return assemble(textOf(title), chapters.length, blocks)
  },
}

/** The part that a link names; as it stands where its escapes are broken. */
function pathOf(href: string): string {
  const path = href.replace(/#.*$/, '')
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
