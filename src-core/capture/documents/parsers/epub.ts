import { posix } from 'node:path'
import { assemble } from '../assemble.ts'
import { damaged, locked, tooManyPages } from '../errors.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { decodeHtml, type HtmlNode, htmlBlocks } from './html.ts'
import { attribute, descendants, readXml, textOf, type XmlNode } from './xml.ts'
import { unpack } from './zip.ts'

/** Books: the chapters in the order of their spine. */
export const epubParser: DocumentParser = {
  formats: ['epub'],
  async parse({ bytes }, { limits, onProgress, signal }) {
    const { parseHTML } = await import('linkedom')
    const parts = await unpack(bytes, limits, (name) => /\.(?:xml|opf|x?html?|xht)$/i.test(name))
    const container = parts.get('META-INF/container.xml')
    const [rootFile] = container ? descendants(readXml(container, limits.depth), 'rootfile') : []
    const named = attribute(rootFile, 'full-path') ?? ''
    // A book whose container leads astray still has its list of parts.
    const opfName = parts.has(named) ? named : ([...parts.keys()].find((name) => /\.opf$/i.test(name)) ?? '')
    const opfPart = parts.get(opfName)
    if (!opfPart) throw damaged()
    const opf = readXml(opfPart, limits.depth)
    const chapters = chaptersOf(opf)
    const encrypted = encryptedParts(parts.get('META-INF/encryption.xml'), limits.depth)
    const partOf = (href: string) => {
      const name = posix.join(posix.dirname(opfName), pathOf(href))
      // On the machine where it was made, large and small letters were the same.
      const own = parts.has(name) ? name : [...parts.keys()].find((one) => one.toLowerCase() === name.toLowerCase())
      if (own !== undefined && encrypted.has(own)) throw locked()
      return own === undefined ? undefined : parts.get(own)
    }
    if (chapters.length > limits.pages) throw tooManyPages(chapters.length, limits.pages)
    const blocks: RawBlock[] = []
    for (const [index, href] of chapters.entries()) {
      signal.throwIfAborted()
      const part = partOf(href)
      if (part) {
        const html = asHtml(decodeHtml(part))
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

/** Where the chapters lie, in the order of the spine; without a spine that leads anywhere, in that of the list of parts. */
function chaptersOf(opf: XmlNode): string[] {
  const items = [...descendants(opf, 'item')]
  const hrefOf = new Map(items.map((item) => [attribute(item, 'id') ?? '', attribute(item, 'href') ?? '']))
  const spine = [...descendants(opf, 'itemref')].flatMap((ref) => hrefOf.get(attribute(ref, 'idref') ?? '') ?? [])
  if (spine.length > 0) return spine
  return items
    .filter((item) => /html/i.test(attribute(item, 'media-type') ?? '') && attribute(item, 'properties') !== 'nav')
    .map((item) => attribute(item, 'href') ?? '')
}

/** Names of parts that only the program of a shop opens; fonts are often among them in books that everybody may read. */
function encryptedParts(part: Uint8Array | undefined, depth: number): ReadonlySet<string> {
  const references = part ? [...descendants(readXml(part, depth), 'CipherReference')] : []
  return new Set(references.map((reference) => pathOf(attribute(reference, 'URI') ?? '')))
}

const EMPTY_IN_HTML = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/i

/** XHTML as a reader of HTML takes it: there `<title/>` would open an element that never ends. */
function asHtml(xhtml: string): string {
  return xhtml
    .replace(/<\?xml[^>]*\?>|<!DOCTYPE[^>[]*(?:\[[^\]]*\])?[^>]*>/gi, '')
    .replace(/<([a-z][\w:-]*)((?:\s+[^<>]*?)?)\s*\/>/gi, (whole, name: string, rest: string) =>
      EMPTY_IN_HTML.test(name) ? whole : `<${name}${rest}></${name}>`,
    )
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
