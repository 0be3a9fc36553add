import type { Chart } from './chart-part.ts'
import { attribute, childOf, descendants, textOf, writeXml, type XmlNode } from './xml.ts'

/** A paragraph with an outline level of its own is a heading up to this length, in UTF-16 code units. */
const LONGEST_HEADING = 200
/** Deepest heading that HTML knows. */
const DEEPEST_HEADING = 6

/** Name of the style that `readablePart` gives to paragraphs with an outline level of their own. */
export const outlineStyle = (level: number) => `LvaOutline${level}`

/**
 * A part of a Word document as mammoth can read it, who leaves out formulas, what reading aids stand over, simple fields, and text boxes that
 * are drawn in the manner of after 2010 alone. Hidden words go.
 */
export function readablePart(root: XmlNode, chart: ChartBy): Uint8Array {
  const [document] = root.children.filter((child) => typeof child !== 'string')
  const prefix = /^[^:]*:/.exec(document?.tag ?? '')?.[0] ?? ''
  return new TextEncoder().encode(writeXml(readable(root, prefix, chart)))
}

/** The chart that a relation of the part leads to. */
export type ChartBy = (relation: string) => Chart | undefined

function readable(node: XmlNode, prefix: string, chart: ChartBy): XmlNode {
  const children = node.children.flatMap((child): XmlNode['children'] =>
    typeof child === 'string' ? [child] : replaced(child, prefix, chart),
  )
  return { ...node, children }
}

function replaced(node: XmlNode, prefix: string, chart: ChartBy): XmlNode['children'] {
  const element = (name: string, children: XmlNode['children'], attributes: XmlNode['attributes'] = {}): XmlNode => ({
    name,
    tag: `${prefix}${name}`,
    attributes,
    children,
  })
  const inner = (from: XmlNode) => readable(from, prefix, chart).children
  switch (node.name) {
    case 'oMathPara':
    case 'fldSimple':
      return inner(node)
    case 'oMath':
      return [element('r', [element('t', [formula(node)])])]
    case 'ruby':
      return [element('t', [...descendants(node, 'rubyBase')].map(wordsOf))]
    case 'r':
      return isHidden(node) ? [] : [readable(node, prefix, chart)]
    case 'AlternateContent': {
      const [fallback] = node.children.filter((child) => typeof child !== 'string' && child.name === 'Fallback')
      const [choice] = descendants(node, 'Choice')
      const isLost = choice && hasBox(choice) && !(typeof fallback === 'object' && hasBox(fallback))
      return isLost ? inner(choice) : [readable(node, prefix, chart)]
    }
    case 'drawing':
      return hasBox(node)
        ? [
            element(
              'pict',
              [...descendants(node, 'txbxContent')].map((box) => readable(box, prefix, chart)),
            ),
          ]
        : [node]
    case 'p':
      return [withOutline(readable(node, prefix, chart), element), ...chartsIn(node, chart, element)]
    default:
      return [readable(node, prefix, chart)]
  }
}

type MakeElement = (name: string, children: XmlNode['children'], attributes?: XmlNode['attributes']) => XmlNode

/** The charts that are drawn in a paragraph, each as its titles and a table. */
function chartsIn(paragraph: XmlNode, chart: ChartBy, element: MakeElement): XmlNode[] {
  const written = (text: string) => element('p', [element('r', [element('t', [text])])])
  return [...descendants(paragraph, 'drawing')]
    .flatMap((drawing) => [...descendants(drawing, 'chart')])
    .flatMap((drawn) => chart(attribute(drawn, 'id') ?? '') ?? [])
    .flatMap(({ titles, rows }) => [
      ...titles.map(written),
      element(
        'tbl',
        rows.map((row) =>
          element(
            'tr',
            row.map((cell) => element('tc', [written(cell)])),
          ),
        ),
      ),
    ])
}

function withOutline(paragraph: XmlNode, element: MakeElement): XmlNode {
  const properties = childOf(paragraph, 'pPr')
  const level = levelIn(properties)
  if (!properties || level === undefined || wordsOf(paragraph).length > LONGEST_HEADING) return paragraph
  const [tag = ''] = properties.tag.split('pPr')
  const style = element('pStyle', [], { [`${tag}val`]: outlineStyle(level) })
  const others = properties.children.filter((child) => typeof child === 'string' || child.name !== 'pStyle')
  const own = { ...properties, children: [style, ...others] }
  return { ...paragraph, children: paragraph.children.map((child) => (child === properties ? own : child)) }
}

