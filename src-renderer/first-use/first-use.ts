import type { DeviceMemory } from '../backend/device-memory.ts'

export type Sense = 'microphone' | 'screen'

/** What is set that sends something of it away. */
export interface Sharing {
  /** Who writes down what is said: an id of Settings, Voice. */
  recogniser: string
  /** Whether a language model that answers is reached over the network. */
  isAnsweredElsewhere: boolean
  /** Whether this device is one of an account that syncs. */
  isSynced: boolean
}

/** Words under `firstUse` that say what leaves the device. */
export type Leaving =
  | 'microphone.openai'
  | 'microphone.model'
  | 'screen.model'
  | 'synced'
  | 'nothingLeaves'
  /** What is set has not been read yet. */
  | 'notKnown'

/** All that leaves the device of what is heard or seen. @param sharing undefined while it is not known: then nothing is promised */
export function leaving(sense: Sense, sharing: Sharing | undefined): Leaving[] {
  if (!sharing) return ['notKnown']
  const all: Leaving[] = []
  if (sense === 'microphone' && sharing.recogniser === 'openai') all.push('microphone.openai')
  if (sharing.isAnsweredElsewhere) all.push(`${sense}.model`)
  if (sharing.isSynced) all.push('synced')
  return all.length > 0 ? all : ['nothingLeaves']
}

/** What this browser, or the program's own window, remembers of it. Deleting everything clears it. */
const REMEMBERED = 'lva.first-use.'

/**
 * Before the microphone or the screen is asked for the first time the learner is told why, and what is kept; only then the system asks. One
 * question at a time.
 */
export class FirstUse {
  #asked: Sense | null = null
  #answer: ((goesOn: boolean) => void) | undefined
  readonly #memory: Pick<DeviceMemory, 'read' | 'write'>
  readonly #listeners = new Set<() => void>()

  constructor(memory: Pick<DeviceMemory, 'read' | 'write'>) {
    this.#memory = memory
  }

  /** What is being explained; null for nothing. */
  get asked(): Sense | null {
    return this.#asked
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @returns whether it may be asked for: at once where it was explained before, else as the learner says; false where another question takes its place */
  async ask(sense: Sense): Promise<boolean> {
    if (this.#memory.read(REMEMBERED + sense) !== null) return true
    this.#close(false)
    const { promise, resolve } = Promise.withResolvers<boolean>()
    this.#answer = resolve
    this.#set(sense)
    return promise
  }

  answer(goesOn: boolean): void {
    // Whoever says "not now" is told again the next time.
    if (goesOn && this.#asked) this.#memory.write(REMEMBERED + this.#asked, 'explained')
    this.#close(goesOn)
  }

  #close(goesOn: boolean): void {
    const answer = this.#answer
    this.#answer = undefined
    if (this.#asked) this.#set(null)
    answer?.(goesOn)
  }

  #set(asked: Sense | null): void {
    this.#asked = asked
    for (const listener of [...this.#listeners]) listener()
  }
}
