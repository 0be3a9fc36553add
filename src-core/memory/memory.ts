import { type Clock, type Closable, Closables, type Config, type Log, LvaError } from '../kernel/index.ts'
import type { Embedder } from '../models/index.ts'
import type { Database } from '../store/index.ts'
import type { Vault } from '../vault/index.ts'
import { auditCaptures, type IndexAudit } from './audit.ts'
import { createIndexer, type Indexer } from './indexer.ts'
import { KnownLanguages } from './language/known-languages.ts'
import { wordsOf } from './language/words.ts'
import { Bm25Index } from './lexical/bm25.ts'
import { FullTextIndex } from './lexical/full-text.ts'
import { ResidentLexicalIndex } from './lexical/resident.ts'
import { SelfRepairingIndex } from './lexical/self-repairing.ts'
import type { LexicalIndex } from './lexical/types.ts'
import { Vocabulary } from './lexical/vocabulary.ts'
import { WordLookup } from './lexical/word-lookup.ts'
import { queryText } from './query-text.ts'
import { QueryVectors } from './query-vectors.ts'
import { ResidentChunks } from './resident-chunks.ts'
import { createSearch } from './search.ts'
import type { SearchRequest, SearchResult } from './types.ts'
import { InMemoryVectorIndex } from './vectors/in-memory.ts'
import { PgvectorIndex } from './vectors/pgvector.ts'
import { ResidentVectors } from './vectors/resident.ts'
import type { VectorIndex } from './vectors/types.ts'

export interface MemoryOptions {
  database: Database
  vault: Pick<Vault, 'id' | 'onChange'>
  /** When the background work hears of changes; left out, at once. */
  background?: Pick<Vault, 'id' | 'onChange'>
  embedder: Embedder
  config: { limits: Pick<Config['limits'], 'queryLength'> }
  clock: Clock
  log: Log
}

/** What the learner said and wrote, made findable. Closing it stops the background work; what was under way goes on at the next start. */
export interface Memory extends Closable {
  /** Searches what is indexed so far. Any string is a query. @throws LvaError cancelled */
  search(request: SearchRequest): Promise<SearchResult>
  /** The embedder as a search asks it: the vectors of the latest queries are kept. @throws LvaError model-process-down when none comes in time */
  readonly queryEmbedder: Embedder
  /** Begins with what takes longest of a search that is about to come, while its caller is still busy. */
  anticipate(query: string): void
  readonly index: Indexer
  /** What the index holds of these captures, against what it must hold. */
  audit(captureIds: readonly string[]): Promise<IndexAudit[]>
}

/** Opens the indexes of a vault, by the best means that its database has, and starts to keep them up to date in the background. */
export async function createMemory(options: MemoryOptions): Promise<Memory> {
  const { database: db, vault, embedder, config, clock, log } = options
  const owned = new Closables()
  const resident = residentChunksOf(options)
  if (resident) owned.defer(vault.onChange((change) => resident.changed(change)))
  const stored = new SelfRepairingIndex(lexicalIndexOf(db, vault.id), log)
  const lexical = resident ? new ResidentLexicalIndex(stored, resident) : stored
  const words = new WordLookup(db, vault.id)
  const vocabulary = new Vocabulary(db, vault.id)
  const languages = new KnownLanguages()
  const vectors = vectorIndexOf(options, resident)
  await Promise.all([
    lexical.prepare(),
    words.prepare(),
    vocabulary.prepare(),
    vectors.prepare(),
    languages.prepare(db, vault.id),
  ])
  const indexed = { embedder, lexical, vocabulary, languages, vectors, resident }
  const index = owned.add(createIndexer({ db, vault: options.background ?? vault, ...indexed, clock, log }))
  const queryVectors = new QueryVectors({ embedder, clock, log })
  const { queryLength } = config.limits
  const indexes = { lexical, words, vocabulary, languages, vectors, queryVectors, resident }
  const learned = embedder.info.languages
  const search = createSearch({ db, vaultId: vault.id, ...indexes, learned, queryLength, clock })
  const anticipate = (query: string) => {
    const text = queryText(query, queryLength).trim()
    if (!wordsOf(text).next().done) void queryVectors.vectorOf(text)
  }
  const queryEmbedder: Embedder = {
    info: embedder.info,
    embed: (texts, { signal } = {}) =>
      Promise.all(
        texts.map(async (text) => {
          const vector = await queryVectors.vectorOf(text.trim(), signal)
          if (!vector) throw new LvaError('model-process-down', 'The text has no vector in time.')
          return vector
        }),
      ),
  }
  const audit = (captureIds: readonly string[]) => auditCaptures({ db, vaultId: vault.id, vectors }, captureIds)
  return { search, queryEmbedder, anticipate, index, audit, close: () => owned.close() }
}

/** BM25 where the database has it, else Postgres' own full text search. */
function lexicalIndexOf(db: Database, vaultId: string): LexicalIndex {
  return db.features.bm25 ? new Bm25Index(db, vaultId) : new FullTextIndex(db, vaultId)
}

/** pgvector where the database has it. Without it vectors live in this process and are made anew after each start. */
function vectorIndexOf(
  { database: db, vault, embedder, clock, log }: MemoryOptions,
  resident: ResidentChunks | undefined,
): VectorIndex {
  if (!db.features.vector) return new InMemoryVectorIndex()
  const stored = new PgvectorIndex(db, vault.id, embedder.info.id)
  return new ResidentVectors(stored, { clock, log, ...(resident && { chunks: resident }) })
}

/** A server may be written by others, of which this process would not hear. */
function residentChunksOf({ database: db, vault, clock, log }: MemoryOptions): ResidentChunks | undefined {
  return db.kind === 'pglite' ? new ResidentChunks({ db, vaultId: vault.id, clock, log }) : undefined
}
