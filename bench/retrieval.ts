import { basename } from 'node:path'
import type { Memory } from '../src-core/memory/index.ts'
import { type Collection, readCollection } from './beir.ts'
import { bench, quantile, rounded, type Target } from './harness.ts'
import { type MemoryWorld, openMemoryWorld } from './memory-world.ts'
import { meanFigures, measureRanking, type RankingFigures } from './ranking-measures.ts'

/** What issue 3 asks of the sets that it names. */
const TARGETS: Record<string, Target[]> = {
  cranfield: [{ figure: 'ndcg10', atLeast: 0.46 }],
  cisi: [{ figure: 'ndcg10', atLeast: 0.48 }],
  'limit-small': [{ figure: 'recall10', atLeast: 0.97 }],
}

const MODES = ['hybrid', 'lexical', 'semantic'] as const

/** Writes the documents into the vault: turns of a conversation as captures, all others as notes. @returns document of each vault id */
async function remember({ vault }: MemoryWorld, documents: Collection['documents']): Promise<Map<string, string>> {
  const documentOf = new Map<string, string>()
  for (const { id, title, text, session } of documents) {
    const all = title === '' ? text : `${title}\n\n${text}`
    if (all.trim() === '') continue
    const stored =
      session === undefined
        ? await vault.notes.create({ title, body: text })
        : await vault.captures.add({ sessionId: session, source: 'import', userText: all })
    documentOf.set(stored.id, id)
  }
  return documentOf
}

async function rank(
  memory: Memory,
  { queries, judgements }: Collection,
  documentOf: Map<string, string>,
  mode: (typeof MODES)[number],
) {
  const figures: RankingFigures[] = []
  const times: number[] = []
  for (const { id, text } of queries) {
    const start = performance.now()
    const { hits, semantic } = await memory.search({ query: text, limit: 100, mode })
    times.push(performance.now() - start)
    if (!semantic && mode !== 'lexical') throw new Error('the models did not answer')
    const ranking = hits.map((hit) => documentOf.get(hit.captureId) ?? '')
    figures.push(measureRanking(ranking, judgements.get(id) ?? new Map()))
  }
  return { figures: meanFigures(figures), times }
}

const shown = (figures: RankingFigures) => ({
  ndcg10: rounded(figures.ndcg10, 4),
  recall5: rounded(figures.recall5, 4),
  recall10: rounded(figures.recall10, 4),
  recall100: rounded(figures.recall100, 4),
})

await bench({
  name: 'retrieval',
  about:
    'How well search finds judged documents, through vault, chunks, both indexes and fusion; each side also alone.',
  data: 'cranfield',
  async run({ data }) {
    const collection = readCollection(data)
    const world = await openMemoryWorld()
    try {
      const documentOf = await remember(world, collection.documents)
      const memory = await world.openMemory()
      await memory.index.idle()
      const { indexed, failed } = await memory.index.progress()
      if (failed > 0) throw new Error(`${failed} documents could not be indexed`)
      const table: Record<string, number | string>[] = []
      const measured: Partial<Record<(typeof MODES)[number], RankingFigures>> = {}
      for (const mode of MODES) {
        const { figures, times } = await rank(memory, collection, documentOf, mode)
        measured[mode] = shown(figures)
        table.push({
          set: basename(data),
          documents: collection.documents.length,
          chunks: indexed,
          queries: collection.queries.length,
          side: mode,
          ...shown(figures),
          'ms p50': rounded(quantile(times, 0.5), 1),
          'ms p95': rounded(quantile(times, 0.95), 1),
        })
      }
      const { hybrid, lexical, semantic } = measured
      return {
        figures: {
          ...hybrid,
          // At least 1 where joining both sides never loses to the better of them.
          overBetterHalf: rounded(
            (hybrid?.ndcg10 ?? 0) / Math.max(lexical?.ndcg10 ?? 0, semantic?.ndcg10 ?? 0, Number.EPSILON),
            4,
          ),
          ...(lexical && { lexical: { ...lexical } }),
          ...(semantic && { semantic: { ...semantic } }),
        },
        table,
        targets: TARGETS[basename(data)] ?? [],
      }
    } finally {
      await world.close()
    }
  },
})
