/** Most texts, and most characters, that are embedded in one task: about a second of work, so that a search never waits longer. */
const MOST_TEXTS = 64
const MOST_CHARACTERS = 16_000

/**
 * Cuts a long list of texts into small tasks of texts of similar length.
 * @returns indexes into `texts`, shortest texts first; every index is in exactly one slice
 */
export function slicesOf(texts: readonly string[]): number[][] {
  const length = (index: number) => (texts[index] as string).length
  const order = texts.map((_, index) => index).sort((a, b) => length(a) - length(b))
  const slices: number[][] = []
  let slice: number[] = []
  let characters = 0
  for (const index of order) {
    if (slice.length > 0 && (slice.length === MOST_TEXTS || characters + length(index) > MOST_CHARACTERS)) {
      slices.push(slice)
      slice = []
      characters = 0
    }
    slice.push(index)
    characters += length(index)
  }
  if (slice.length > 0) slices.push(slice)
  return slices
}
