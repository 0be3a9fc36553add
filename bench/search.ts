import { join } from 'node:path'
import { bench, quantile, REPOSITORY, rounded, type Target } from './harness.ts'
import { openMemoryWorld } from './memory-world.ts'
import { meanFigures, measureRanking } from './ranking-measures.ts'
import { readSearchSet, type SearchQuery, type SearchSet } from './search-set.ts'
import { openChroma, openChromaHybrid, openLance, openOrama, openOurs, type Searcher } from './searchers.ts'

const SIZES = [1_000, 10_000, 50_000]
const QUERIES = 200
const WARM_UP = 20
const LIMIT = 20

const SEARCHERS: Record<string, (set: SearchSet) => Promise<Searcher>> = {
  ours: ({ items, queries }) => openOurs(items, queries),
  lancedb: ({ items }) => openLance(items),
  orama: ({ items }) => openOrama(items),
  'chroma-hybrid': ({ items }) => openChromaHybrid(items),
  chroma: ({ items }) => openChroma(items),
}
/** Searches by meaning alone: reported beside the others, since it finds less, and is no hybrid. */
const BY_MEANING_ALONE = 'chroma'

async function measure(searcher: Searcher, { items, queries }: SearchSet) {
  const documentOf = new Map(items.map(({ id, document }) => [id, document]))
  const ask = async (query: SearchQuery) => {
    const begun = performance.now()
    const ids = await searcher.search(query, LIMIT)
    const ms = performance.now() - begun
    const ranking = [...new Set(ids.map((id) => documentOf.get(id) ?? ''))]
    return { ms, figures: measureRanking(ranking, query.relevant) }
  }
  for (const query of queries.slice(0, WARM_UP)) await ask(query)
  const asked = []
  for (const query of queries) asked.push(await ask(query))
  const times = asked.map(({ ms }) => ms)
  const { ndcg10, recall10 } = meanFigures(asked.map(({ figures }) => figures))
  return {
    ndcg10: rounded(ndcg10, 4),
    recall10: rounded(recall10, 4),
    p50: rounded(quantile(times, 0.5), 1),
    p95: rounded(quantile(times, 0.95), 1),
  }
}

await bench({
  name: 'search',
  about: `Time and quality of one hybrid search for ${LIMIT} chunks, ours against LanceDB, Orama and Chroma on the same chunks and vectors; the query's vector is there already for all.`,
  data: '.',
  options: {
    sizes: `chunks, with commas between (default ${SIZES.join(',')})`,
    of: `who is measured, with commas between (default ${Object.keys(SEARCHERS).join(',')})`,
  },
  async run({ data, options }) {
    const sizes = (options.sizes ?? SIZES.join(',')).split(',').map(Number)
    const names = (options.of ?? Object.keys(SEARCHERS).join(',')).split(',')
    const folders =
      data === join(REPOSITORY, '../shared/data') ? ['cranfield', 'cisi'].map((set) => join(data, set)) : [data]
    const table: Record<string, number | string>[] = []
    const figures: Record<string, number> = {}
    const targets: Target[] = []
    for (const size of sizes) {
      const world = await openMemoryWorld()
      const set = await readSearchSet(folders, size, world.models.embedder).finally(() => world.close())
      set.queries = set.queries.slice(0, QUERIES)
      const best: number[] = []
      for (const name of names) {
        const open = SEARCHERS[name]
        if (!open) throw new Error(`there is nobody called ${name}`)
        const begun = performance.now()
        const searcher = await open(set)
        const seconds = (performance.now() - begun) / 1_000
        const measured = await measure(searcher, set).finally(() => searcher.close())
        table.push({ chunks: size, who: name, ...measured, 'made in s': rounded(seconds, 1) })
        figures[`${name}P95At${size}`] = measured.p95
        figures[`${name}Ndcg10At${size}`] = measured.ndcg10
        if (name !== 'ours' && name !== BY_MEANING_ALONE) best.push(measured.p95)
      }
      const ours = figures[`oursP95At${size}`]
      if (ours !== undefined && best.length > 0) {
        figures[`ratioAt${size}`] = rounded(ours / Math.min(...best), 2)
        targets.push({ figure: `ratioAt${size}`, atMost: 1 })
      }
      const byMeaning = figures[`${BY_MEANING_ALONE}P95At${size}`]
      if (ours !== undefined && byMeaning !== undefined)
        figures[`ratioToMeaningAloneAt${size}`] = rounded(ours / byMeaning, 2)
    }
    return { figures, table, targets }
  },
})
