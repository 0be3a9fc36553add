import type { Database, Queries } from '../../store/index.ts'
import { chunkCondition, Parameters } from '../filters.ts'
import { B, K1, saidBy } from './bm25-formula.ts'
import { isScored, rankedByScore, scoresBetween } from './scored-places.ts'
import { isAround, REACH, type Surrounded, scoresAmongSurroundings } from './surroundings.ts'
import { countTerms, TermIds } from './term-ids.ts'
import type { LexicalIndex, LexicalMatch, LexicalSearch } from './types.ts'

const INDEX = 'chunks_terms_bm25'
/** Made by an earlier version, over the text instead of its stems. */
const FORMER_INDEX = 'chunks_bm25'
/** The stems are made before (`language/terms.ts`), so that Postgres takes words as they are. */
const CREATE_INDEX = `create index if not exists ${INDEX} on chunks using bm25 (terms) with (text_config = 'simple', k1 = ${K1}, b = ${B})`

interface FoundChunk extends Record<string, unknown> {
  id: string
  capture_id: string
  kind: string
  field: string
  /** Place among the chunks of its field. */
  ordinal: number
}

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
      const rows = await tx.query<FoundChunk>(
        `select id, capture_id, kind, field, ordinal from chunks where ${where} order by ${distanceTo(ranking.bind(text))} limit ${ranking.bind(limit)}`,
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
      const found = rows.map((row, place) => ({ ...row, score: scores[place] ?? 0 }))
      const said = await this.#amongSurroundings(tx, terms, found, options)
      return rankedByScore(
        found.map(({ id, capture_id }, place) => ({ chunkId: id, captureId: capture_id, score: said[place] ?? 0 })),
      )
    })
  }

  /** Scores that also look at what stands around each chunk, as the index in memory gives them. */
  async #amongSurroundings(
    tx: Queries,
    terms: readonly string[],
    found: readonly (FoundChunk & { score: number })[],
    options: { signal?: AbortSignal },
  ): Promise<number[]> {
    const ids = new TermIds()
    const near = (await this.#around(tx, found, options)).map(({ terms: own, ...chunk }) => ({
      ...chunk,
      counted: countTerms(own ?? '', ids),
    }))
    const texts = Map.groupBy(near, textOf)
    const surrounded = found.map((chunk) => {
      const beside = (texts.get(textOf(chunk)) ?? []).filter(({ ordinal }) => isAround(ordinal, chunk.ordinal))
      const own = beside.find(({ id }) => id === chunk.id)?.counted ?? countTerms('', ids)
      return { ...chunk, own, around: beside.map(({ counted }) => counted) }
    })
    if (surrounded.every(({ around }) => around.length < 2)) return found.map(({ score }) => score)
    // Of the found, not of all: the index does not tell, and it changes all weights nearly alike.
    const meanLength = surrounded.reduce((sum, { own }) => sum + own.length, 0) / surrounded.length
    const weights = await this.#weightsOf(tx, terms, { ids, surrounded, meanLength }, options)
    return scoresAmongSurroundings(surrounded, weights, meanLength)
  }

  /** The found chunks with those around them. */
  #around(tx: Queries, found: readonly FoundChunk[], options: { signal?: AbortSignal }) {
    return tx.query<FoundChunk & { terms: string | null }>(
      `select id, capture_id, kind, field, ordinal, terms from chunks k
       where vault_id = $1 and capture_id = any($2::text[]) and exists (
         select from unnest($2::text[], $3::text[], $4::text[], $5::integer[]) as found (capture_id, kind, field, ordinal)
         where found.capture_id = k.capture_id and found.kind = k.kind and found.field = k.field
           and k.ordinal between found.ordinal - ${REACH} and found.ordinal + ${REACH})`,
      [
        this.#vaultId,
        found.map(({ capture_id }) => capture_id),
        found.map(({ kind }) => kind),
        found.map(({ field }) => field),
        found.map(({ ordinal }) => String(ordinal)),
      ],
      options,
    )
  }

  /** How rare each term is does the index not tell either; it is read from the term's score in one chunk that has it. */
  async #weightsOf(
    tx: Queries,
    terms: readonly string[],
    {
      ids,
      surrounded,
      meanLength,
    }: { ids: TermIds; surrounded: readonly (FoundChunk & Surrounded)[]; meanLength: number },
    options: { signal?: AbortSignal },
  ): Promise<Map<number, number>> {
    const examples = [...new Set(terms)].flatMap((term) => {
      const number = ids.find(term)
      const chunk = number === undefined ? undefined : surrounded.find(({ own }) => own.terms.includes(number))
      return number === undefined || !chunk ? [] : [{ term, number, chunk }]
    })
    const scores = await tx.query<{ term: string; score: number }>(
      `select asked.term, -(${distanceTo('asked.term', 'k.terms')}) as score
       from unnest($2::text[], $3::text[]) as asked (id, term) join chunks k on k.vault_id = $1 and k.id = asked.id`,
      [this.#vaultId, examples.map(({ chunk }) => chunk.id), examples.map(({ term }) => term)],
      options,
    )
    const scoreOf = new Map(scores.map(({ term, score }) => [term, score]))
    return new Map(
      examples.map(({ term, number, chunk: { own } }) => {
        const said = saidBy(own.counts[own.terms.indexOf(number)] as number, own.length / meanLength)
        const times = terms.filter((other) => other === term).length
        return [number, (times * (scoreOf.get(term) ?? 0)) / said]
      }),
    )
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

/** The negated score of a chunk. Both are SQL expressions. */
function distanceTo(asked: string, terms = 'terms'): string {
  return `${terms} <@> to_bm25query(${asked}, '${INDEX}')`
}

function textOf({ capture_id, kind, field }: FoundChunk): string {
  return `${kind} ${capture_id} ${field}`
}