/** Level of heading, from 1, that properties of a paragraph or of a style say; none for body text. */
function levelIn(properties: XmlNode | undefined): number | undefined {
  const value = attribute(childOf(properties, 'outlineLvl'), 'val')
  return value !== undefined && /^[0-8]$/.test(value) ? Math.min(DEEPEST_HEADING, Number(value) + 1) : undefined
}

/**
 * What mammoth is to make of the styles of a document, beyond those that it knows by name: headings by the style that they are based on or by
 * their outline level, and titles. Tables of contents say again what the headings say.
 */
export function styleMapOf(styles: XmlNode | undefined): string[] {
  const own = new Map(
    [...(styles ? descendants(styles, 'style') : [])]
      .filter((style) => attribute(style, 'type') === 'paragraph')
      .map((style) => [attribute(style, 'styleId') ?? '', style]),
  )
  const levelOf = (id: string, seen: ReadonlySet<string>): number | undefined => {
    const style = own.get(id)
    if (!style || seen.has(id)) return undefined
    const named = /^heading ([1-9])$/i.exec(nameOf(style))?.[1]
    if (named) return Math.min(DEEPEST_HEADING, Number(named))
    const properties = childOf(style, 'pPr')
    // A level of its own, also that of body text, is stronger than the one that it has from another.
    if (childOf(properties, 'outlineLvl')) return levelIn(properties)
    return levelOf(attribute(childOf(style, 'basedOn'), 'val') ?? '', new Set([...seen, id]))
  }
  const map = Array.from(
    { length: DEEPEST_HEADING },
    (_, index) => `p.${outlineStyle(index + 1)} => h${index + 1}:fresh`,
  )
  for (const [id, style] of own) {
    const name = nameOf(style)
    if (name === '') continue
    const matcher = `p[style-name='${name.replace(/['\\]/g, '\\$&')}']`
    const level = levelOf(id, new Set())
    if (/^toc \d$/i.test(name)) map.push(`${matcher} => !`)
    else if (/^title$/i.test(name)) map.push(`${matcher} => h1:fresh`)
    else if (level !== undefined) map.push(`${matcher} => h${level}:fresh`)
  }
  return map
}

function nameOf(style: XmlNode): string {
  return attribute(childOf(style, 'name'), 'val') ?? ''
}

function hasBox(node: XmlNode): boolean {
  return !descendants(node, 'txbxContent').next().done
}

function isHidden(run: XmlNode): boolean {
  const vanish = childOf(childOf(run, 'rPr'), 'vanish')
  return vanish !== undefined && !/^(?:0|false|off)$/.test(attribute(vanish, 'val') ?? '')
}

function wordsOf(node: XmlNode): string {
  return [...descendants(node, 't')].map(textOf).join('')
}

/** A formula as it is written on one line: `x^2`, `a_i`, `(a+b)/c`, `√x`. */
function formula(node: XmlNode): string {
  const part = (name: string) => {
    const child = childOf(node, name)
    return child ? formula(child) : ''
  }
  const sign = (properties: string, name: string, usual: string) =>
    attribute(childOf(childOf(node, properties), name), 'val') ?? usual
  switch (node.name) {
    case 't':
      // Signs that tell a program what is applied to what, and show nothing.
      return textOf(node).replace(/[\u2061-\u2064]/gu, ' ')
    case 'f':
      return `${grouped(part('num'))}/${grouped(part('den'))}`
    case 'sSup':
    case 'sSub':
    case 'sSubSup':
      return `${grouped(part('e'))}${marked('_', part('sub'))}${marked('^', part('sup'))}`
    case 'rad':
      return `${marked('', part('deg'))}√${grouped(part('e'))}`
    case 'nary':
      return `${sign('naryPr', 'chr', '∫')}${marked('_', part('sub'))}${marked('^', part('sup'))} ${part('e')}`
    case 'func':
      return `${part('fName').trim()} ${part('e')}`
    case 'd': {
      const parts = node.children.flatMap((child) =>
        typeof child !== 'string' && child.name === 'e' ? [formula(child)] : [],
      )
      return `${sign('dPr', 'begChr', '(')}${parts.join(sign('dPr', 'sepChr', '|'))}${sign('dPr', 'endChr', ')')}`
    }
    case 'mr':
      return `${node.children.map((child) => (typeof child === 'string' ? '' : formula(child))).join(' ')}; `
    default:
      return node.children.map((child) => (typeof child === 'string' ? '' : formula(child))).join('')
  }
}

function marked(mark: string, text: string): string {
  return text === '' ? '' : `${mark}${grouped(text)}`
}

function grouped(text: string): string {
  return /^(?:[\p{L}\p{N}\p{M}.,]*|\S|\([^()]*\))$/u.test(text.trim()) ? text.trim() : `(${text.trim()})`
}
