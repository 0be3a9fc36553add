/** Words of an expected text that are found in another one, each as often as it stands there; 1 when nothing is expected. */
export function wordRecall(expected: readonly string[], found: readonly string[]): number {
  const left = new Map<string, number>()
  for (const word of found) left.set(word, (left.get(word) ?? 0) + 1)
  let hits = 0
  for (const word of expected) {
    const count = left.get(word) ?? 0
    if (count === 0) continue
    hits += 1
    left.set(word, count - 1)
  }
  return expected.length === 0 ? 1 : hits / expected.length
}
