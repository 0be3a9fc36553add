import { execFile } from 'node:child_process'
import { type Clock, type Closable, Mutex } from '../../src-core/kernel/index.ts'

/** What a system says when it is asked whether its network costs; undefined where it does not tell. */
export type AskSystem = () => Promise<boolean | undefined>

export interface NetworkCostParts {
  /** Of this platform; undefined where nobody can be asked. */
  askSystem?: AskSystem | undefined
  clock: Clock
}

/** The system is asked no more often, and so often while somebody cares, milliseconds. */
const ASK_MS = 10_000

/**
 * Whether the network costs by what goes over it. On Linux NetworkManager knows; elsewhere, and without it, what the window's browser says of its
 * connection counts, and where that says nothing it is not known.
 */
export class NetworkCost implements Closable {
  readonly #parts: NetworkCostParts
  readonly #listeners = new Set<() => void>()
  readonly #closing = new AbortController()
  readonly #turns = new Mutex()
  #system: boolean | undefined
  #window: boolean | undefined
  #watching: AbortController | undefined
  #askedAt: number | undefined

  constructor(parts: NetworkCostParts) {
    this.#parts = parts
  }

  /** Null where nobody tells. */
  get isMetered(): boolean | null {
    return this.#system ?? this.#window ?? null
  }

  /** What a window says of its connection; null where its browser does not tell. */
  report(isMetered: boolean | null): void {
    this.#set({ window: isMetered ?? undefined })
  }

  /** Asks the system, unless it was asked a moment ago. */
  look(): Promise<boolean | null> {
    return this.#turns.run(async () => {
      const now = this.#parts.clock.monotonic()
      if (this.#askedAt !== undefined && now - this.#askedAt < ASK_MS) return this.isMetered
      this.#askedAt = now
      const system = await this.#parts.askSystem?.().catch(() => undefined)
      this.#set({ system })
      return this.isMetered
    })
  }

  /** Asks the system again and again, or no more. */
  watch(isWanted: boolean): void {
    if (!isWanted) {
      this.#watching?.abort()
      this.#watching = undefined
      return
    }
    if (this.#watching || !this.#parts.askSystem || this.#closing.signal.aborted) return
    const stop = new AbortController()
    this.#watching = stop
    void this.#watch(AbortSignal.any([stop.signal, this.#closing.signal]))
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#listeners.clear()
    await this.#turns.run(() => undefined)
  }

  async #watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look()
      await this.#parts.clock.sleep(ASK_MS, signal).catch(() => undefined)
    }
  }

  #set(said: { system?: boolean | undefined; window?: boolean | undefined }): void {
    const before = this.isMetered
    if ('system' in said) this.#system = said.system
    if ('window' in said) this.#window = said.window
    if (before !== this.isMetered) for (const listener of this.#listeners) listener()
  }
}

const NETWORK_MANAGER = 'org.freedesktop.NetworkManager'
const ANSWER_MS = 3_000

/** What can be asked on this platform. */
export function systemNetwork(platform: NodeJS.Platform): AskSystem | undefined {
  return platform === 'linux' ? askNetworkManager : undefined
}

async function askNetworkManager(): Promise<boolean | undefined> {
  const path = `/${NETWORK_MANAGER.replaceAll('.', '/')}`
  const words = ['--system', 'get-property', NETWORK_MANAGER, path, NETWORK_MANAGER, 'Metered']
  const said = await new Promise<string>((resolve) => {
    execFile('busctl', words, { timeout: ANSWER_MS }, (error, stdout) => resolve(error ? '' : stdout))
  })
  return readMetered(said)
}

/** `NMMetered`: 1 yes, 2 no, 3 yes as far as can be guessed, 4 no as far as can be guessed; 0 unknown. */
export function readMetered(said: string): boolean | undefined {
  const value = /^u (\d)\s*$/.exec(said)?.[1]
  if (value === '1' || value === '3') return true
  if (value === '2' || value === '4') return false
  return undefined
}
