/**
 * The SQL expression for what the lexical indexes make of a text or a query. Postgres' parser takes `<img src=x>` for a tag and drops it,
 * and `and/or` for the name of a file; with blanks for these characters all of it is words.
 * @param text an SQL expression
 */
export function indexedText(text: string): string {
  return `translate(${text}, '<>/_', '    ')`
}
