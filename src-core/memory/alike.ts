/** Part of their words that two texts have in common, from which they say the same. */
const ALIKE = 0.9
/** Texts with fewer words are too short to tell. */
const LEAST_WORDS = 5

/**
 * Leaves of texts that say the same in nearly the same words only the first.
 * @returns those that stay, in order, each with the others
 */
export function collapseAlike<T>(
  items: readonly T[],
  wordsOf: (item: T) => Iterable<number | string>,
): { item: T; alike: T[] }[] {
  const kept: { item: T; words: Set<number | string>; alike: T[] }[] = []
  for (const item of items) {
    const words = new Set(wordsOf(item))
    const same = words.size >= LEAST_WORDS ? kept.find((other) => shareOf(words, other.words) >= ALIKE) : undefined
    if (same) same.alike.push(item)
    else kept.push({ item, words, alike: [] })
  }
  return kept.map(({ item, alike }) => ({ item, alike }))
}

/** Words in both, as a part of the words in either (Jaccard). */
function shareOf(a: ReadonlySet<number | string>, b: ReadonlySet<number | string>): number {
  if (Math.min(a.size, b.size) < ALIKE * Math.max(a.size, b.size)) return 0
  let both = 0
  for (const word of a) if (b.has(word)) both += 1
  return both / (a.size + b.size - both)
}
