import { instantOf } from './items.ts'
import { type Conversation, type Exchange, textOr } from './read-conversations.ts'

/** A conversation of ChatGPT's export: a tree of messages in `mapping`, whose branches are edited questions and regenerated answers. */

interface Node {
  id: string
  parent: string | undefined
  children: string[]
  role: string
  text: string
  files: string[]
  at: string | undefined
  model: string
}

export function parseChatGpt(value: unknown): Conversation | undefined {
  const given = objectOf(value)
  const mapping = objectOf(given?.mapping)
  if (!given || !mapping) return undefined
  const nodes = new Map<string, Node>()
  for (const [id, node] of Object.entries(mapping)) nodes.set(id, nodeOf(id, node))
  const shown = pathTo(nodes, textOr(given.current_node, ''))
  const id = textOr(given.conversation_id, textOr(given.id, [...nodes.keys()][0] ?? ''))
  return {
    id,
    title: textOr(given.title, ''),
    at: instantOf(given.create_time),
    exchanges: inOrder(nodes)
      .filter(({ role, text, files }) => role === 'user' && (text.trim() !== '' || files.length > 0))
      .map((node) => exchangeOf(node, nodes, shown)),
  }
}

/** Every node once, parents before children, siblings in their order, whatever circles the file has. */
function inOrder(nodes: ReadonlyMap<string, Node>): Node[] {
  const roots = [...nodes.values()].filter(({ parent }) => parent === undefined || !nodes.has(parent))
  const waiting = roots.toReversed()
  const seen = new Set<Node>()
  while (waiting.length > 0) {
    const node = waiting.pop() as Node
    if (seen.has(node)) continue
    seen.add(node)
    for (const child of node.children.toReversed()) {
      const next = nodes.get(child)
      if (next) waiting.push(next)
    }
  }
  return [...seen]
}

/** The nodes that the program showed last. */
function pathTo(nodes: ReadonlyMap<string, Node>, leaf: string): ReadonlySet<string> {
  const path = new Set<string>()
  for (let node = nodes.get(leaf); node && !path.has(node.id); node = nodes.get(node.parent ?? '')) path.add(node.id)
  return path
}

function exchangeOf(user: Node, nodes: ReadonlyMap<string, Node>, shown: ReadonlySet<string>): Exchange {
  const answers = user.children.map((child) => answerFrom(child, nodes, shown)).filter((answer) => answer !== undefined)
  const chosen = answers.find(({ ids }) => ids.some((id) => shown.has(id))) ?? answers.at(-1)
  const alternatives = answers.filter((answer) => answer !== chosen).map(({ text }) => text)
  return {
    id: user.id,
    at: user.at,
    said: user.text.trim() === '' ? '[file]' : user.text,
    answer: chosen && { text: chosen.text, model: chosen.model, at: chosen.at },
    metadata: alternatives.length > 0 ? { alternatives } : {},
    files: user.files,
  }
}

/** What the model said from this node on until the user speaks again: tools and thoughts in between have no text. */
function answerFrom(start: string, nodes: ReadonlyMap<string, Node>, shown: ReadonlySet<string>) {
  const texts: string[] = []
  const ids: string[] = []
  let model = ''
  let at: string | undefined
  const seen = new Set<string>()
  let node = nodes.get(start)
  while (node && node.role !== 'user' && !seen.has(node.id)) {
    seen.add(node.id)
    ids.push(node.id)
    if (node.role === 'assistant' && node.text.trim() !== '') {
      texts.push(node.text)
      model = node.model || model
      at ??= node.at
    }
    const next: string | undefined = node.children.find((child) => shown.has(child)) ?? node.children.at(-1)
    node = next === undefined ? undefined : nodes.get(next)
  }
  return texts.length === 0 ? undefined : { text: texts.join('\n\n'), model, at, ids }
}

function nodeOf(id: string, value: unknown): Node {
  const node = objectOf(value) ?? {}
  const message = objectOf(node.message) ?? {}
  const metadata = objectOf(message.metadata) ?? {}
  const content = objectOf(message.content) ?? {}
  const isHidden = metadata.is_visually_hidden_from_conversation === true
  const parts = Array.isArray(content.parts) ? content.parts : []
  const isSpoken = ['text', 'multimodal_text'].includes(textOr(content.content_type, ''))
  return {
    id,
    parent: typeof node.parent === 'string' ? node.parent : undefined,
    children: (Array.isArray(node.children) ? node.children : []).filter((child) => typeof child === 'string'),
    role: isHidden ? 'hidden' : textOr(objectOf(message.author)?.role, ''),
    text: isSpoken
      ? parts
          .map(partText)
          .filter((text) => text !== '')
          .join('\n')
      : '',
    files: isSpoken ? parts.map(assetOf).filter((name) => name !== '') : [],
    at: instantOf(message.create_time),
    model: textOr(metadata.model_slug, ''),
  }
}

/** Text, or the words of what was spoken. */
function partText(part: unknown): string {
  if (typeof part === 'string') return part
  const known = objectOf(part)
  return known?.content_type === 'audio_transcription' ? textOr(known.text, '') : ''
}

/** The beginning of the name of a picture in the archive: `file-service://file-abc` is `file-abc-photo.png`. */
function assetOf(part: unknown): string {
  const pointer = textOr(objectOf(part)?.asset_pointer, '')
  return pointer.slice(pointer.indexOf('://') + (pointer.includes('://') ? 3 : 1))
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}
