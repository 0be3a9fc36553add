import { assemble } from '../assemble.ts'
import { tooComplex } from '../errors.ts'
import { decodeText } from '../sniff.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { tableRow } from './table.ts'

/** Pages of the web: what is to be read of it, by Mozilla's Readability, else the whole body. Nothing of it runs or is fetched. */
export const htmlParser: DocumentParser = {
  formats: ['html'],
  async parse({ bytes }, { limits }) {
    const html = withFrame(decodeHtml(bytes))
    const [{ parseHTML }, { Readability }] = await Promise.all([import('linkedom'), import('@mozilla/readability')])
    refuseDeep(html, limits.depth)
    const { document } = parseHTML(html)
    const title = document.querySelector('title')?.textContent ?? ''
    const whole = htmlBlocks(document.body as unknown as HtmlNode, limits.depth)
    const article = new Readability(
      parseHTML(html).document as unknown as ConstructorParameters<typeof Readability>[0],
      {
        maxElemsToParse: 200_000,
      },
    ).parse()
    const read = article?.content
      ? htmlBlocks(parseHTML(`<body>${article.content}</body>`).document.body as unknown as HtmlNode, limits.depth)
      : []
    // An article that leaves most of the page out is a wrong guess, as on pages of short lists.
    const blocks = lengthOf(read) * 4 >= lengthOf(whole) || lengthOf(read) > 2_000 ? read : whole
    return assemble(article?.title || title, null, withTitle(article?.title || title, blocks))
  },
}

/** What of a DOM is needed here. */
export interface HtmlNode {
  nodeType: number
  nodeName: string
  textContent: string | null
  childNodes: ArrayLike<HtmlNode>
  getAttribute?(name: string): string | null
}

const TEXT = 3
const WIDEST_SPAN = 1_000
const SKIPPED = new Set([
  'SCRIPT',
  'STYLE',
  'NOSCRIPT',
  'TEMPLATE',
  'IFRAME',
  'OBJECT',
  'SVG',
  'CANVAS',
  'HEAD',
  'TITLE',
])
const BLOCKS = new Set(
  'ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY BR CAPTION DD DETAILS DIALOG DIV DL DT FIELDSET FIGCAPTION FIGURE FOOTER FORM H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TBODY TD TFOOT TH THEAD TR UL'.split(
    ' ',
  ),
)

/** Walks a tree and answers its headings, paragraphs, list items, tables and code in order. @throws LvaError document-too-complex */
export function htmlBlocks(root: HtmlNode | null, deepest: number): RawBlock[] {
  const blocks: RawBlock[] = []
  let inline = ''
  const close = (kind: RawBlock['kind'] = 'paragraph', level?: number) => {
    const text = inline.replace(/[^\S\u00A0]+/gu, ' ').trim()
    if (text !== '') blocks.push({ kind, text, ...(level === undefined ? {} : { level }) })
    inline = ''
  }
  const walk = (node: HtmlNode, depth: number, list: number) => {
    if (depth > deepest) throw tooComplex()
    if (node.nodeType === TEXT) {
      inline += node.textContent ?? ''
      return
    }
    const name = node.nodeName.toUpperCase()
    if (SKIPPED.has(name) || isHidden(node)) return
    if (name === 'TABLE') {
      close()
      const rows = rowsOf(node, deepest)
        .map(tableRow)
        .filter((row) => row !== '')
      if (rows.length > 0) blocks.push({ kind: 'table', text: rows.join('\n') })
      return
    }
    if (name === 'PRE') {
      close()
      if (node.textContent?.trim()) blocks.push({ kind: 'code', text: node.textContent.replace(/^\n|\s+$/g, '') })
      return
    }
    const isBlock = BLOCKS.has(name)
    if (isBlock) close(list > 0 ? 'list' : 'paragraph', list > 0 ? list : undefined)
    const inner = name === 'UL' || name === 'OL' ? list + 1 : list
    for (const child of Array.from(node.childNodes)) walk(child, depth + 1, inner)
    if (!isBlock) return
    const heading = /^H([1-6])$/.exec(name)?.[1]
    if (heading) close('heading', Number(heading))
    else if (list > 0) close('list', list)
    else close()
  }
  if (root) walk(root, 0, 0)
  close()
  return blocks
}

