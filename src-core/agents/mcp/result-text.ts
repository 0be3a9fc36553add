import { notText } from './faults.ts'

/** One part of what a tool gave, as it comes over the wire. */
export interface ResultPart {
  type: string
  [more: string]: unknown
}

/**
 * The words of a result. Parts that are no text are named and left out.
 * @throws LvaError mcp-answer-not-text where nothing is left
 */
export function textOf(server: string, parts: readonly ResultPart[], structured: unknown): string {
  const texts = parts.map(wordsOfPart)
  const left = texts.filter((text) => text === undefined).length
  const words = texts.filter((text): text is string => text !== undefined && text !== '')
  if (words.length === 0 && structured !== undefined) words.push(JSON.stringify(structured))
  if (words.length === 0 && left > 0) throw notText(server)
  if (left > 0) words.push(`(${left} ${left === 1 ? 'part' : 'parts'} without text left out)`)
  return words.join('\n\n')
}

function wordsOfPart(part: ResultPart): string | undefined {
  if (part.type === 'text' && typeof part.text === 'string') return part.text
  if (part.type === 'resource_link') return `${String(part.name)}: ${String(part.uri)}`
  const resource = part.type === 'resource' ? (part.resource as { text?: unknown } | undefined) : undefined
  return typeof resource?.text === 'string' ? resource.text : undefined
}
