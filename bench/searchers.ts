import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { configSchema, idMaker, silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'
import { createMemory } from '../src-core/memory/index.ts'
import { type Embedder, MINILM_INFO } from '../src-core/models/index.ts'
import { openStore } from '../src-core/store/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { TEMPLATE_CACHE } from '../test/vault-world.ts'
import { installedPeer } from './installed-peer.ts'
import type { SearchItem, SearchQuery } from './search-set.ts'

/** Something that finds chunks by words and by meaning. */
export interface Searcher {
  /** @returns ids of items, best first */
  search(query: SearchQuery, limit: number): Promise<string[]>
  close(): Promise<void>
}

const PEERS = join(import.meta.dirname, 'peers')
const BATCH = 500

/** Ours, as the app composes it, but that the vectors are there already. */
export async function openOurs(items: readonly SearchItem[], queries: readonly SearchQuery[]): Promise<Searcher> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lva-bench-search-'))
  const parts = { clock: systemClock, log: silentLog }
  const settings = configSchema.parse({})
  const store = await openStore({
    ...parts,
    dataDir,
    cacheDir: TEMPLATE_CACHE,
    host: 'cli',
    statementTimeoutMs: 600_000,
  })
  const newId = idMaker(systemClock, systemRandom)
  const vault = await openVault({ ...parts, db: store.database, newId, limits: settings.limits })
  const known = new Map([...items, ...queries].map(({ text, vector }) => [text, vector]))
  const embedder: Embedder = {
    info: MINILM_INFO,
    embed: async (texts) =>
      texts.map((text) => {
        const vector = known.get(text.trim())
        if (!vector) throw new Error(`no vector for ${JSON.stringify(text.slice(0, 80))}`)
        return vector
      }),
  }
  const delivery = await vault.deliveries.begin({ kind: 'bench', name: 'search', bytes: 0 })
  const begun = Date.UTC(2026, 0, 1)
  for (let from = 0; from < items.length; from += BATCH) {
    await vault.deliveries.add(delivery, {
      sessions: [],
      notes: [],
      documents: [],
      captures: items.slice(from, from + BATCH).map(({ id, document, text }, index) => ({
        id,
        sessionId: document,
        createdAt: new Date(begun + (from + index) * 60_000).toISOString(),
        editedAt: null,
        source: 'import',
        userText: text,
        audioSha256: null,
        metadata: {},
        answer: null,
      })),
    })
  }
  const memory = await createMemory({ ...parts, database: store.database, vault, embedder, config: settings })
  await memory.index.idle()
  const { indexed, failed } = await memory.index.progress()
  if (failed > 0 || indexed !== items.length) throw new Error(`${indexed} of ${items.length} chunks are indexed`)
  return {
    search: async ({ text }, limit) => {
      const { hits, semantic } = await memory.search({ query: text, limit, ignorePeriod: true })
      if (!semantic) throw new Error('meaning did not answer')
      return hits.map(({ captureId }) => captureId)
    },
    close: async () => {
      await memory.close()
      await vault.close()
      await store.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Hybrid search of LanceDB: its full text index and exact vectors, joined by its own reciprocal rank fusion. */
export async function openLance(items: readonly SearchItem[]): Promise<Searcher> {
  const lance = await peer('@lancedb/lancedb')
  const folder = mkdtempSync(join(tmpdir(), 'lva-bench-lance-'))
  const connection = await lance.connect(folder)
  const rows = items.map(({ id, text, vector }) => ({ id, text, vector: Array.from(vector) }))
  const table = await connection.createTable('chunks', rows.slice(0, BATCH))
  for (let from = BATCH; from < rows.length; from += 10 * BATCH) await table.add(rows.slice(from, from + 10 * BATCH))
  await table.createIndex('text', { config: lance.Index.fts() })
  await table.optimize()
  const fusion = await lance.rerankers.RRFReranker.create()
  return {
    search: async ({ text, vector }, limit) => {
      const found = await table
        .query()
        .nearestTo(Array.from(vector))
        .distanceType('dot')
        .fullTextSearch(wordsOnly(text), { columns: ['text'] })
        .rerank(fusion)
        .select(['id'])
        .limit(limit)
        .toArray()
      return found.map((row: { id: string }) => row.id)
    },
    close: async () => {
      connection.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Orama's hybrid mode. */
export async function openOrama(items: readonly SearchItem[]): Promise<Searcher> {
  const orama = await peer('@orama/orama')
  const database = orama.create({
    schema: { text: 'string', vector: `vector[${MINILM_INFO.dimensions}]` },
    components: { tokenizer: { language: 'english', stemming: false } },
  })
  const documents = items.map(({ id, text, vector }) => ({ id, text, vector: Array.from(vector) }))
  await orama.insertMultiple(database, documents, BATCH)
  return {
    search: async ({ text, vector }, limit) => {
      const { hits } = await orama.search(database, {
        mode: 'hybrid',
        term: text,
        vector: { value: Array.from(vector), property: 'vector' },
        similarity: 0,
        limit,
        properties: ['text'],
      })
      return hits.map(({ id }: { id: string }) => id)
    },
    close: async () => undefined,
  }
}

/** Of a query, so many words go to Chroma as a condition, the longest first: each of them is looked for in all documents. */
const CONDITION_WORDS = 8
const SHORTEST_WORD = 3
/** Of reciprocal rank fusion, as LanceDB and Orama have it. */
const FUSION_K = 60

/** Chroma's server from its npm package, asked by meaning alone. */
export const openChroma = (items: readonly SearchItem[]) =>
  openChromaServer(items, async (collection, { vector }, limit) => {
    const found = await collection.query({ queryEmbeddings: [Array.from(vector)], nResults: limit, include: [] })
    return found.ids[0] ?? []
  })

/**
 * The hybrid that Chroma's server has on one machine, where it knows neither sparse vectors nor a fusion: by meaning among all documents and
 * among those that hold a word of the query (`where_document`), asked at once and joined by reciprocal rank fusion.
 */
export const openChromaHybrid = (items: readonly SearchItem[]) =>
  openChromaServer(items, async (collection, { text, vector }, limit) => {
    const asked = { queryEmbeddings: [Array.from(vector)], nResults: 2 * limit, include: [] }
    const words = [...new Set(wordsOnly(text).toLowerCase().split(/\s+/))]
      .filter((word) => word.length >= SHORTEST_WORD)
      .sort((a, b) => b.length - a.length)
      .slice(0, CONDITION_WORDS)
      .map((word) => ({ $contains: word }))
    const condition = words.length > 1 ? { $or: words } : words[0]
    const rankings = await Promise.all([
      collection.query(asked),
      ...(condition ? [collection.query({ ...asked, whereDocument: condition })] : []),
    ])
    const scores = new Map<string, number>()
    for (const { ids } of rankings)
      for (const [rank, id] of (ids[0] ?? []).entries()) scores.set(id, (scores.get(id) ?? 0) + 1 / (FUSION_K + rank))
    return [...scores]
      .sort(([, a], [, b]) => b - a)
      .slice(0, limit)
      .map(([id]) => id)
  })

interface ChromaCollection {
  query(question: object): Promise<{ ids: string[][] }>
}

async function openChromaServer(
  items: readonly SearchItem[],
  ask: (collection: ChromaCollection, query: SearchQuery, limit: number) => Promise<string[]>,
): Promise<Searcher> {
  const { ChromaClient } = await peer('chromadb')
  const folder = mkdtempSync(join(tmpdir(), 'lva-bench-chroma-'))
  const port = await freePort()
  const command = join(PEERS, 'node_modules/chromadb/dist/cli.mjs')
  const server = spawn(process.execPath, [command, 'run', '--path', folder, '--port', String(port)], {
    stdio: 'ignore',
    env: { ...process.env, CHROMA_TELEMETRY: 'False', ANONYMIZED_TELEMETRY: 'False' },
  })
  const client = new ChromaClient({ host: '127.0.0.1', port })
  for (let attempt = 0; ; attempt += 1) {
    try {
      await client.heartbeat()
      break
    } catch (error) {
      if (attempt > 100) throw error
      await systemClock.sleep(100)
    }
  }
  const collection = await client.createCollection({
    name: 'chunks',
    embeddingFunction: null,
    configuration: { hnsw: { space: 'cosine' } },
  })
  for (let from = 0; from < items.length; from += BATCH) {
    const batch = items.slice(from, from + BATCH)
    await collection.add({
      ids: batch.map(({ id }) => id),
      documents: batch.map(({ text }) => text),
      embeddings: batch.map(({ vector }) => Array.from(vector)),
    })
  }
  return {
    search: (query, limit) => ask(collection, query, limit),
    close: async () => {
      server.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Loads a package of `bench/peers`, which is installed when it is asked for the first time. */
async function peer(name: string) {
  const folder = installedPeer(PEERS, name)
  const { exports, main, module } = (await import(pathToFileURL(join(folder, 'package.json')).href, {
    with: { type: 'json' },
  }).then((file) => file.default)) as { exports?: Record<string, unknown>; main?: string; module?: string }
  const entry = entryOf(exports?.['.']) ?? module ?? main ?? 'index.js'
  return import(pathToFileURL(join(folder, entry)).href)
}

function entryOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given
  if (typeof given !== 'object' || given === null) return undefined
  const ways = given as Record<string, unknown>
  return entryOf(ways.import ?? ways.default ?? ways.require)
}

/** What a query language could take for its own signs. */
function wordsOnly(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}\s]/gu, ' ')
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
