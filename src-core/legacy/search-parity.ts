import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImportedCapture } from '../vault/index.ts'
import { asNoSpace } from './faults.ts'
import { captureIdOf, type V1Row } from './row.ts'
import type { V1Source } from './source.ts'
import type { DerivedAudit, OnProgress, VerifyReport } from './types.ts'
import type { Comparison } from './verify.ts'

/** Rows whose words are asked for. */
const SAMPLED = 24
/** v1 answers beyond which a query says nothing: our search names its best hundred. */
const MOST_ANSWERS = 20
/** Rows that are indexed anew; above it, a sample of v1's whole would take longer than the comparison. */
const MOST_INDEXED = 500_000

/** Rows spread evenly over the source. */
export class Sample {
  readonly rows: { row: V1Row; capture: ImportedCapture }[] = []
  readonly #every: number
  #seen = 0

  constructor(rows: number) {
    this.#every = Math.max(1, Math.floor(rows / SAMPLED))
  }

  offer(row: V1Row, capture: ImportedCapture): void {
    if (this.#seen % this.#every === 0 && this.rows.length < SAMPLED) this.rows.push({ row, capture })
    this.#seen += 1
  }
}

/** Asks v1's full-text index, made anew, and ours the same: what v1 finds, ours must find. */
export async function compareSearch(
  source: V1Source,
  derived: DerivedAudit,
  sample: Sample,
  comparison: Comparison,
  onProgress: OnProgress,
  signal?: AbortSignal,
): Promise<VerifyReport['search']> {
  const outcome = { queries: 0, found: 0, expected: 0 }
  const { rows: total } = source.info
  if (total > MOST_INDEXED) return outcome
  const scratch = mkdtempSync(join(tmpdir(), 'lva-v1-'))
  try {
    await source.indexWords(
      join(scratch, 'words.db'),
      () => onProgress({ phase: 'searching', done: 0, total: 0 }),
      signal,
    )
    const queries = [...new Set(sample.rows.flatMap(({ row }) => queriesOf(row)))]
    for (const [done, { v1, ours }] of queries.map((words) => JSON.parse(words) as Query).entries()) {
      onProgress({ phase: 'searching', done, total: queries.length })
      const ids = await source.find(v1, MOST_ANSWERS + 1)
      if (ids.length === 0 || ids.length > MOST_ANSWERS) continue
      const expected = await comparison.searchable((await source.rowsById(ids)).map(captureIdOf))
      if (expected.length === 0) continue
      outcome.queries += 1
      outcome.expected += expected.length
      const found = new Set(await derived.search(ours))
      for (const id of expected) {
        if (found.has(id)) outcome.found += 1
        else comparison.differ('not-found-by-search', id, ours)
      }
    }
    return outcome
  } catch (error) {
    throw asNoSpace(error)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
}

/** In v1's query language, and as somebody types it. */
interface Query {
  v1: string
  ours: string
}

/** A word, a pair of words and the beginning of one, of the longer words of what was said. As JSON, to tell doubles. */
function queriesOf({ userText }: V1Row): string[] {
  const words = [...userText.matchAll(/[\p{L}\p{N}]{5,24}/gu)].map(([word]) => word)
  const [first, second] = words.toSorted((a, b) => b.length - a.length)
  if (first === undefined) return []
  const queries: Query[] = [{ v1: `"${first}"`, ours: first }]
  if (second !== undefined && second !== first)
    queries.push({ v1: `"${first}" "${second}"`, ours: `${first} ${second}` })
  if (first.length > 7) queries.push({ v1: `"${first.slice(0, -2)}"*`, ours: first.slice(0, -2) })
  return queries.map((query) => JSON.stringify(query))
}
