import { setImmediate } from 'node:timers/promises'
import type { Clock, Log } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import type { VaultChange } from '../vault/index.ts'
import { type ChunkRow, type NewChunk, readChunks } from './chunk-rows.ts'
import { analysedText } from './language/analysed-texts.ts'
import { InvertedIndex } from './lexical/inverted-index.ts'
import type { CountedTerms } from './lexical/term-ids.ts'
import type { FilteredPlace } from './place-filter.ts'
import { Residence } from './residence.ts'

/** Chunks beyond which memory is too dear: at some 100 different words each takes about 1 KB. */
const MOST_RESIDENT = 60_000
/** Chunks that are read at once: Postgres answers others between two pages. */
const PAGE = 500

/** Chunks that are kept whole, some 5 MB: all of a small memory, else those that were shown or written last. */
const MOST_WHOLE = 2_000

/** Chunks whose words are found before others may run. */
const ANALYSED_AT_ONCE = 20

/** What is known of a chunk without its text. */
export interface ResidentChunk extends FilteredPlace {
  id: string
  kind: ChunkRow['kind']
  /** Place among the chunks of its field, from 0. */
  ordinal: number
}

/** What one transaction of the indexer has written. */
export interface WrittenChunks {
  /** Of these, all chunks went but the ones that are kept. */
  owners: readonly { kind: ChunkRow['kind']; id: string }[]
  keptIds: readonly string[]
  rows: readonly NewChunk[]
}

export interface ResidentChunksOptions {
  db: Database
  vaultId: string
  clock: Clock
  log: Log
  mostResident?: number
}

interface StoredRow extends Record<string, unknown> {
  id: string
  capture_id: string
  kind: ChunkRow['kind']
  field: ChunkRow['field']
  ordinal: number
  session_id: string | null
  source: ChunkRow['source']
  created_at: Date
  language: string | null
  terms: string | null
}

/**
 * The chunks of a vault in the memory of this process: their words and what filters look at, and the texts of some. Read in the background at
 * the first search; the indexer says what it writes, the vault what it changes. For a database that no other process writes. Nothing here
 * is the only copy of anything.
 */
export class ResidentChunks {
  readonly #options: ResidentChunksOptions
  readonly #residence: Residence
  #index = new InvertedIndex<ResidentChunk>()
  #chunksOf = new Map<string, Set<string>>()
  #turns = new Turns()
  #order = new ChunkOrder()
  /** In the order of their last use, oldest first. */
  readonly #whole = new Map<string, ChunkRow>()
  #settling: Promise<unknown> = Promise.resolve()

  constructor(options: ResidentChunksOptions) {
    this.#options = options
    this.#residence = new Residence({ read: () => this.#read(), forget: () => this.#forget(), ...options })
  }

