import type { Database } from '../../store/index.ts'
import { chunkCondition, Parameters } from '../filters.ts'
import type { LexicalIndex, LexicalMatch, LexicalSearch } from './types.ts'

const INDEX = 'chunks_terms_full_text'
/** Made by an earlier version, over the text instead of its stems. */
const FORMER_INDEX = 'chunks_full_text'
const WORDS = `to_tsvector('simple', coalesce(terms, ''))`
const CREATE_INDEX = `create index if not exists ${INDEX} on chunks using gin (${WORDS})`

/** Divides the rank by 1 + the logarithm of the chunk's length (Postgres manual, 12.3.3). */
const BY_LENGTH = 1

/** Postgres' own full text search, for servers without pg_textsearch. It weighs words by how often they stand in a chunk, not by how rare they are. */
export class FullTextIndex implements LexicalIndex {
  readonly #db: Database
  readonly #vaultId: string

  constructor(db: Database, vaultId: string) {
    this.#db = db
    this.#vaultId = vaultId
  }

  async prepare(): Promise<void> {
    await this.#db.exec(`drop index if exists ${FORMER_INDEX}; ${CREATE_INDEX}`)
  }

  async search(terms: readonly string[], { filters, limit, signal }: LexicalSearch): Promise<LexicalMatch[]> {
    const parameters = new Parameters()
    const where = chunkCondition(this.#vaultId, filters, parameters)
    // plainto_tsquery takes any string and joins its words by "and"; quotes around each word keep the replacement off the words themselves.
    const query = `replace(plainto_tsquery('simple', ${parameters.bind(terms.join(' '))})::text, ''' & ''', ''' | ''')::tsquery`
    const rows = await this.#db.query<{ id: string; capture_id: string; score: number }>(
      `select id, capture_id, ts_rank(${WORDS}, asked.words, ${BY_LENGTH}) as score
       from chunks, (select ${query} as words) as asked
       where ${where} and ${WORDS} @@ asked.words
       order by score desc, created_at desc, id limit ${parameters.bind(limit)}`,
      parameters.values,
      signal ? { signal } : {},
    )
    return rows.map((row) => ({ chunkId: row.id, captureId: row.capture_id, score: row.score }))
  }

  async repair(): Promise<void> {
    await this.#db.exec(`reindex index ${INDEX}`)
  }
}
