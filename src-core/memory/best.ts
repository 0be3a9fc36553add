/** The largest of many scores: a heap whose root is the smallest of them. Numbers side by side, so that an offer allocates nothing. */
export class Best {
  readonly #limit: number
  readonly #places: Int32Array
  readonly #scores: Float64Array
  #size = 0

  /** @param limit how many are kept */
  constructor(limit: number) {
    this.#limit = limit
    this.#places = new Int32Array(limit)
    this.#scores = new Float64Array(limit)
  }

  /**
   * @param at what has the score; to be offered once
   * @returns what a score must be above to be among the largest
   */
  offer(at: number, score: number): number {
    const scores = this.#scores
    if (this.#size < this.#limit) {
      this.#size += 1
      this.#raise(at, score)
    } else if (score > (scores[0] as number)) this.#sink(at, score)
    return this.#size < this.#limit ? Number.NEGATIVE_INFINITY : (scores[0] as number)
  }

  /** What has the largest scores, in no order. */
  places(): number[] {
    return Array.from(this.#places.subarray(0, this.#size))
  }

  /** Puts a score into the last place, and lets it rise. */
  #raise(at: number, score: number): void {
    const [places, scores] = [this.#places, this.#scores]
    let hole = this.#size - 1
    while (hole > 0) {
      const parent = (hole - 1) >> 1
      const upper = scores[parent] as number
      if (score >= upper) break
      scores[hole] = upper
      places[hole] = places[parent] as number
      hole = parent
    }
    scores[hole] = score
    places[hole] = at
  }

  /** Puts a score in the place of the smallest, and lets it sink. */
  #sink(at: number, score: number): void {
    const [places, scores] = [this.#places, this.#scores]
    let hole = 0
    for (let child = 1; child < this.#size; child = 2 * hole + 1) {
      if (child + 1 < this.#size && (scores[child + 1] as number) < (scores[child] as number)) child += 1
      const lower = scores[child] as number
      if (lower >= score) break
      scores[hole] = lower
      places[hole] = places[child] as number
      hole = child
    }
    scores[hole] = score
    places[hole] = at
  }
}

/** Places of scores, the largest first; equal ones as they stand. */
export function largestFirst(scores: ArrayLike<number>): number[] {
  const places: number[] = []
  for (let place = 0; place < scores.length; place += 1) places.push(place)
  return places.sort((a, b) => (scores[b] as number) - (scores[a] as number))
}
