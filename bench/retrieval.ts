import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Memory } from '../src-core/memory/index.ts'
import { type Collection, readCollection } from './beir.ts'
import { bench, type Outcome, quantile, rounded, type Target } from './harness.ts'
import { type MemoryWorld, openMemoryWorld } from './memory-world.ts'
import { meanFigures, measureRanking, type RankingFigures } from './ranking-measures.ts'

/** What issue 3 asks of the sets that it names. */
const TARGETS: Record<string, Target[]> = {
  cranfield: [{ figure: 'ndcg10', atLeast: 0.46 }],
  cisi: [{ figure: 'ndcg10', atLeast: 0.48 }],
  'limit-small': [{ figure: 'recall10', atLeast: 0.97 }],
}

/** nDCG@10 that joining both sides may lose to the better of them on a small set, where one place in one ranking is as much. */
const TOLERATED = 0.005

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

/** The better of both sides, by nDCG@10. */
const betterHalf = ({ lexical, semantic }: Measured) => Math.max(lexical.ndcg10, semantic.ndcg10)

type Measured = Record<(typeof MODES)[number], RankingFigures>

async function measure(data: string, split: string) {
  const collection = readCollection(data, split)
  const world = await openMemoryWorld()
  try {
    const documentOf = await remember(world, collection.documents)
    const memory = await world.openMemory()
    await memory.index.idle()
    const { indexed, failed } = await memory.index.progress()
    if (failed > 0) throw new Error(`${failed} documents could not be indexed`)
    const table: Record<string, number | string>[] = []
    const measured: Partial<Measured> = {}
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
    return { measured: measured as Measured, table }
  } finally {
    await world.close()
  }
}

/** A folder that is no set itself, but holds some. */
function setsIn(data: string): string[] {
  if (existsSync(join(data, 'corpus.jsonl'))) return []
  return readdirSync(data)
    .map((name) => join(data, name))
    .filter((folder) => existsSync(join(folder, 'corpus.jsonl')))
}

async function measureAll(sets: readonly string[], split: string): Promise<Outcome> {
  const figures: Outcome['figures'] = {}
  const table: Outcome['table'] = []
  const leads: number[] = []
  for (const set of sets) {
    const { measured, table: rows } = await measure(set, split)
    const lead = measured.hybrid.ndcg10 - betterHalf(measured)
    leads.push(lead)
    table.push(...rows)
    figures[basename(set)] = {
      hybrid: measured.hybrid.ndcg10,
      lexical: measured.lexical.ndcg10,
      semantic: measured.semantic.ndcg10,
      lead: rounded(lead, 4),
    }
  }
  const neverBehind = sets.length - leads.filter((lead) => lead < -TOLERATED).length
  return {
    figures: { ...figures, sets: sets.length, neverBehind, leastLead: rounded(Math.min(...leads), 4) },
    table,
    targets: [{ figure: 'leastLead', atLeast: -TOLERATED }],
  }
}

await bench({
  name: 'retrieval',
  about:
    'How well search finds judged documents, through vault, chunks, both indexes and fusion; each side also alone. A folder of sets measures each of them.',
  data: 'cranfield',
  options: { split: 'the judgements to use: the file of this name in qrels, otherwise test' },
  async run({ data, options: { split = 'test' } }) {
    const sets = setsIn(data)
    if (sets.length > 0) return measureAll(sets, split)
    const { measured, table } = await measure(data, split)
    const { hybrid, lexical, semantic } = measured
    return {
      figures: {
        ...hybrid,
        // At least 1 where joining both sides never loses to the better of them.
        overBetterHalf: rounded(hybrid.ndcg10 / Math.max(betterHalf(measured), Number.EPSILON), 4),
        lexical: { ...lexical },
        semantic: { ...semantic },
      },
      table,
      targets: TARGETS[basename(data)] ?? [],
    }
  },
})
