/** Something that was opened and can be closed. Closing twice does nothing. */
export interface Closable {
  close(): Promise<void>
}

/** Owns what a part opened and closes it in reverse order. A failing member does not keep the others open. */
export class Closables implements Closable {
  #members: (() => unknown)[] = []
  #closing: Promise<void> | undefined

  add<T extends Closable>(member: T): T {
    this.#members.push(() => member.close())
    return member
  }

  /** Registers a step that runs when the owner closes. */
  defer(step: () => unknown): void {
    this.#members.push(step)
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll()
    return this.#closing
  }

  async #closeAll(): Promise<void> {
    const failures: unknown[] = []
    for (let step = this.#members.pop(); step; step = this.#members.pop()) {
      try {
        await step()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length === 1) throw failures[0]
    if (failures.length > 1) throw new AggregateError(failures, 'several parts failed to close')
  }
}
