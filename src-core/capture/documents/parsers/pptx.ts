import { assemble } from '../assemble.ts'
import { damaged, tooManyPages } from '../errors.ts'
import type { DocumentParser, RawBlock } from '../types.ts'
import { chartBlocks } from './chart-part.ts'
import { tableRow } from './table.ts'
import { attribute, descendants, readXml, textOf, type XmlNode } from './xml.ts'
import { unpack } from './zip.ts'

/** Slides in the order in which they are shown, each with its title, texts, tables and notes. */
export const pptxParser: DocumentParser = {
  formats: ['pptx'],
  async parse({ bytes }, { limits, onProgress, signal }) {
    const parts = await unpack(bytes, limits, (name) => /^ppt\/.*\.(?:xml|rels)$/.test(name))
    const xml = (name: string) => {
      const part = parts.get(name)
      return part && readXml(part, limits.depth)
    }
    const partAt = (target: string) => xml(`ppt/${target.replace(/^(?:\.\.|\/ppt)\//, '')}`)
    const presentation = xml('ppt/presentation.xml')
    if (!presentation) throw damaged()
    const targets = targetsOf(xml('ppt/_rels/presentation.xml.rels'))
    const slides = [...descendants(presentation, 'sldId')]
      .map((slide) => targets.get(slide.attributes['r:id'] ?? ''))
      .flatMap((target) => (target ? [`ppt/${target.replace(/^\/?(?:ppt\/)?/, '')}`] : []))
    if (slides.length > limits.pages) throw tooManyPages(slides.length, limits.pages)
    const blocks: RawBlock[] = []
    for (const [index, name] of slides.entries()) {
      signal.throwIfAborted()
      const slide = xml(name)
      const place = { slide: index + 1 }
      if (slide) blocks.push(...slideBlocks(slide).map((block) => ({ ...block, place })))
      const related = [...targetsOf(xml(name.replace(/slides\/([^/]+)$/, 'slides/_rels/$1.rels'))).values()]
      for (const target of related.filter((one) => /diagrams\/data[^/]*$/.test(one))) {
        const diagram = partAt(target)
        if (diagram)
          blocks.push(...paragraphsOf(diagram).map((text): RawBlock => ({ kind: 'list', level: 1, text, place })))
      }
      for (const target of related.filter((one) => /charts\/chart[^/]*$/.test(one))) {
        const chart = partAt(target)
        if (chart) blocks.push(...chartBlocks(chart).map((block) => ({ ...block, place })))
      }
      const notes = related.find((target) => target.includes('notesSlide'))
      const notesXml = notes && partAt(notes)
      if (notesXml) {
        const texts = [...shownShapes(notesXml)].flatMap(paragraphsOf).filter((text) => !/^\d+$/.test(text))
        blocks.push(...texts.map((text): RawBlock => ({ kind: 'paragraph', text, place })))
      }
      onProgress(index + 1, slides.length)
    }
    return assemble(blocks[0]?.kind === 'heading' ? blocks[0].text : '', slides.length, blocks)
  },
}

function slideBlocks(slide: XmlNode): RawBlock[] {
  const blocks: RawBlock[] = []
  for (const shape of shownShapes(slide)) {
    if (shape.name === 'tbl') {
      blocks.push(tableOf(shape))
      continue
    }
    const [holder] = descendants(shape, 'ph')
    const isTitle = /^(?:ctrTitle|title)$/.test(attribute(holder, 'type') ?? '')
    const texts = paragraphsOf(shape)
    if (isTitle) blocks.unshift({ kind: 'heading', level: 1, text: texts.join(' ') })
    else blocks.push(...bodyOf(shape))
  }
  return blocks
}

/** What a slide repeats of its master says nothing about it. */
const REPEATED = /^(?:sldNum|ftr|dt|hdr)$/

/** Shapes and tables in the order in which they stand; of what is there twice, for older programs, the newer. */
function* shownShapes(node: XmlNode): Generator<XmlNode> {
  for (const child of node.children) {
    if (typeof child === 'string' || (child.name === 'Fallback' && hasText(node, 'Choice'))) continue
    if (child.name === 'tbl') yield child
    else if (child.name !== 'sp') yield* shownShapes(child)
    else {
      const [holder] = descendants(child, 'ph')
      if (!REPEATED.test(attribute(holder, 'type') ?? '')) yield child
    }
  }
}

function hasText(node: XmlNode, name: string): boolean {
  return [...descendants(node, name)].some((part) => paragraphsOf(part).length > 0)
}

function tableOf(table: XmlNode): RawBlock {
  const rows = [...descendants(table, 'tr')].map((row) =>
    tableRow([...descendants(row, 'tc')].map((cell) => paragraphsOf(cell).join(' '))),
  )
  return { kind: 'table', text: rows.filter((row) => row !== '').join('\n') }
}

/** Paragraphs with a mark or a depth of their own are items of a list. */
function bodyOf(shape: XmlNode): RawBlock[] {
  return [...descendants(shape, 'p')].map((paragraph) => {
    const text = wordsOf(paragraph)
    const [properties] = descendants(paragraph, 'pPr')
    const depth = Number(attribute(properties, 'lvl') ?? 0)
    const isItem =
      depth > 0 ||
      properties?.children.some((child) => typeof child !== 'string' && /^bu(?:Char|AutoNum)$/.test(child.name))
    return isItem ? { kind: 'list', level: depth + 1, text } : { kind: 'paragraph', text }
  })
}

function paragraphsOf(node: XmlNode): string[] {
  return [...descendants(node, 'p')].map(wordsOf).filter((text) => text !== '')
}

function wordsOf(paragraph: XmlNode): string {
  const words = (node: XmlNode): string =>
    node.children
      .map((child) => {
        if (typeof child === 'string') return ''
        if (child.name === 'br') return '\n'
        return child.name === 't' ? textOf(child) : words(child)
      })
      .join('')
  return words(paragraph).trim()
}

/** Where the relations of a part lead, by id. */
export function targetsOf(relations: XmlNode | undefined): Map<string, string> {
  const found = relations ? [...descendants(relations, 'Relationship')] : []
  return new Map(
    found
      .filter((relation) => attribute(relation, 'TargetMode') !== 'External')
      .map((relation) => [attribute(relation, 'Id') ?? '', attribute(relation, 'Target') ?? '']),
  )
}
