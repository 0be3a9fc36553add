/** Numbers for terms, from 0, so that texts can be compared without their letters. A number is never given twice. */
export class TermIds {
  readonly #ids = new Map<string, number>()

  get size(): number {
    return this.#ids.size
  }

  /** The number of a term; a new one for one that is not known. */
  idOf(term: string): number {
    const known = this.#ids.get(term)
    if (known !== undefined) return known
    const id = this.#ids.size
    this.#ids.set(term, id)
    return id
  }

  find(term: string): number | undefined {
    return this.#ids.get(term)
  }
}

/** The words of one text: each term once, by its number, with how often it stands there. */
export interface CountedTerms {
  terms: Int32Array
  counts: Uint16Array
  /** Terms in all. */
  length: number
}

const MOST_COUNTED = 0xffff

/** @param text terms with blanks between */
export function countTerms(text: string, ids: TermIds): CountedTerms {
  const counted = new Map<number, number>()
  let length = 0
  for (const term of text.split(' ')) {
    if (term === '') continue
    const id = ids.idOf(term)
    counted.set(id, Math.min(MOST_COUNTED, (counted.get(id) ?? 0) + 1))
    length += 1
  }
  return { terms: Int32Array.from(counted.keys()), counts: Uint16Array.from(counted.values()), length }
}
