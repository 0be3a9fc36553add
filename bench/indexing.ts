import { openBareLoop } from './bare-loop.ts'
import { type CollectionDocument, readCollection } from './beir.ts'
import { bench, rounded } from './harness.ts'
import { type MemoryWorld, openMemoryWorld } from './memory-world.ts'

const DEFAULT_TEXTS = 480
/** Both take turns on parts of the texts, so that what else the machine does falls on both. */
const PARTS = 4

/** Stores texts in the vault, then measures from the opening of the memory until all have their vectors. @returns seconds */
async function indexThroughPipeline(
  { vault, openMemory }: MemoryWorld,
  documents: readonly CollectionDocument[],
): Promise<number> {
  for (const { title, text } of documents) {
    await vault.captures.add({
      sessionId: 'bench',
      source: 'import',
      userText: title === '' ? text : `${title}\n\n${text}`,
    })
  }
  const start = performance.now()
  const memory = await openMemory()
  await memory.index.idle()
  const seconds = (performance.now() - start) / 1_000
  const { pending, failed } = await memory.index.progress()
  if (pending + failed > 0) throw new Error(`${pending + failed} texts were not indexed`)
  await memory.close()
  return seconds
}

async function chunkTexts({ store }: MemoryWorld, known: Set<string>): Promise<string[]> {
  const rows = await store.database.query<{ id: string; text: string }>('select id, text from chunks')
  const fresh = rows.filter(({ id }) => !known.has(id))
  for (const { id } of fresh) known.add(id)
  return fresh.map(({ text }) => text)
}

await bench({
  name: 'index',
  about:
    'Chunks embedded each second from vault rows to vectors in PGlite, against a bare onnxruntime loop over the same chunks.',
  data: 'cranfield',
  options: { texts: `how many documents of the folder are taken (default ${DEFAULT_TEXTS})` },
  async run({ data, options }) {
    const documents = readCollection(data).documents.filter(({ title, text }) => `${title}${text}`.trim() !== '')
    const taken = documents.slice(0, Number(options.texts ?? DEFAULT_TEXTS))
    const bareLoop = await openBareLoop()
    const world = await openMemoryWorld()
    try {
      // Loads both models, so that neither side pays for it below.
      await Promise.all([bareLoop(['warm']), world.models.embedder.embed(['warm'])])
      const known = new Set<string>()
      let pipelineSeconds = 0
      let bareSeconds = 0
      for (let part = 0; part < PARTS; part += 1) {
        pipelineSeconds += await indexThroughPipeline(
          world,
          taken.filter((_, index) => index % PARTS === part),
        )
        const texts = await chunkTexts(world, known)
        const start = performance.now()
        await bareLoop(texts)
        bareSeconds += (performance.now() - start) / 1_000
      }
      const figures = {
        texts: taken.length,
        chunks: known.size,
        pipelinePerSecond: rounded(known.size / pipelineSeconds, 1),
        barePerSecond: rounded(known.size / bareSeconds, 1),
        ratio: rounded(bareSeconds / pipelineSeconds, 3),
      }
      return { figures, table: [figures], targets: [{ figure: 'ratio', atLeast: 0.85 }] }
    } finally {
      await world.close()
    }
  },
})
