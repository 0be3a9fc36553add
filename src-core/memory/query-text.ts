/** Any string as Postgres can hold it: no lone surrogates and no NUL. As long as before. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}

/**
 * What of a query is looked at: its first `length` code units, storable. Blank when there is nothing to look for. White space at the end
 * stays, because it says that the last word is complete.
 */
export function queryText(query: string, length: number): string {
  const text = storable(query.slice(0, length).replaceAll('\u0000', ' ')).trimStart()
  return text.trim() === '' ? '' : text
}
