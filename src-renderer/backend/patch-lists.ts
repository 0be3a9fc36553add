import type { QueryClient } from '@tanstack/react-query'
import { type ListRule, type Pages, patchPages } from './pages.ts'

/** Brings every loaded list under `listKey` up to date with what changed; `ruleOf` reads a list's rule from its key. */
export function patchLists<T>(
  cache: QueryClient,
  listKey: readonly string[],
  changes: ReadonlyMap<string, T | null>,
  ruleOf: (key: readonly unknown[]) => ListRule<T>,
): void {
  for (const [key, data] of cache.getQueriesData<Pages<T>>({ queryKey: listKey })) {
    if (data) cache.setQueryData(key, patchPages(data, changes, ruleOf(key)))
  }
}
