import { LvaError } from '../../kernel/index.ts'
import { Listening } from './listening.ts'
import type { HandsFreeEvent, HandsFreeServices } from './types.ts'

/** A conversation into which no sound has come for so long has lost its microphone, in milliseconds. */
const ABANDONED_AFTER = 10_000
/** Windows that may listen at once. */
const MOST_OPEN = 4

/** The hands-free conversations that are under way. */
export class HandsFree {
  readonly #services: HandsFreeServices
  readonly #open = new Map<string, { listening: Listening; lastTouched: number }>()

  constructor(services: HandsFreeServices) {
    this.#services = services
  }

  /** @param sampleRate samples a second of what `push` brings */
  async open(sampleRate: number): Promise<string> {
    const { clock, newId, pause } = this.#services
    const seconds = await pause()
    const now = clock.monotonic()
    for (const [id, { lastTouched }] of this.#open) if (now - lastTouched >= ABANDONED_AFTER) this.close(id)
    if (this.#open.size >= MOST_OPEN) {
      throw new LvaError('bad-input', 'Too many conversations are listening at once.', {
        advice: 'End one of them first.',
      })
    }
    const id = newId()
    this.#open.set(id, { listening: new Listening(sampleRate, seconds, this.#services), lastTouched: now })
    return id
  }

  /** @param pcm 16-bit little-endian samples, mono @throws LvaError not-found */
  push(id: string, pcm: Uint8Array): void {
    const open = this.#get(id)
    open.lastTouched = this.#services.clock.monotonic()
    open.listening.push(pcm)
  }

  /** What goes on, until the conversation is closed. It is closed when nobody reads this any more. */
  async *events(id: string, signal?: AbortSignal): AsyncGenerator<HandsFreeEvent> {
    const { listening } = this.#get(id)
    const close = () => this.close(id)
    signal?.addEventListener('abort', close, { once: true })
    try {
      yield* listening.events
    } finally {
      signal?.removeEventListener('abort', close)
      close()
    }
  }

  speak(id: string, sentence: string | null): void {
    this.#get(id).listening.speak(sentence)
  }

  again(id: string): void {
    this.#get(id).listening.again()
  }

  /** Ends it; what was being said is forgotten. Closing again does nothing more. */
  close(id: string): void {
    const open = this.#open.get(id)
    this.#open.delete(id)
    open?.listening.close()
  }

  /** Ends all. */
  closeAll(): void {
    for (const id of [...this.#open.keys()]) this.close(id)
  }

  #get(id: string) {
    const open = this.#open.get(id)
    if (!open) {
      throw new LvaError('not-found', 'This conversation is not listening any more.', { advice: 'Begin it again.' })
    }
    return open
  }
}
