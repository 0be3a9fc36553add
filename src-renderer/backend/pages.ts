/** A list that is loaded page by page, as the cache keeps it. */
export interface Pages<T> {
  pages: { items: T[]; next: string | null }[]
  pageParams: unknown[]
}

/** How a list is ordered and what belongs to it. */
export interface ListRule<T> {
  idOf(item: T): string
  /** Negative when `a` stands before `b`. */
  compare(a: T, b: T): number
  belongs(item: T): boolean
}

/**
 * The list after some of its items changed, without asking for it again: a list of 20,000 rows must not be reloaded because one row
 * was edited.
 * @param changes the new value by id, or null for what is gone
 */
export function patchPages<T>(data: Pages<T>, changes: ReadonlyMap<string, T | null>, rule: ListRule<T>): Pages<T> {
  const pages = data.pages.map((page) => {
    const items = page.items.filter((item) => !changes.has(rule.idOf(item)))
    return items.length === page.items.length ? page : { ...page, items }
  })
  const lastLoaded = data.pages.at(-1)?.items.at(-1)
  for (const item of changes.values()) {
    if (item !== null && rule.belongs(item)) insert(pages, item, rule, lastLoaded)
  }
  return { ...data, pages }
}

/**
 * Puts `item` in its place; what belongs behind the last row that was loaded waits until that page is loaded.
 * @param lastLoaded as it was before the changes: the next page goes on behind it, also when it is no longer there
 */
function insert<T>(pages: Pages<T>['pages'], item: T, rule: ListRule<T>, lastLoaded: T | undefined): void {
  const isLoaded = lastLoaded !== undefined && rule.compare(item, lastLoaded) <= 0
  for (const [number, page] of pages.entries()) {
    const at = page.items.findIndex((other) => rule.compare(item, other) < 0)
    const isEnd = number === pages.length - 1 && (page.next === null || isLoaded)
    if (at < 0 && !isEnd) continue
    const items = [...page.items]
    items.splice(at < 0 ? items.length : at, 0, item)
    pages[number] = { ...page, items }
    return
  }
}
