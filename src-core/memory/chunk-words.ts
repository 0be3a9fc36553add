import type { Queries } from '../store/index.ts'
import { type CountedTerms, countTerms, TermIds } from './lexical/term-ids.ts'
import type { ResidentChunks } from './resident-chunks.ts'

/** What a search needs of each candidate. */
export interface ChunkWords {
  item: { language: string | null; sessionId: string | null }
  counted: CountedTerms
}

/** The words of chunks; their numbers mean something only beside each other. */
export interface WordsOfChunks {
  /** By the chunk's id. Chunks that do not exist are missing. */
  words: Map<string, ChunkWords>
  /** The number that a term has in these words; undefined where no chunk has it. */
  numberOf(term: string): number | undefined
  /** Numbers that have been given, from 0. */
  numbers: number
}

/** Chunks whose words are kept; some 5 MB. */
const KEPT = 5_000

/**
 * Terms and languages of chunks: from memory where they are there, else those asked for lately. A chunk's id comes from its text, so that
 * its words are always the same ones; a chunk that is gone may still have some here, and is left out where its row is read.
 */
export class KnownChunkWords {
  readonly #queries: Queries
  readonly #vaultId: string
  readonly #resident: ResidentChunks | undefined
  readonly #ownIds = new TermIds()
  /** In the order of their last use, oldest first. */
  readonly #known = new Map<string, ChunkWords>()

  constructor(queries: Queries, vaultId: string, resident?: ResidentChunks) {
    this.#queries = queries
    this.#vaultId = vaultId
    this.#resident = resident
  }

  /** All from one place, and with its numbers: while they are read from the table, the chunks in memory may become ready. */
  async of(ids: readonly string[], signal?: AbortSignal): Promise<WordsOfChunks> {
    const resident = this.#resident
    const isResident = resident?.isReady() === true
    const words = isResident ? residentWords(resident, ids) : await this.#asked(ids, signal)
    const terms = isResident ? resident.index.ids : this.#ownIds
    return { words, numberOf: (term) => terms.find(term), numbers: terms.size }
  }

  async #asked(ids: readonly string[], signal: AbortSignal | undefined): Promise<Map<string, ChunkWords>> {
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
      { counted: countTerms(terms ?? '', this.#ownIds), item: { language, sessionId: session_id } },
    ])
  }
}

function residentWords(resident: ResidentChunks, ids: readonly string[]): Map<string, ChunkWords> {
  const found = new Map<string, ChunkWords>()
  for (const id of ids) {
    const chunk = resident.get(id)
    if (chunk) found.set(id, chunk)
  }
  return found
}
