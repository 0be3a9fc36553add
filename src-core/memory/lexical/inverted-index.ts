import { Best } from '../best.ts'
import { rarityOf, saidBy } from './bm25-formula.ts'
import { type CountedTerms, countTerms, TermIds } from './term-ids.ts'

/** Rows that are gone are carried along until they are this part of all, and more than a few. */
const DEAD_PART = 0.25
const DEAD_ROWS = 1_000
const FIRST_PLACES = 4

/** Where a term stands: rows and how often, side by side. */
interface Postings {
  rows: Int32Array
  counts: Uint16Array
  /** Filled places. */
  size: number
  /** Of these, rows that are still there. */
  alive: number
}

/**
 * Texts by their terms, in memory, ranked by BM25.
 * @typeParam T what is known of a text besides; its `id` is its name here
 */
export class InvertedIndex<T extends { id: string }> {
  readonly ids = new TermIds()
  #rowOf = new Map<string, number>()
  #rows: ({ item: T; counted: CountedTerms } | undefined)[] = []
  #postings: (Postings | undefined)[] = []
  #lengths = new Float32Array(0)
  /** Of a search under way; else all 0. */
  #scores = new Float64Array(0)
  /** Rows that a search under way has found. */
  #touched = new Int32Array(0)
  #terms = 0

  get size(): number {
    return this.#rowOf.size
  }

  /** @param text its terms with blanks between */
  set(item: T, text: string): void {
    this.#put(item, countTerms(text, this.ids))
  }

  delete(id: string): void {
    const at = this.#rowOf.get(id)
    const row = at === undefined ? undefined : this.#rows[at]
    if (at === undefined || !row) return
    this.#rowOf.delete(id)
    this.#rows[at] = undefined
    this.#terms -= row.counted.length
    for (const term of row.counted.terms) (this.#postings[term] as Postings).alive -= 1
    const dead = this.#rows.length - this.size
    if (dead > DEAD_ROWS && dead > DEAD_PART * this.#rows.length) this.#sweep()
  }

  get(id: string): { item: T; counted: CountedTerms } | undefined {
    const at = this.#rowOf.get(id)
    return at === undefined ? undefined : this.#rows[at]
  }

  /** In terms; of no texts, 0. */
  get meanLength(): number {
    return this.#terms / Math.max(1, this.size)
  }

  /** How much each term that texts have says, by its number: how rare it is, as often as it is named. */
  weightsOf(terms: readonly string[]): Map<number, number> {
    const weights = new Map<number, number>()
    for (const term of terms) {
      const id = this.ids.find(term)
      const having = id === undefined ? 0 : (this.#postings[id]?.alive ?? 0)
      if (id !== undefined && having > 0) weights.set(id, (weights.get(id) ?? 0) + rarityOf(having, this.size))
    }
    return weights
  }

  /**
   * Texts that have at least one of the terms, best first, equal ones by their ids; a term that is named twice counts twice.
   * @param accepts which texts count; it changes nothing in how rare a term is
   */
  search(terms: readonly string[], limit: number, accepts?: (item: T) => boolean): { item: T; score: number }[] {
    const average = this.meanLength
    const scores = this.#scores
    const touched = this.#touched
    let found = 0
    for (const [term, weight] of this.weightsOf(terms)) {
      const postings = this.#postings[term] as Postings
      for (let place = 0; place < postings.size; place += 1) {
        const row = postings.rows[place] as number
        const count = postings.counts[place] as number
        const score = scores[row] as number
        if (score === 0) {
          touched[found] = row
          found += 1
        }
        scores[row] = score + weight * saidBy(count, (this.#lengths[row] as number) / average)
      }
    }
    const best = new Best(limit)
    let least = Number.NEGATIVE_INFINITY
    for (let place = 0; place < found; place += 1) {
      const row = touched[place] as number
      const score = scores[row] as number
      if (score <= least) continue
      const item = this.#rows[row]?.item
      if (item && (!accepts || accepts(item))) least = best.offer(row, score)
    }
    const matches = best
      .places()
      .map((row) => ({ item: (this.#rows[row] as { item: T }).item, score: scores[row] as number }))
      .sort((a, b) => b.score - a.score || (a.item.id < b.item.id ? -1 : 1))
    for (let place = 0; place < found; place += 1) scores[touched[place] as number] = 0
    return matches
  }

  #put(item: T, counted: CountedTerms): void {
    this.delete(item.id)
    const at = this.#rows.length
    this.#makeRoom(at)
    this.#rows.push({ item, counted })
    this.#rowOf.set(item.id, at)
    this.#lengths[at] = counted.length
    this.#terms += counted.length
    for (const [place, term] of counted.terms.entries()) this.#post(term, at, counted.counts[place] as number)
  }

  #post(term: number, row: number, count: number): void {
    const postings = this.#postings[term] ?? {
      rows: new Int32Array(FIRST_PLACES),
      counts: new Uint16Array(FIRST_PLACES),
      size: 0,
      alive: 0,
    }
    this.#postings[term] = postings
    if (postings.size === postings.rows.length) {
      const places = Math.ceil(1.5 * postings.size)
      const [rows, counts] = [new Int32Array(places), new Uint16Array(places)]
      rows.set(postings.rows)
      counts.set(postings.counts)
      postings.rows = rows
      postings.counts = counts
    }
    postings.rows[postings.size] = row
    postings.counts[postings.size] = count
    postings.size += 1
    postings.alive += 1
  }

  #makeRoom(at: number): void {
    if (at < this.#lengths.length) return
    const room = Math.max(1_024, 2 * at)
    const lengths = new Float32Array(room)
    lengths.set(this.#lengths)
    this.#lengths = lengths
    this.#scores = new Float64Array(room)
    this.#touched = new Int32Array(room)
  }

  /** Begins anew without the rows that are gone. */
  #sweep(): void {
    const rows = this.#rows.filter((row) => row !== undefined)
    this.#rowOf = new Map()
    this.#rows = []
    this.#postings = []
    this.#terms = 0
    for (const { item, counted } of rows) this.#put(item, counted)
  }
}
