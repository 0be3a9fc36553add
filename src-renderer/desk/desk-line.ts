import type {
  Bridge,
  BridgeMessage,
  DeskAction,
  DeskChange,
  DeskReport,
  DeskScreen,
  DeskState,
} from '../../src-core/contract/index.ts'

/** A desktop that does not answer in this time, in milliseconds, tells nothing. */
const PATIENCE = 2_000
/** Listing what can be shown takes a picture of everything, and on macOS asks the learner the first time. */
const SCREENS_PATIENCE = 30_000

type Told = Extract<BridgeMessage, { ask: number }>
type Heard = { do: DeskAction; link: string; 'quick-text': string }

/** What this page and the desktop around it say to each other (docs/desktop.md §1). */
export class DeskLine {
  readonly #bridge: Bridge
  readonly #waiting = new Map<number, (told: Told | null) => void>()
  readonly #listeners = new Set<() => void>()
  readonly #ears: { [Kind in keyof Heard]: Set<(heard: Heard[Kind]) => void> } = {
    do: new Set(),
    link: new Set(),
    'quick-text': new Set(),
  }
  #state: DeskState | null = null
  #asked = 0
  #reported = ''

  constructor(bridge: Bridge) {
    this.#bridge = bridge
    bridge.subscribe((message) => this.#hear(message))
  }

  /** Null until the desktop has told of itself; for ever where there is none. */
  get state(): DeskState | null {
    return this.#state
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls the function for what the desktop says, until the returned one is called. */
  on<Kind extends keyof Heard>(kind: Kind, listener: (heard: Heard[Kind]) => void): () => void {
    this.#ears[kind].add(listener)
    return () => this.#ears[kind].delete(listener)
  }

  /** Tells what this page does, if that has changed. */
  report(report: DeskReport): void {
    const told = JSON.stringify(report)
    if (told === this.#reported) return
    this.#reported = told
    this.#bridge.send({ type: 'report', report })
  }

  change(change: DeskChange): void {
    this.#bridge.send({ type: 'set-desk', change })
  }

  /** While new keys are being pressed the present ones rest. */
  pressKeys(on: boolean): void {
    this.#bridge.send({ type: 'press-keys', on })
  }

  /** Titles of open windows. Null where the desktop does not say. */
  readonly windows = async (): Promise<string[] | null> => {
    const told = await this.#ask('list-windows', PATIENCE)
    return told?.type === 'windows' ? told.titles : null
  }

  /** What can be shown. */
  async screens(): Promise<{ screens: DeskScreen[]; isDenied: boolean }> {
    const told = await this.#ask('list-screens', SCREENS_PATIENCE)
    return told?.type === 'screens' ? told : { screens: [], isDenied: false }
  }

  /** The next request of this page for the screen gets this one. */
  choose(id: string): void {
    this.#bridge.send({ type: 'choose-screen', id })
  }

  /** Resolves when our windows are off the screen. */
  async stepAside(): Promise<void> {
    await this.#ask('step-aside', PATIENCE)
  }

  stepBack(): void {
    this.#bridge.send({ type: 'step-back' })
  }

  /** Shows the small window, with words that are not stored yet. */
  quick(text: string | null): void {
    this.#bridge.send({ type: 'quick', text })
  }

  hideQuick(): void {
    this.#bridge.send({ type: 'hide-quick' })
  }

  show(): void {
    this.#bridge.send({ type: 'show' })
  }

  /** Opens the system's settings of who may use it. */
  openPrivacy(what: 'microphone' | 'screen'): void {
    this.#bridge.send({ type: 'privacy', what })
  }

  async #ask(type: 'list-windows' | 'list-screens' | 'step-aside', patience: number): Promise<Told | null> {
    const ask = ++this.#asked
    const { promise, resolve } = Promise.withResolvers<Told | null>()
    this.#waiting.set(ask, resolve)
    const timer = setTimeout(() => resolve(null), patience)
    this.#bridge.send({ type, ask })
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      this.#waiting.delete(ask)
    }
  }

  #hear(message: BridgeMessage): void {
    switch (message.type) {
      case 'windows':
      case 'screens':
      case 'aside':
        this.#waiting.get(message.ask)?.(message)
        break
      case 'desk':
        this.#state = message.desk
        for (const listener of [...this.#listeners]) listener()
        break
      case 'do':
        for (const hear of [...this.#ears.do]) hear(message.action)
        break
      case 'link':
        for (const hear of [...this.#ears.link]) hear(message.link)
        break
      case 'quick-text':
        for (const hear of [...this.#ears['quick-text']]) hear(message.text)
    }
  }
}
