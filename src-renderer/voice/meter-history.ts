/** Milliseconds that one bar stands for. */
const BAR_MS = 70

/** The loudest level of each of the last stretches of time, newest last. */
export class Meter {
  readonly bars: number[]
  #barSince: number | undefined

  /** @param count how many bars are kept */
  constructor(count: number) {
    this.bars = new Array<number>(count).fill(0)
  }

  /** @param level 0 to 1 @param now milliseconds of any steady clock */
  hear(level: number, now: number): void {
    this.#barSince ??= now
    while (now - this.#barSince >= BAR_MS) {
      this.bars.shift()
      this.bars.push(0)
      this.#barSince += BAR_MS
    }
    const last = this.bars.length - 1
    this.bars[last] = Math.max(this.bars[last] ?? 0, level)
  }
}
