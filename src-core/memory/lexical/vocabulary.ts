import type { Database, Queries } from '../../store/index.ts'
import { usualForm } from '../language/terms.ts'
import { wordsOf } from '../language/words.ts'
import { TIME_WORDS } from '../time/time-words.ts'

/**
 * Words as they are written, with their trigrams: what a word that was typed wrong may have been meant for. A word stays when its last text
 * goes, and then leads to nothing, until `prune`. A rebuild begins it anew.
 */
const CREATE_TABLE = `
  create table if not exists chunk_vocabulary (
    vault_id text not null,
    word text not null,
    trigrams text[] not null,
    primary key (vault_id, word)
  );
  create index if not exists chunk_vocabulary_trigrams on chunk_vocabulary using gin (trigrams) with (fastupdate = off)`

/** Letters only, in writing that has letters; shorter words are too near to everything, longer ones are data. */
const SPELLED = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}]{4,32}$/u
/** Words known to be in the table, so that most texts cost no question. */
const REMEMBERED = 50_000
/** Words that share most trigrams, of which the near ones are kept. */
const NEAREST = 30
const MOST_READINGS = 3
const CHUNKS_AT_ONCE = 500
/** Words from this length on may have two slips. */
const LONG_WORD = 8
/** A query with more words was not typed into a search box. */
const LONGEST_TYPED = 8

export interface Correction {
  typed: string
  /** Words of the memory that are near to it. */
  read: string[]
}

/** Reads words that the memory does not have as those that it has. */
export class Vocabulary {
  readonly #db: Database
  readonly #vaultId: string
  readonly #remembered = new Set<string>()

  constructor(db: Database, vaultId: string) {
    this.#db = db
    this.#vaultId = vaultId
  }

  async prepare(): Promise<void> {
    await this.#db.exec(CREATE_TABLE)
  }

  /**
   * Takes in the words of some texts, in the transaction that writes these.
   * @returns the new ones, to be remembered once that is committed
   */
  async learn(tx: Queries, texts: readonly string[]): Promise<ReadonlySet<string>> {
    const fresh = new Set<string>()
    for (const text of texts) {
      for (const { text: word } of wordsOf(text)) {
        const written = word.toLowerCase()
        if (!this.#remembered.has(written) && SPELLED.test(written)) fresh.add(written)
      }
    }
    if (fresh.size === 0) return fresh
    await tx.query(
      `insert into chunk_vocabulary (vault_id, word, trigrams)
       select $1, word, string_to_array(trigrams, ' ') from json_to_recordset($2::json) as given (word text, trigrams text)
       on conflict do nothing`,
      [this.#vaultId, JSON.stringify(Array.from(fresh, (word) => ({ word, trigrams: trigramsOf(word).join(' ') })))],
    )
    return fresh
  }

  remember(fresh: ReadonlySet<string>): void {
    if (this.#remembered.size + fresh.size > REMEMBERED) this.#remembered.clear()
    for (const word of fresh) this.#remembered.add(word)
  }

  /** The words of a query that no text has, each with the words that it may have been meant for. */
  async corrections(query: string, signal?: AbortSignal): Promise<Correction[]> {
    const typed = [...new Set(Array.from(wordsOf(query), (word) => word.text.toLowerCase()))]
    const spelled = typed.filter((word) => SPELLED.test(word) && !TIME_WORDS.has(word) && usualForm(word) !== undefined)
    if (spelled.length === 0 || typed.length > LONGEST_TYPED) return []
    const options = signal ? { signal } : {}
    const corrections: Correction[] = []
    for (const word of await this.#unknown(spelled, options)) {
      const near = await this.#near(word, options)
      // Another form of a word that the memory has, or the beginning of one, is no slip.
      if (near.some((other) => usualForm(other) === usualForm(word) || other.startsWith(word))) continue
      const most = word.length >= LONG_WORD ? 2 : 1
      const read = near
        .map((other) => ({ other, slips: slipsBetween(word, other, most) }))
        .filter(({ slips }) => slips <= most)
        .sort((a, b) => a.slips - b.slips)
      const [best] = read
      if (best) {
        corrections.push({
          typed: word,
          read: read
            .filter(({ slips }) => slips === best.slips)
            .slice(0, MOST_READINGS)
            .map(({ other }) => other),
        })
      }
    }
    return corrections
  }

  /** Takes words away that stand in no chunk any more. Only while no texts are taken in. @returns how many */
  async prune(): Promise<number> {
    const standing = new Set<string>()
    for (let last = ''; ; ) {
      const rows = await this.#db.query<{ id: string; text: string }>(
        'select id, text from chunks where vault_id = $1 and id > $2 order by id limit $3',
        [this.#vaultId, last, CHUNKS_AT_ONCE],
      )
      for (const { text } of rows) for (const word of wordsOf(text)) standing.add(word.text.toLowerCase())
      if (rows.length < CHUNKS_AT_ONCE) break
      last = rows.at(-1)?.id ?? ''
    }
    const known = await this.#db.query<{ word: string }>('select word from chunk_vocabulary where vault_id = $1', [
      this.#vaultId,
    ])
    const gone = known.map(({ word }) => word).filter((word) => !standing.has(word))
    this.#remembered.clear()
    await this.#db.query('delete from chunk_vocabulary where vault_id = $1 and word = any($2::text[])', [
      this.#vaultId,
      gone,
    ])
    return gone.length
  }

  async clear(): Promise<void> {
    this.#remembered.clear()
    await this.#db.query('delete from chunk_vocabulary where vault_id = $1', [this.#vaultId])
  }

  async #unknown(words: readonly string[], options: { signal?: AbortSignal }): Promise<string[]> {
    const unsure = words.filter((word) => !this.#remembered.has(word))
    if (unsure.length === 0) return []
    const rows = await this.#db.query<{ word: string }>(
      'select word from chunk_vocabulary where vault_id = $1 and word = any($2::text[])',
      [this.#vaultId, unsure],
      options,
    )
    const known = new Set(rows.map(({ word }) => word))
    this.remember(known)
    return unsure.filter((word) => !known.has(word))
  }

  async #near(word: string, options: { signal?: AbortSignal }): Promise<string[]> {
    const rows = await this.#db.query<{ word: string }>(
      `select word from chunk_vocabulary
       where vault_id = $1 and trigrams && $2::text[] and length(word) between $3 and $4
       order by cardinality(array(select unnest(trigrams) intersect select unnest($2::text[]))) desc, length(word), word limit $5`,
      [this.#vaultId, trigramsOf(word), word.length - 2, word.length + 3, NEAREST],
      options,
    )
    return rows.map((row) => row.word)
  }
}

/** Every three neighbouring signs of a word, with its beginning and its end marked. */
function trigramsOf(word: string): string[] {
  const signs = [...`^${word}$`]
  return [...new Set(signs.slice(2).map((_, place) => signs.slice(place, place + 3).join('')))]
}

/**
 * Letters left out, put in, changed, or changed places with the next between two words (optimal string alignment distance).
 * @returns more than `most` where it is more than that
 */
export function slipsBetween(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, place) => place)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1]
      let slips = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      )
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        slips = Math.min(slips, (beforeLast[column - 2] ?? 0) + 1)
      }
      current.push(slips)
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}