  get #mostResident(): number {
    return this.#options.mostResident ?? MOST_RESIDENT
  }

  isReady(): boolean {
    return this.#residence.isReady()
  }

  /** Resolves when the chunks have been read, or are found to be too many. */
  whenResident(): Promise<void> {
    return this.#residence.whenOver()
  }

  /** Resolves when what the vault has changed so far is known here. */
  async settled(): Promise<void> {
    await this.#settling
  }

  get index(): Pick<InvertedIndex<ResidentChunk>, 'search' | 'ids' | 'weightsOf' | 'meanLength'> {
    return this.#index
  }

  placeOf(chunkId: string): ResidentChunk | undefined {
    return this.#index.get(chunkId)?.item
  }

  get(chunkId: string): { item: ResidentChunk; counted: CountedTerms } | undefined {
    return this.#index.get(chunkId)
  }

  /** The words of a chunk and of those up to so many places before and after it in the same text. */
  around(chunk: ResidentChunk, reach: number): CountedTerms[] {
    return this.#order.around(chunk, reach).flatMap((id) => this.#index.get(id)?.counted ?? [])
  }

  /** The turns of a conversation before and after each of these, by their time. */
  neighbours(captureIds: readonly string[]): Map<string, (string | undefined)[]> {
    return new Map(captureIds.map((id) => [id, this.#turns.around(id)]))
  }

  /** Whole chunks by their ids, those that are kept whole without a statement; missing ones are left out. */
  async rows(ids: readonly string[], signal?: AbortSignal): Promise<Map<string, ChunkRow>> {
    await this.#settling
    const { db, vaultId } = this.#options
    const found = new Map<string, ChunkRow>()
    for (const id of ids) {
      const row = this.#whole.get(id)
      if (!row) continue
      found.set(id, row)
      this.#whole.delete(id)
      this.#whole.set(id, row)
    }
    const missing = ids.filter((id) => !found.has(id))
    if (missing.length === 0) return found
    const read = await readChunks(db, vaultId, missing, signal)
    for (const [id, row] of read) {
      found.set(id, row)
      // One that is not in memory could change or go without a word.
      if (this.placeOf(id)) this.#whole.set(id, row)
    }
    this.#dropOldest()
    return found
  }

  /** To be called as soon as the transaction is committed. */
  written({ owners, keptIds, rows }: WrittenChunks): void {
    if (!this.#residence.takesMore()) return
    const kept = new Set(keptIds)
    for (const { kind, id } of owners) {
      for (const chunk of this.#chunksOf.get(id) ?? []) {
        if (!kept.has(chunk) && this.placeOf(chunk)?.kind === kind) this.#drop(chunk)
      }
    }
    for (const { terms, ...row } of rows) {
      this.#keep({ ...row, at: row.createdAt.getTime() }, terms)
      this.#whole.set(row.id, row)
    }
    this.#dropOldest()
    this.#checkSize()
  }

  /** The vault deletes chunks whose text has changed or gone in its own transaction. To be called as soon as that is committed. */
  changed({ captures, notes, documents }: Pick<VaultChange, 'captures' | 'notes' | 'documents'>): void {
    const known = [...captures, ...notes, ...documents].filter((id) => this.#chunksOf.has(id))
    if (known.length === 0) return
    const { log } = this.#options
    const before = this.#settling
    this.#settling = Promise.all([before, this.#dropMissing(known)]).catch((error) => {
      log.warn({ error }, 'changed chunks could not be looked up; they are read again')
      this.#residence.restart()
    })
  }

  /** All chunks are gone from Postgres. */
  clear(): void {
    this.#residence.clear()
  }

  async #dropMissing(owners: readonly string[]): Promise<void> {
    const { db, vaultId } = this.#options
    const rows = await db.query<{ id: string }>(
      'select id from chunks where vault_id = $1 and capture_id = any($2::text[])',
      [vaultId, owners],
    )
    const there = new Set(rows.map(({ id }) => id))
    for (const owner of owners) {
      for (const chunk of this.#chunksOf.get(owner) ?? []) if (!there.has(chunk)) this.#drop(chunk)
    }
  }

  /** What is written meanwhile is kept here in the same order as in Postgres, which answers one statement after the other. */
  async #read(): Promise<void> {
    const count = await this.#count()
    if (count > this.#mostResident) return this.#residence.tooMuch()
    const { db, vaultId } = this.#options
    for (let after = ''; this.#residence.takesMore(); ) {
      const page = await db.query<StoredRow>(
        `select id, capture_id, kind, field, ordinal, session_id, source, created_at, language, terms from chunks
         where vault_id = $1 and id > $2 order by id limit $3`,
        [vaultId, after, PAGE],
      )
      for (const row of page) this.#keep(residentChunk(row), row.terms ?? '')
      if (count <= MOST_WHOLE) await this.#readWhole(page.map(({ id }) => id))
      this.#checkSize()
      const last = page.at(-1)
      if (!last) break
      after = last.id
    }
  }

  /** Their words are found now and not in the first searches, in steps of a few milliseconds. */
  async #readWhole(ids: readonly string[]): Promise<void> {
    let read = 0
    for (const { text, language } of (await this.rows(ids)).values()) {
      analysedText(text, language)
      read += 1
      if (read % ANALYSED_AT_ONCE === 0) await setImmediate()
    }
  }

  /** Counted no further than to what is too many. */
  async #count(): Promise<number> {
    const { db, vaultId } = this.#options
    const [row] = await db.query<{ count: number }>(
      'select count(*) as count from (select from chunks where vault_id = $1 limit $2) as counted',
      [vaultId, this.#mostResident + 1],
    )
    return row?.count ?? 0
  }

  #keep(given: ResidentChunk, terms: string): void {
    const { id, captureId, kind, field, ordinal, sessionId, source, at, language } = given
    this.#drop(id)
    const chunk = { id, captureId, kind, field, ordinal, sessionId, source, at, language }
    this.#index.set(chunk, terms)
    this.#order.add(chunk)
    const chunks = this.#chunksOf.get(captureId) ?? new Set()
    this.#chunksOf.set(captureId, chunks.add(id))
    if (kind === 'capture' && sessionId !== null) this.#turns.add(captureId, sessionId, at)
  }

  #drop(chunkId: string): void {
    const place = this.placeOf(chunkId)
    if (!place) return
    this.#whole.delete(chunkId)
    this.#index.delete(chunkId)
    this.#order.delete(place)
    const chunks = this.#chunksOf.get(place.captureId)
    chunks?.delete(chunkId)
    if (chunks?.size !== 0) return
    this.#chunksOf.delete(place.captureId)
    this.#turns.delete(place.captureId)
  }

  #dropOldest(): void {
    for (const [oldest] of this.#whole) {
      if (this.#whole.size <= MOST_WHOLE) break
      this.#whole.delete(oldest)
    }
  }

  #checkSize(): void {
    if (this.#index.size > this.#mostResident) this.#residence.tooMuch()
  }

  #forget(): void {
    this.#index = new InvertedIndex()
    this.#chunksOf = new Map()
    this.#turns = new Turns()
    this.#order = new ChunkOrder()
    this.#whole.clear()
  }
}

