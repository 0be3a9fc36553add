import type { Database, Queries } from '../../store/index.ts'
import { chunkCondition, Parameters } from '../filters.ts'
import { B, K1 } from './bm25-formula.ts'
import { isScored, scoresBetween } from './scored-places.ts'
import type { LexicalIndex, LexicalMatch, LexicalSearch } from './types.ts'

const INDEX = 'chunks_terms_bm25'
/** Made by an earlier version, over the text instead of its stems. */
const FORMER_INDEX = 'chunks_bm25'
/** The stems are made before (`language/terms.ts`), so that Postgres takes words as they are. */
const CREATE_INDEX = `create index if not exists ${INDEX} on chunks using bm25 (terms) with (text_config = 'simple', k1 = ${K1}, b = ${B})`

/** BM25 by the extension pg_textsearch over the stems of the chunks. */
export class Bm25Index implements LexicalIndex {
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
    const options = signal ? { signal } : {}
    const text = terms.join(' ')
    return this.#alongIndex(async (tx) => {
      const ranking = new Parameters()
      const where = chunkCondition(this.#vaultId, filters, ranking)
      const rows = await tx.query<{ id: string; capture_id: string }>(
        `select id, capture_id from chunks where ${where} order by ${distanceTo(ranking.bind(text))} limit ${ranking.bind(limit)}`,
        ranking.values,
        options,
      )
      const scored = rows.filter((_, index) => isScored(index, rows.length))
      const known = await tx.query<{ id: string; score: number }>(
        `select id, -(${distanceTo('$3')}) as score from chunks where vault_id = $1 and id = any($2::text[])`,
        [this.#vaultId, scored.map(({ id }) => id), text],
        options,
      )
      const scoreOf = new Map(known.map(({ id, score }) => [id, score]))
      const scores = scoresBetween(rows.map(({ id }) => scoreOf.get(id)))
      return rows.map((row, place) => ({ chunkId: row.id, captureId: row.capture_id, score: scores[place] ?? 0 }))
    })
  }

  async repair(): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await tx.exec(`drop index if exists ${INDEX}`)
      await tx.exec(CREATE_INDEX)
    })
  }

  /**
   * Keeps the planner on the index, which walks the matches in order and stops at the limit, whatever the filters leave. Sorting instead
   * would compute the score of every row that they let through; without statistics, as on a young PGlite, the planner expects that to be
   * a few.
   */
  #alongIndex<T>(task: (tx: Queries) => Promise<T>): Promise<T> {
    return this.#db.transaction(async (tx) => {
      await tx.exec('set local enable_seqscan = off; set local enable_sort = off; set local enable_bitmapscan = off')
      return task(tx)
    })
  }
}

/** The negated score of a chunk. @param terms an SQL expression */
function distanceTo(terms: string): string {
  return `terms <@> to_bm25query(${terms}, '${INDEX}')`
}
