import { join } from 'node:path'
import { silentLog, systemClock } from '../src-core/kernel/index.ts'
import { readText } from '../src-core/memory/concepts/read.ts'
import { type ConceptGraph, createConceptGraph, type Memory, type SearchHit } from '../src-core/memory/index.ts'
import { type Collection, readCollection } from './beir.ts'
import { bench, rounded } from './harness.ts'
import { type MemoryWorld, openMemoryWorld } from './memory-world.ts'
import { meanFigures, measureRanking, type RankingFigures } from './ranking-measures.ts'

/**
 * Whether neighbours in the concept graph help search (docs/decisions/0006-graph-in-search.md). An experiment: search itself does not look at the graph.
 *
 *     query ──concepts of it──> their strongest neighbours ──┬─ appended: their names are added to the query
 *                                                            ├─ joined: both results, the second with a share
 *                                                            └─ mentioned: hits that mention them rise
 */

const DEPTH = 100
const APPENDED = [1, 3] as const
const JOINED = [0.1, 0.25] as const
const MENTIONED = [0.02, 0.05, 0.1] as const
const NEIGHBOURS = 5

interface Neighbour {
  name: string
  weight: number
  mentionedIn: Set<string>
}

/** The strongest neighbours of the concepts that the query names, without those that it names. */
async function neighboursOf(query: string, concepts: ConceptGraph): Promise<Neighbour[]> {
  const own = new Map<string, number>()
  for (const { normal, weight } of readText(query).terms) {
    const concept = await concepts.find(normal).catch(() => undefined)
    if (concept) own.set(concept.id, weight)
  }
  const found = new Map<string, { name: string; weight: number }>()
  for (const [id, weight] of own) {
    for (const { fromId, toId, name, weight: strength } of await concepts.neighbours(id, NEIGHBOURS)) {
      const other = fromId === id ? toId : fromId
      if (own.has(other)) continue
      found.set(other, { name, weight: (found.get(other)?.weight ?? 0) + weight * strength })
    }
  }
  const best = [...found].sort(([, a], [, b]) => b.weight - a.weight).slice(0, NEIGHBOURS)
  return Promise.all(
    best.map(async ([id, { name, weight }]) => ({
      name,
      weight,
      mentionedIn: new Set(await concepts.mentionedIn(id)),
    })),
  )
}

/** Rankings of one query, by what was done with the neighbours. */
async function rankingsOf(query: string, memory: Memory, concepts: ConceptGraph): Promise<Map<string, string[]>> {
  const search = async (text: string) => (await memory.search({ query: text, limit: DEPTH })).hits
  const plain = await search(query)
  const neighbours = await neighboursOf(query, concepts)
  // By score: where a query asks for the latest, search itself orders by time, and every other way here would gain by not doing so.
  const rankings = new Map([
    ['without the graph', ordered(sumOf(plain, 1, [], 0))],
    ['without, as shown', idsOf(plain)],
  ])
  for (const count of APPENDED) {
    const names = neighbours.slice(0, count).map(({ name }) => name)
    const expanded = names.length === 0 ? plain : await search(`${query} ${names.join(' ')}`)
    rankings.set(`appended ${count}`, idsOf(expanded))
    if (count === APPENDED.at(-1))
      for (const share of JOINED) rankings.set(`joined ${share}`, ordered(sumOf(plain, 1 - share, expanded, share)))
  }
  const total = neighbours.reduce((sum, { weight }) => sum + weight, 0)
  for (const share of MENTIONED) {
    const scores = new Map(plain.map(({ captureId, score }) => [captureId, score]))
    for (const { weight, mentionedIn } of neighbours)
      for (const id of mentionedIn) if (scores.has(id)) scores.set(id, (scores.get(id) ?? 0) + (share * weight) / total)
    rankings.set(`mentioned ${share}`, ordered(scores))
  }
  return rankings
}

function sumOf(one: readonly SearchHit[], shareOfOne: number, other: readonly SearchHit[], shareOfOther: number) {
  const scores = new Map(one.map(({ captureId, score }) => [captureId, shareOfOne * score]))
  for (const { captureId, score } of other) scores.set(captureId, (scores.get(captureId) ?? 0) + shareOfOther * score)
  return scores
}

function ordered(scores: ReadonlyMap<string, number>): string[] {
  return [...scores].sort(([, a], [, b]) => b - a).map(([id]) => id)
}

function idsOf(hits: readonly SearchHit[]): string[] {
  return hits.map(({ captureId }) => captureId)
}

async function remember({ vault }: MemoryWorld, documents: Collection['documents']): Promise<Map<string, string>> {
  const documentOf = new Map<string, string>()
  for (const { id, title, text } of documents) {
    if (`${title}${text}`.trim() === '') continue
    documentOf.set((await vault.notes.create({ title, body: text })).id, id)
  }
  return documentOf
}

await bench({
  name: 'graph-in-search',
  about:
    'Whether the neighbours of the concepts that a query names help search: an experiment, reported, without a target.',
  data: 'cranfield',
  async run({ data }) {
    const collection = readCollection(data)
    const world = await openMemoryWorld()
    try {
      const documentOf = await remember(world, collection.documents)
      const memory = await world.openMemory()
      await memory.index.idle()
      const concepts = createConceptGraph({
        database: world.store.database,
        vault: world.vault,
        folder: join(world.store.folder.root, 'graph'),
        clock: systemClock,
        log: silentLog,
      })
      try {
        await concepts.idle()
        const measured = new Map<string, RankingFigures[]>()
        for (const { id, text } of collection.queries) {
          for (const [way, ranking] of await rankingsOf(text, memory, concepts)) {
            const documents = ranking.map((each) => documentOf.get(each) ?? '')
            const figures = measureRanking(documents, collection.judgements.get(id) ?? new Map())
            measured.set(way, [...(measured.get(way) ?? []), figures])
          }
        }
        const means = Array.from(measured, ([way, figures]) => ({ way, ...meanFigures(figures) }))
        const base = means[0]?.ndcg10 ?? 0
        return {
          figures: Object.fromEntries(means.map(({ way, ndcg10 }) => [way, rounded(ndcg10, 4)])),
          table: means.map(({ way, ndcg10, recall100 }) => ({
            way,
            ndcg10: rounded(ndcg10, 4),
            gained: rounded(ndcg10 - base, 4),
            recall100: rounded(recall100, 4),
          })),
        }
      } finally {
        await concepts.close()
      }
    } finally {
      await world.close()
    }
  },
})
