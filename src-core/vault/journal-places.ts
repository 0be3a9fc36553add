import type { Core } from './core.ts'
import { documentKind, journalName } from './document-names.ts'
import { journalOf } from './journal.ts'

/**
 * A journal with room for each item that comes from elsewhere: the newest of its month, then the ones after it.
 * @param sizeOf bytes of the item, about
 */
export async function placesFor<T extends { createdAt: string }>(
  core: Core,
  items: readonly T[],
  sizeOf: (item: T) => number,
): Promise<Map<T, string>> {
  const places = new Map<T, string>()
  if (items.length === 0) return places
  const newest = new Map<string, number>()
  for (const name of await core.documents.names(core.db)) {
    const kind = documentKind(name)
    if (kind.kind !== 'journal' || kind.of !== 'captures') continue
    newest.set(kind.period, Math.max(newest.get(kind.period) ?? 0, kind.number))
  }
  const byMonth = Map.groupBy(items, ({ createdAt }) => createdAt.slice(0, 'YYYY-MM'.length))
  for (const [month, group] of byMonth) {
    let number = newest.get(month) ?? 0
    let { captures, size } = await fillingOf(core, journalName(month, number))
    for (const item of group) {
      if (captures >= core.tuning.journalCaptures || size >= core.tuning.journalBytes) {
        number += 1
        captures = 0
        size = 0
      }
      places.set(item, journalName(month, number))
      captures += 1
      size += sizeOf(item)
    }
  }
  return places
}

async function fillingOf(core: Core, name: string): Promise<{ captures: number; size: number }> {
  const { doc, firstBytes, laterBytes } = await core.documents.open(core.db, name)
  return { captures: journalOf(doc).captures.size, size: firstBytes + laterBytes }
}