type Placed = Pick<ResidentChunk, 'id' | 'captureId' | 'kind' | 'field' | 'ordinal'>

/** The chunks of each text in their order. */
class ChunkOrder {
  /** Ids by their ordinals; missing where a chunk is not there, or not yet. */
  readonly #texts = new Map<string, (string | undefined)[]>()

  add(chunk: Placed): void {
    const text = this.#texts.get(nameOf(chunk)) ?? []
    text[chunk.ordinal] = chunk.id
    this.#texts.set(nameOf(chunk), text)
  }

  delete(chunk: Placed): void {
    const text = this.#texts.get(nameOf(chunk))
    if (!text || text[chunk.ordinal] !== chunk.id) return
    text[chunk.ordinal] = undefined
    while (text.length > 0 && text.at(-1) === undefined) text.pop()
    if (text.length === 0) this.#texts.delete(nameOf(chunk))
  }

  around(chunk: Placed, reach: number): string[] {
    const text = this.#texts.get(nameOf(chunk)) ?? []
    const { ordinal } = chunk
    return text.slice(Math.max(0, ordinal - reach), ordinal + reach + 1).filter((id) => id !== undefined)
  }
}

function nameOf({ kind, captureId, field }: Placed): string {
  return `${kind} ${captureId} ${field}`
}

/** Turns of conversations in the order of their time, those of one instant by their ids. */
class Turns {
  readonly #sessionOf = new Map<string, { session: string; at: number }>()
  readonly #sessions = new Map<string, { ids: string[]; isSorted: boolean }>()

  add(id: string, session: string, at: number): void {
    const known = this.#sessionOf.get(id)
    if (known?.session === session && known.at === at) return
    this.delete(id)
    this.#sessionOf.set(id, { session, at })
    const turns = this.#sessions.get(session) ?? { ids: [], isSorted: true }
    turns.ids.push(id)
    turns.isSorted = false
    this.#sessions.set(session, turns)
  }

  delete(id: string): void {
    const known = this.#sessionOf.get(id)
    const turns = known && this.#sessions.get(known.session)
    if (!known || !turns) return
    this.#sessionOf.delete(id)
    turns.ids.splice(turns.ids.indexOf(id), 1)
    if (turns.ids.length === 0) this.#sessions.delete(known.session)
  }

  around(id: string): (string | undefined)[] {
    const known = this.#sessionOf.get(id)
    const turns = known && this.#sessions.get(known.session)
    if (!turns) return []
    if (!turns.isSorted) {
      const at = (turn: string) => this.#sessionOf.get(turn)?.at ?? 0
      turns.ids.sort((a, b) => at(a) - at(b) || (a < b ? -1 : 1))
      turns.isSorted = true
    }
    const place = turns.ids.indexOf(id)
    return [turns.ids[place - 1], turns.ids[place + 1]]
  }
}

function residentChunk(row: StoredRow): ResidentChunk {
  const { id, capture_id, kind, field, ordinal, session_id, source, created_at, language } = row
  return {
    id,
    captureId: capture_id,
    kind,
    field,
    ordinal,
    sessionId: session_id,
    source,
    at: created_at.getTime(),
    language,
  }
}
