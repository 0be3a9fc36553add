import { type Clock, isLvaError, type Log, OVER } from '../kernel/index.ts'
import type { Embedder } from '../models/index.ts'

export interface QueryVectorsOptions {
  embedder: Embedder
  clock: Clock
  log: Log
  /** Milliseconds that a search waits for a query's vector before it goes on with words alone; loading the model takes one or two seconds. */
  patienceMs?: number
}

/** Queries whose vectors are kept; a search box asks for each beginning of a query, and again when something is deleted from it. */
const KEPT = 256
const PATIENCE_MS = 6_000

/**
 * Turns queries into vectors, the latest ones from memory. A query that takes too long, because the models are starting or busy, goes on
 * in the background and is there when it is asked for again.
 */
export class QueryVectors {
  readonly #options: QueryVectorsOptions
  /** In the order of their last use, oldest first. */
  readonly #vectors = new Map<string, Promise<Float32Array | undefined>>()

  constructor(options: QueryVectorsOptions) {
    this.#options = options
  }

  /** @returns undefined when there is no vector in time */
  async vectorOf(query: string, signal?: AbortSignal): Promise<Float32Array | undefined> {
    const vector = this.#vectors.get(query) ?? this.#embed(query)
    this.#vectors.delete(query)
    this.#vectors.set(query, vector)
    for (const [oldest] of this.#vectors) {
      if (this.#vectors.size <= KEPT) break
      this.#vectors.delete(oldest)
    }
    const over = new AbortController()
    const patience = this.#options.clock.sleep(
      this.#options.patienceMs ?? PATIENCE_MS,
      signal ? AbortSignal.any([signal, over.signal]) : over.signal,
    )
    try {
      return await Promise.race([vector, patience.then(() => undefined)])
    } finally {
      over.abort(OVER)
      patience.catch(() => undefined)
    }
  }

  #embed(query: string): Promise<Float32Array | undefined> {
    const vector = this.#options.embedder.embed([query]).then(
      ([first]) => first,
      (error: unknown) => {
        this.#vectors.delete(query)
        const level = isLvaError(error, 'model-process-down') ? 'debug' : 'warn'
        this.#options.log[level]({ error }, 'searching by words alone: the query has no vector')
        return undefined
      },
    )
    return vector
  }
}
