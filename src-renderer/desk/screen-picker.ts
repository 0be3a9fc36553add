import type { DeskScreen } from '../../src-core/contract/index.ts'

/** What there is to choose. */
export interface PickerQuestion {
  screens: readonly DeskScreen[]
  /** The system lets us see no screen. */
  isDenied: boolean
  /** The system asks by itself, and only after a key or a click in this page: there is nothing to choose here but to go on. */
  systemAsks: boolean
  /** Whether all screens together may be chosen. */
  mayTakeAll: boolean
  /** Whether a part may be chosen, which is cut out afterwards. */
  mayTakePart: boolean
}

/** What was chosen: one screen or window, or all screens; none where the system asks. */
export interface Chosen {
  screens: readonly DeskScreen[]
  /** Only a part of it is wanted. */
  isPart: boolean
}

/** The question which screen or window is to be shown, while it is open. One at a time. */
export class ScreenPicker {
  #question: PickerQuestion | null = null
  #answer: ((chosen: Chosen | null) => void) | undefined
  readonly #listeners = new Set<() => void>()

  get question(): PickerQuestion | null {
    return this.#question
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @returns what was chosen; null for nothing, also where another question takes its place */
  ask(question: PickerQuestion): Promise<Chosen | null> {
    this.answer(null)
    const { promise, resolve } = Promise.withResolvers<Chosen | null>()
    this.#answer = resolve
    this.#set(question)
    return promise
  }

  answer(chosen: Chosen | null): void {
    const answer = this.#answer
    this.#answer = undefined
    if (this.#question) this.#set(null)
    answer?.(chosen)
  }

  #set(question: PickerQuestion | null): void {
    this.#question = question
    for (const listener of [...this.#listeners]) listener()
  }
}
