import { LvaError } from '../kernel/index.ts'

/** Lets one holder in at a time, in the order in which they came. Whoever gives up while waiting loses the place at once. */
export class Turnstile {
  #inside = false
  readonly #waiting: (() => void)[] = []

  /**
   * Waits for the turn.
   * @returns what ends the turn; calling it twice does nothing
   * @throws LvaError cancelled when the signal is aborted first
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) throw cancelled()
    if (this.#inside) await this.#wait(signal)
    this.#inside = true
    let left = false
    return () => {
      if (left) return
      left = true
      // The turn is handed over without a gap, so that nobody who comes in between can overtake.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#inside = false
    }
  }

  #wait(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1)
        reject(cancelled())
      }
      signal?.addEventListener('abort', giveUp, { once: true })
      this.#waiting.push(enter)
    })
  }
}

/** The error of a statement whose signal was aborted. */
export function cancelled(): LvaError {
  return new LvaError('cancelled', 'Stopped.')
}
