import { SaxesParser } from 'saxes'
import { damaged, tooComplex, unsafe } from '../errors.ts'

export interface XmlNode {
  /** Without its prefix. */
  name: string
  /** As it is written, with its prefix. */
  tag: string
  attributes: Record<string, string>
  children: (XmlNode | string)[]
}

const MOST_NODES = 3_000_000

/**
 * Reads XML into a tree. A document type with entities of its own is refused: they could unfold without end, or name files.
 * @throws LvaError document-unsafe, document-too-complex, document-damaged
 */
export function readXml(bytes: Uint8Array, depth: number): XmlNode {
  const root: XmlNode = { name: '', tag: '', attributes: {}, children: [] }
  const open = [root]
  let nodes = 0
  const parser = new SaxesParser({ xmlns: false })
  parser.on('doctype', (doctype) => {
    if (/<!ENTITY|SYSTEM|\[/i.test(doctype)) throw unsafe()
  })
  parser.on('error', (error) => {
    throw damaged(error)
  })
  parser.on('opentag', ({ name, attributes }) => {
    nodes += 1
    if (open.length > depth || nodes > MOST_NODES) throw tooComplex()
    const node: XmlNode = {
      name: localName(name),
      tag: name,
      attributes: attributes as Record<string, string>,
      children: [],
    }
    open.at(-1)?.children.push(node)
    open.push(node)
  })
  const text = (given: string) => void open.at(-1)?.children.push(given)
  parser.on('text', text)
  parser.on('cdata', text)
  parser.on('closetag', () => void open.pop())
  parser.write(new TextDecoder().decode(bytes)).close()
  return root
}

/** The XML of what `readXml` made. */
export function writeXml({ tag, attributes, children }: XmlNode): string {
  const inner = children.map((child) => (typeof child === 'string' ? escaped(child) : writeXml(child))).join('')
  if (tag === '') return inner
  const given = Object.entries(attributes).map(([name, value]) => ` ${name}="${escaped(value)}"`)
  return `<${tag}${given.join('')}>${inner}</${tag}>`
}

function escaped(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

/** Every node below with that name, in order. */
export function* descendants(node: XmlNode, name: string): Generator<XmlNode> {
  for (const child of node.children) {
    if (typeof child === 'string') continue
    if (child.name === name) yield child
    yield* descendants(child, name)
  }
}

/** The first child of that name. */
export function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  return node?.children.find((child): child is XmlNode => typeof child !== 'string' && child.name === name)
}

export function textOf(node: XmlNode | undefined): string {
  return (node?.children ?? []).map((child) => (typeof child === 'string' ? child : textOf(child))).join('')
}

/** An attribute by its name without prefix. */
export function attribute(node: XmlNode | undefined, name: string): string | undefined {
  return Object.entries(node?.attributes ?? {}).find(([key]) => localName(key) === name)?.[1]
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