function rowsOf(table: HtmlNode, deepest: number): string[][] {
  const rows: string[][] = []
  const walk = (node: HtmlNode, depth: number) => {
    if (depth > deepest) throw tooComplex()
    const name = node.nodeName.toUpperCase()
    if (name === 'TR') {
      const cells = Array.from(node.childNodes).filter((cell) => /^T[DH]$/i.test(cell.nodeName))
      // A cell over several columns keeps those after it in theirs.
      rows.push(cells.flatMap((cell) => [shownText(cell, deepest), ...Array(spanOf(cell) - 1).fill('')]))
    } else for (const child of Array.from(node.childNodes)) walk(child, depth + 1)
  }
  walk(table, 0)
  return rows
}

/** What a browser would not show, and a reader has not seen: text for machines hides there. */
function isHidden(node: HtmlNode): boolean {
  const style = node.getAttribute?.('style') ?? ''
  return (
    (node.getAttribute?.('hidden') ?? null) !== null || /(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style)
  )
}

function shownText(root: HtmlNode, deepest: number): string {
  const walk = (node: HtmlNode, depth: number): string => {
    if (depth > deepest) throw tooComplex()
    if (node.nodeType === TEXT) return node.textContent ?? ''
    const name = node.nodeName.toUpperCase()
    if (SKIPPED.has(name) || isHidden(node)) return ''
    const text = Array.from(node.childNodes, (child) => walk(child, depth + 1)).join('')
    return BLOCKS.has(name) ? ` ${text} ` : text
  }
  return walk(root, 0)
}

function spanOf(cell: HtmlNode): number {
  const span = Number(cell.getAttribute?.('colspan') ?? 1)
  return Number.isInteger(span) && span > 0 && span <= WIDEST_SPAN ? span : 1
}

/** Refuses pages that open far more elements than they close, before a recursive parser meets them. */
function refuseDeep(html: string, deepest: number): void {
  let depth = 0
  for (const [, slash, name] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?>/gi)) {
    if (
      /^(?:br|hr|img|input|link|meta|col|area|base|embed|source|track|wbr|p|li|td|tr|th|dt|dd|option)$/i.test(
        name ?? '',
      )
    )
      continue
    depth = slash ? Math.max(0, depth - 1) : depth + 1
    if (depth > deepest * 8) throw tooComplex()
  }
}

/** A page without its outer elements is one as well; the parser needs them. */
function withFrame(html: string): string {
  return /<body[\s>]/i.test(html) ? html : `<html><head></head><body>${html}</body></html>`
}

/** Bytes at the beginning in which a page may name its encoding; the standard says 1,024, pages do not keep to it. */
const HEAD = 65_536

/**
 * Text of a page of HTML or XHTML. A mark at the beginning and letters that only UTF-8 has are stronger than what the page says of itself: it
 * may have been saved in another encoding than it was sent in.
 */
export function decodeHtml(bytes: Uint8Array): string {
  if (isUtf(bytes)) return decodeText(bytes)
  const head = Buffer.from(bytes.subarray(0, HEAD)).toString('latin1')
  const named =
    /<meta\b[^>]+charset\s*=\s*["']?([\w-]+)/i.exec(head.replace(/<!--[\s\S]*?-->/g, ''))?.[1] ??
    /^\s*<\?xml[^>]+encoding\s*=\s*["']([\w-]+)/i.exec(head)?.[1]
  // A page whose letters could be read to here is not in pairs of bytes.
  if (named && !/^utf-?(?:8|16)/i.test(named)) {
    try {
      return new TextDecoder(named).decode(bytes)
    } catch {
      // An encoding that nobody knows: guessed like any text.
    }
  }
  return decodeText(bytes)
}

/** Marked as Unicode, or UTF-8 beyond doubt. */
function isUtf(bytes: Uint8Array): boolean {
  const [first, second] = bytes
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true
  if (bytes.every((byte) => byte < 0x80)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

function withTitle(title: string, blocks: RawBlock[]): RawBlock[] {
  const isThere = blocks.some(({ kind, text }) => kind === 'heading' && text === title.trim())
  return title.trim() === '' || isThere ? blocks : [{ kind: 'heading', level: 1, text: title.trim() }, ...blocks]
}

function lengthOf(blocks: readonly RawBlock[]): number {
  return blocks.reduce((sum, { text }) => sum + text.length, 0)
}
