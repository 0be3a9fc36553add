/** The comments that make our Markdown files readable again, whatever stands in the texts between them (docs/export.md §3). */

export type MarkerName = 'capture' | 'said' | 'answer' | 'sources' | 'body' | 'document' | 'end'

/** One line. JSON in it cannot end the comment. */
export function marker(name: MarkerName, data?: unknown): string {
  if (data === undefined) return `<!-- lva:${name} -->`
  const json = JSON.stringify(data).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e')
  return `<!-- lva:${name} ${json} -->`
}

/** Lines of a text that would be taken for markers get a backslash, those that have one another. */
export function shield(text: string): string {
  return text.replace(/^(\\*<!-- lva:)/gm, '\\$1')
}

export function unshield(text: string): string {
  return text.replace(/^\\(\\*<!-- lva:)/gm, '$1')
}

/** Undefined for a line that is no marker. @throws SyntaxError when its JSON is broken */
export function readMarker(line: string): { name: MarkerName; data: unknown } | undefined {
  const found = /^<!-- lva:(capture|said|answer|sources|body|document|end)(?: (.*))? -->\r?$/s.exec(line)
  if (!found) return undefined
  return { name: found[1] as MarkerName, data: found[2] === undefined ? undefined : JSON.parse(found[2]) }
}
