/**
 * Puts foreign text between marks that it cannot close: every `<` of the text that could begin a tag is replaced by the look-alike U+2039,
 * so that neither our mark nor any provider's own can be forged.
 * @param name of the mark, letters only
 * @param facts shown in the opening mark; made by us, never foreign
 */
export function fenced(name: string, facts: Record<string, string>, text: string): string {
  const shown = Object.entries(facts).map(([key, value]) => ` ${key}="${value}"`)
  return `<${name}${shown.join('')}>\n${text.replace(/<(?=[/!?a-z|])/gi, '\u2039')}\n</${name}>`
}
