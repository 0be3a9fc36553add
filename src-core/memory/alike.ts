/** Part of their words that two texts have in common, from which they say the same. */
const ALIKE = 0.9
/** Texts with fewer words are too short to tell. */
const LEAST_WORDS = 5

/**
 * Leaves of texts that say the same in nearly the same words only the first.
 * @param wordsOf numbers of the words of an item, each once
 * @returns those that stay, in order, each with the others
 */
export function collapseAlike<T>(
  items: readonly T[],
  wordsOf: (item: T) => Int32Array | undefined,
): { item: T; alike: T[] }[] {
  const kept: { item: T; words: Int32Array; alike: T[] }[] = []
  for (const item of items) {
    const words = wordsOf(item)?.slice().sort() ?? new Int32Array(0)
    const same = words.length >= LEAST_WORDS ? kept.find((other) => sayTheSame(words, other.words)) : undefined
    if (same) same.alike.push(item)
    else kept.push({ item, words, alike: [] })
  }
  return kept.map(({ item, alike }) => ({ item, alike }))
}

/** Whether enough of the words in either are in both (Jaccard). Both are sorted; most pairs are told apart by their first words. */
function sayTheSame(a: Int32Array, b: Int32Array): boolean {
  const both = (shared: number) => shared / (a.length + b.length - shared) >= ALIKE
  let shared = 0
  let left = 0
  let right = 0
  while (both(shared + Math.min(a.length - left, b.length - right))) {
    if (left === a.length || right === b.length) return true
    const difference = (a[left] as number) - (b[right] as number)
    if (difference === 0) shared += 1
    if (difference <= 0) left += 1
    if (difference >= 0) right += 1
  }
  return false
}
