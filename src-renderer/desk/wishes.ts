/** What only one place can do, and may be wished for while another is on the screen. */
export type Wish = 'show-screen' | 'hands-free'

/** A wish that no place has come for in this time, in milliseconds, is forgotten: nothing is to open out of the blue. */
const LASTS = 3_000

/** Brings wishes to the place that can fulfil them, also where that place comes up only afterwards. */
export class Wishes {
  readonly #servants = new Map<Wish, () => void>()
  readonly #open = new Map<Wish, ReturnType<typeof setTimeout>>()

  wish(name: Wish): void {
    const fulfil = this.#servants.get(name)
    clearTimeout(this.#open.get(name))
    this.#open.delete(name)
    if (fulfil) fulfil()
    else
      this.#open.set(
        name,
        setTimeout(() => this.#open.delete(name), LASTS),
      )
  }

  /** @returns ends serving */
  serve(name: Wish, fulfil: () => void): () => void {
    this.#servants.set(name, fulfil)
    const open = this.#open.get(name)
    if (open !== undefined) this.wish(name)
    return () => {
      if (this.#servants.get(name) === fulfil) this.#servants.delete(name)
    }
  }
}
