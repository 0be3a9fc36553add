/** The largest of many scores: a heap whose root is the smallest of them. */
export class Best {
  readonly #limit: number
  readonly #heap: { at: number; score: number }[] = []
  /** What a score must be above to be among the largest. */
  least = Number.NEGATIVE_INFINITY

  constructor(limit: number) {
    this.#limit = limit
  }

  /** @param at what has the score; to be offered once */
  offer(at: number, score: number): void {
    const heap = this.#heap
    if (heap.length < this.#limit) {
      heap.push({ at, score })
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1
        if (!this.#swapIfLess(child, parent)) break
        child = parent
      }
      if (heap.length === this.#limit) this.least = heap[0]?.score ?? this.least
      return
    }
    const root = heap[0]
    if (!root || score <= root.score) return
    heap[0] = { at, score }
    for (let parent = 0; ; ) {
      const left = 2 * parent + 1
      const smaller = (heap[left + 1]?.score ?? Number.POSITIVE_INFINITY) < (heap[left]?.score ?? 0) ? left + 1 : left
      if (smaller >= heap.length || !this.#swapIfLess(smaller, parent)) break
      parent = smaller
    }
    this.least = heap[0]?.score ?? this.least
  }

  /** In no order. */
  all(): readonly { at: number; score: number }[] {
    return this.#heap
  }

  #swapIfLess(child: number, parent: number): boolean {
    const [lower, upper] = [this.#heap[child], this.#heap[parent]]
    if (!lower || !upper || lower.score >= upper.score) return false
    this.#heap[child] = upper
    this.#heap[parent] = lower
    return true
  }
}
