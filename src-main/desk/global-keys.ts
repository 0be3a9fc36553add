import type { GlobalShortcut } from 'electron'
import { type DeskState, GLOBAL_KEYS, type GlobalKey } from '../../src-core/contract/index.ts'

type System = Pick<GlobalShortcut, 'register' | 'unregister' | 'setSuspended'>

/** The keys that work in every program. What the system refuses is remembered and told; the others go on working. */
export class GlobalKeys {
  readonly #system: System
  readonly #run: (name: GlobalKey) => void
  readonly #held = new Map<GlobalKey, string>()
  #wanted: Record<GlobalKey, string> = { quick: '', talk: '', screen: '', timeline: '' }

  constructor(system: System, run: (name: GlobalKey) => void) {
    this.#system = system
    this.#run = run
  }

  get state(): DeskState['keys'] {
    const of = (name: GlobalKey) => ({
      keys: this.#wanted[name],
      isRefused: this.#wanted[name] !== '' && !this.#held.has(name),
    })
    return { quick: of('quick'), talk: of('talk'), screen: of('screen'), timeline: of('timeline') }
  }

  /** Takes these keys in place of those before. What was refused before is tried again. */
  take(wanted: Readonly<Record<GlobalKey, string>>): void {
    const changing = GLOBAL_KEYS.filter((name) => this.#held.get(name) !== wanted[name])
    // While they rest, Electron registers none; who has pressed new ones is done with pressing.
    if (GLOBAL_KEYS.some((name) => this.#wanted[name] !== wanted[name])) this.rest(false)
    // All are let go first, so that two may change places.
    for (const name of changing) this.#letGo(name)
    this.#wanted = { ...wanted }
    for (const name of changing) {
      if (wanted[name] !== '' && this.#register(name, wanted[name])) this.#held.set(name, wanted[name])
    }
  }

  /** They rest while new ones are being pressed. */
  rest(on: boolean): void {
    this.#system.setSuspended(on)
  }

  letGo(): void {
    for (const name of GLOBAL_KEYS) this.#letGo(name)
  }

  #register(name: GlobalKey, keys: string): boolean {
    try {
      return this.#system.register(keys, () => this.#run(name))
    } catch {
      // Electron throws for words that name no key; the learner sees it refused and presses another.
      return false
    }
  }

  #letGo(name: GlobalKey): void {
    const held = this.#held.get(name)
    if (held !== undefined) this.#system.unregister(held)
    this.#held.delete(name)
  }
}
