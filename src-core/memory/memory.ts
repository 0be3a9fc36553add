import { type Clock, type Closable, Closables, type Config, type Log } from '../kernel/index.ts'
import type { Embedder } from '../models/index.ts'
import type { Database } from '../store/index.ts'
import type { Vault } from '../vault/index.ts'
import { auditCaptures, type IndexAudit } from './audit.ts'
import { createIndexer, type Indexer } from './indexer.ts'
import { KnownLanguages } from './language/known-languages.ts'
import { wordsOf } from './language/words.ts'
import { Bm25Index } from './lexical/bm25.ts'
import { FullTextIndex } from './lexical/full-text.ts'
import { SelfRepairingIndex } from './lexical/self-repairing.ts'
import type { LexicalIndex } from './lexical/types.ts'
import { Vocabulary } from './lexical/vocabulary.ts'
import { WordLookup } from './lexical/word-lookup.ts'
import { queryText } from './query-text.ts'
import { QueryVectors } from './query-vectors.ts'
import { createSearch } from './search.ts'
import type { SearchRequest, SearchResult } from './types.ts'
import { InMemoryVectorIndex } from './vectors/in-memory.ts'
import { PgvectorIndex } from './vectors/pgvector.ts'
import { ResidentVectors } from './vectors/resident.ts'
import type { VectorIndex } from './vectors/types.ts'

export interface MemoryOptions {
  database: Database
  vault: Pick<Vault, 'id' | 'onChange'>
  embedder: Embedder
  config: { limits: Pick<Config['limits'], 'queryLength'> }
  clock: Clock
  log: Log
}

/** What the learner said and wrote, made findable. Closing it stops the background work; what was under way goes on at the next start. */
export interface Memory extends Closable {
  /** Searches what is indexed so far. Any string is a query. @throws LvaError cancelled */
  search(request: SearchRequest): Promise<SearchResult>
  /** Begins with what takes longest of a search that is about to come, while its caller is still busy. */
  anticipate(query: string): void
  readonly index: Indexer
  /** What the index holds of these captures, against what it must hold. */
  audit(captureIds: readonly string[]): Promise<IndexAudit[]>
}

/** Opens the indexes of a vault, by the best means that its database has, and starts to keep them up to date in the background. */
export async function createMemory(options: MemoryOptions): Promise<Memory> {
  const { database: db, vault, embedder, config, clock, log } = options
  const lexical = new SelfRepairingIndex(lexicalIndexOf(db, vault.id), log)
  const words = new WordLookup(db, vault.id)
  const vocabulary = new Vocabulary(db, vault.id)
  const languages = new KnownLanguages()
  const vectors = vectorIndexOf(db, vault.id, embedder, log)
  await Promise.all([
    lexical.prepare(),
    words.prepare(),
    vocabulary.prepare(),
    vectors.prepare(),
    languages.prepare(db, vault.id),
  ])
  const owned = new Closables()
  const index = owned.add(createIndexer({ db, vault, embedder, lexical, vocabulary, languages, vectors, clock, log }))
  const queryVectors = new QueryVectors({ embedder, clock, log })
  const { queryLength } = config.limits
  const indexes = { lexical, words, vocabulary, languages, vectors, queryVectors }
  const learned = embedder.info.languages
  const search = createSearch({ db, vaultId: vault.id, ...indexes, learned, queryLength, clock })
  const anticipate = (query: string) => {
    const text = queryText(query, queryLength).trim()
    if (!wordsOf(text).next().done) void queryVectors.vectorOf(text)
  }
  const audit = (captureIds: readonly string[]) => auditCaptures({ db, vaultId: vault.id, vectors }, captureIds)
  return { search, anticipate, index, audit, close: () => owned.close() }
}

/** BM25 where the database has it, else Postgres' own full text search. */
function lexicalIndexOf(db: Database, vaultId: string): LexicalIndex {
  return db.features.bm25 ? new Bm25Index(db, vaultId) : new FullTextIndex(db, vaultId)
}

/** pgvector where the database has it. Without it vectors live in this process and are made anew after each start. */
function vectorIndexOf(db: Database, vaultId: string, embedder: Embedder, log: Log): VectorIndex {
  if (!db.features.vector) return new InMemoryVectorIndex()
  return new ResidentVectors(new PgvectorIndex(db, vaultId, embedder.info.id), log)
}
