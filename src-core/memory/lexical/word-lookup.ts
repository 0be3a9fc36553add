import type { Database } from '../../store/index.ts'
import { chunkCondition, Parameters } from '../filters.ts'
import { indexedText } from './indexed-text.ts'
import type { LexicalMatch, LexicalSearch } from './types.ts'

const INDEX = 'chunks_words'
const WORDS = `to_tsvector('simple', ${indexedText('text')})`

/**
 * An index of the words as they are written, for what stems cannot answer: words that begin so, and text that stands so. Not kept in
 * Postgres' pending list (`fastupdate`), which every look-up would have to walk.
 */
const CREATE_INDEX = `create index if not exists ${INDEX} on chunks using gin (${WORDS}) with (fastupdate = off)`

export class WordLookup {
  readonly #db: Database
  readonly #vaultId: string

  constructor(db: Database, vaultId: string) {
    this.#db = db
    this.#vaultId = vaultId
  }

  async prepare(): Promise<void> {
    await this.#db.exec(CREATE_INDEX)
  }

  /** Texts of some chunks that have a word which begins so. @param prefix letters and digits only, in lower case */
  async textsWithPrefix(prefix: string, { filters, limit, signal }: LexicalSearch): Promise<string[]> {
    const parameters = new Parameters()
    const where = chunkCondition(this.#vaultId, filters, parameters)
    const rows = await this.#db.transaction(async (tx) => {
      await tx.exec('set local enable_seqscan = off')
      return tx.query<{ text: string }>(
        `select text from chunks
         where ${where} and ${WORDS} @@ to_tsquery('simple', ${parameters.bind(`'${prefix}':*`)})
         limit ${parameters.bind(limit)}`,
        parameters.values,
        signal ? { signal } : {},
      )
    })
    return rows.map((row) => row.text)
  }

  /** Chunks in which the text stands literally, whatever its characters and their case; newest first. Reads every chunk. */
  async containing(text: string, { filters, limit, signal }: LexicalSearch): Promise<LexicalMatch[]> {
    const parameters = new Parameters()
    const where = chunkCondition(this.#vaultId, filters, parameters)
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
    const rows = await this.#db.query<{ id: string; capture_id: string }>(
      `select id, capture_id from chunks where ${where} and text ilike ${parameters.bind(pattern)}
       order by created_at desc, id limit ${parameters.bind(limit)}`,
      parameters.values,
      signal ? { signal } : {},
    )
    return rows.map((row) => ({ chunkId: row.id, captureId: row.capture_id, score: 1 }))
  }
}
