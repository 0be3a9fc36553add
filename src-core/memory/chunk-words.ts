import type { Queries } from '../store/index.ts'

/** What a search needs of each candidate. */
export interface ChunkWords {
  /** The terms of its text, with blanks between. */
  terms: string
  counts: ReadonlyMap<string, number>
  /** Terms in all. */
  length: number
  language: string | null
  sessionId: string | null
}

/** Chunks whose words are kept; some 25 MB. */
const KEPT = 5_000

/**
 * Terms and languages of chunks, those asked for lately from memory. A chunk's id comes from its text, so that its words are always the
 * same ones; a chunk that is gone may still have some here, and is left out where its row is read.
 */
export class KnownChunkWords {
  readonly #queries: Queries
  readonly #vaultId: string
  /** In the order of their last use, oldest first. */
  readonly #known = new Map<string, ChunkWords>()

  constructor(queries: Queries, vaultId: string) {
    this.#queries = queries
    this.#vaultId = vaultId
  }

  /** Chunks that do not exist are missing. */
  async of(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, ChunkWords>> {
    const missing = ids.filter((id) => !this.#known.has(id))
    const read = missing.length === 0 ? [] : await this.#read(missing, signal)
    const found = new Map(read)
    for (const id of ids) {
      const words = found.get(id) ?? this.#known.get(id)
      if (!words) continue
      found.set(id, words)
      this.#known.delete(id)
      this.#known.set(id, words)
    }
    for (const [oldest] of this.#known) {
      if (this.#known.size <= KEPT) break
      this.#known.delete(oldest)
    }
    return found
  }

  async #read(ids: readonly string[], signal: AbortSignal | undefined): Promise<[string, ChunkWords][]> {
    const rows = await this.#queries.query<{
      id: string
      terms: string | null
      language: string | null
      session_id: string | null
    }>(
      'select id, terms, language, session_id from chunks where vault_id = $1 and id = any($2::text[])',
      [this.#vaultId, ids],
      signal ? { signal } : {},
    )
    return rows.map(({ id, terms, language, session_id }) => [
      id,
      { ...countTerms(terms ?? ''), language, sessionId: session_id },
    ])
  }
}

/** @param terms with blanks between */
export function countTerms(terms: string): Pick<ChunkWords, 'terms' | 'counts' | 'length'> {
  const counts = new Map<string, number>()
  const words = terms.split(' ')
  for (const word of words) if (word !== '') counts.set(word, (counts.get(word) ?? 0) + 1)
  return { terms, counts, length: words.length }
}
