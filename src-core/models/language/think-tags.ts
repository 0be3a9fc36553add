const OPEN = '<think>'
const CLOSE = '</think>'

/**
 * Takes the thinking of local models out of a stream: models such as DeepSeek R1 begin with `<think> ... </think>` as plain text where
 * the server does not separate it. Only a block at the very beginning counts; the same letters later are part of the answer.
 */
export class ThinkFilter {
  #held = ''
  #state: 'beginning' | 'thinking' | 'answer' | 'gap' = 'beginning'

  /** @returns the part of the answer that is certain after this piece, possibly '' */
  push(piece: string): string {
    if (this.#state === 'answer') return piece
    this.#held += piece
    if (this.#state === 'beginning') {
      const text = this.#held.trimStart()
      if (!text.startsWith(OPEN.slice(0, text.length))) return this.#release(this.#held)
      if (text.length < OPEN.length) return ''
      this.#state = 'thinking'
      this.#held = text.slice(OPEN.length)
    }
    if (this.#state === 'thinking') {
      const end = this.#held.indexOf(CLOSE)
      if (end < 0) {
        // Enough for a closing tag whose rest is still to come; the thinking before it is dropped.
        this.#held = this.#held.slice(-CLOSE.length)
        return ''
      }
      this.#state = 'gap'
      this.#held = this.#held.slice(end + CLOSE.length)
    }
    const rest = this.#held.trimStart()
    return rest === '' ? '' : this.#release(rest)
  }

  /** What was held back and turned out to be no thinking. */
  end(): string {
    return this.#state === 'beginning' ? this.#release(this.#held) : ''
  }

  #release(text: string): string {
    this.#state = 'answer'
    this.#held = ''
    return text
  }
}
