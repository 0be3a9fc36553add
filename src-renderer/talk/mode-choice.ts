import type { Capture, Settings } from '../../src-core/contract/index.ts'

export type TalkMode = Settings['talkMode']
export const TALK_MODES: readonly TalkMode[] = ['answer', 'ask-first', 'socratic']

/** What the learner chose for the next words of a session, until those are sent; then the session itself tells it. */
export class ModeChoice {
  #chosen: { session: string; mode: TalkMode } | null = null
  readonly #listeners = new Set<() => void>()

  get chosen() {
    return this.#chosen
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The next session is answered as Settings say again. */
  forget(): void {
    this.#chosen = null
    for (const listener of [...this.#listeners]) listener()
  }

  /** @param session its id; '' for one that is about to begin */
  choose(session: string, mode: TalkMode): void {
    this.#chosen = { session, mode }
    for (const listener of [...this.#listeners]) listener()
  }
}

export function modeOf({ metadata }: Pick<Capture, 'metadata'>): TalkMode {
  return TALK_MODES.find((mode) => mode === metadata.mode) ?? 'answer'
}

/** The memory for which the learner is asked first without having chosen it. */
export function goalOf({ metadata }: Pick<Capture, 'metadata'>): string | undefined {
  return typeof metadata.goal === 'string' ? metadata.goal : undefined
}

/** Whether the learner still finds out for themselves what this capture asks. */
export function isBeingFound(capture: Pick<Capture, 'metadata' | 'answer'>): boolean {
  const mode = modeOf(capture)
  const step = capture.answer?.step
  if (mode === 'answer' || !capture.answer) return false
  return mode === 'socratic' ? step !== 'answer' : step === 'attempt' || step === 'hint'
}
