import { parse } from 'yaml'

/** The properties at the head of a Markdown file and the text below; undefined properties where there are none. */
export function splitFrontMatter(text: string): { properties: Record<string, unknown> | undefined; body: string } {
  const found = /^\ufeff?---[ \t]*\r?\n([\s\S]*?)(?:(?<=\n)|\r?\n)---[ \t]*(?:\r?\n|$)/.exec(text)
  const properties = found ? parseFrontMatter(found[1] ?? '') : undefined
  // What is no YAML is part of the text: nothing is lost.
  if (!found || !properties) return { properties: undefined, body: text.replace(/^\ufeff/, '') }
  return { properties, body: text.slice(found[0].length) }
}

/** Undefined for what is no YAML, or none of names and values. Aliases are bounded by the library. */
export function parseFrontMatter(yaml: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(yaml, { logLevel: 'error' })
    if (value === null) return {}
    return typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** Words of `tags: [a, b]`, `tags: a, b` and the like, without `#`. */
export function wordsOf(value: unknown): string[] {
  const list = Array.isArray(value) ? value : typeof value === 'string' ? value.split(/[,\s]+/) : []
  return list
    .filter((word) => typeof word === 'string' || typeof word === 'number')
    .map((word) => String(word).trim().replace(/^#/, ''))
    .filter((word) => word !== '')
}
