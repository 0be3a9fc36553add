import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { ensureBuilt } from '../scripts/ensure-built.ts'
import { seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { headingText } from '../src-core/memory/chunk-rows.ts'
import { textToEmbed } from '../src-core/memory/subjects.ts'
import { openStore } from '../src-core/store/index.ts'
import { pdfOf } from '../test/made-documents.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { TEMPLATE_CACHE } from '../test/vault-world.ts'
import { openBareLoop } from './bare-loop.ts'
import { type BuiltCore, indexed, startBuiltCore } from './built-core.ts'
import { bench, rounded } from './harness.ts'
import { cpuSeconds, peakMb } from './process-cost.ts'
import { sentences } from './sentences.ts'

const PAGES = 300
const NOTES = 1_000
/** Lines of a page, a sentence each. */
const LINES = 24
const NOTE_SENTENCES = 6
const SAMPLE_MS = 250
const PROCESSES = ['core', 'models', 'documents'] as const

/** A book of sentences that are all different. */
function book(pages: number): Buffer {
  const lines = sentences(pages * LINES, 3)
  return pdfOf(
    Array.from({ length: pages }, (_, page) =>
      Array.from({ length: LINES }, (_, line) => ({
        text: lines[page * LINES + line] ?? '',
        x: 60,
        y: 740 - line * 28,
        size: 9,
      })),
    ),
  )
}

function writeNotes(folder: string, count: number): void {
  mkdirSync(folder)
  const random = seededRandom(5)
  const said = sentences(count * NOTE_SENTENCES, 9)
  for (let number = 0; number < count; number += 1) {
    const own = said.slice(number * NOTE_SENTENCES, number * NOTE_SENTENCES + 2 + Math.floor(random.fraction() * 5))
    writeFileSync(join(folder, `note-${number}.md`), `# Note ${number}\n\n${own.join('\n\n')}\n`)
  }
}

async function allRead({ client }: BuiltCore): Promise<void> {
  for (;;) {
    const { pending } = await client.documents.queue()
    if (pending === 0) break
    await systemClock.sleep(SAMPLE_MS)
  }
  await indexed(client)
}

/** Every chunk as the embedder got it. */
async function chunkTexts(dataDir: string): Promise<string[]> {
  const store = await openStore({
    dataDir,
    cacheDir: TEMPLATE_CACHE,
    host: 'cli',
    clock: systemClock,
    log: silentLog,
    statementTimeoutMs: 60_000,
  })
  const rows = await store.database.query<{ text: string; start: number; heading: string[] }>(
    'select text, start, heading from chunks order by id',
  )
  await store.close()
  return rows.map((row) => textToEmbed(row, headingText(row.heading)))
}

interface Ingest {
  what: string
  /** Pages or files. */
  units: number
  /** Gives the documents to the core; resolves when all are in its queue. */
  add(core: BuiltCore): Promise<void>
}

async function measure({ what, units, add }: Ingest, bareLoop: (texts: readonly string[]) => Promise<void>) {
  const dataDir = mkdtempSync(join(tmpdir(), 'lva-ingest-'))
  try {
    const core = await startBuiltCore({ dataDir, cacheDir: MODEL_CACHE })
    const peaks: Record<string, number> = {}
    const cpu: Record<string, number> = {}
    let seconds = 0
    try {
      // Loads the model, so that it is not in the time.
      await core.client.captures.add({ sessionId: null, text: 'Warm.', source: 'text' })
      await indexed(core.client)
      for (const name of PROCESSES) cpu[name] = -cpuSeconds(core.pidOf(name))
      const begun = performance.now()
      await add(core)
      await allRead(core)
      seconds = (performance.now() - begun) / 1_000
      const { failed } = await core.client.documents.queue()
      if (failed > 0) {
        const { items } = await core.client.documents.list({ states: ['failed'], limit: 1 })
        throw new Error(`${failed} documents of "${what}" could not be read: ${JSON.stringify(items[0]?.error)}`)
      }
      for (const name of PROCESSES) {
        peaks[name] = peakMb(core.pidOf(name))
        cpu[name] = rounded(cpuSeconds(core.pidOf(name)) + (cpu[name] ?? 0), 1)
      }
    } finally {
      await core.close()
    }
    const texts = await chunkTexts(dataDir)
    const begun = performance.now()
    const before = cpuSeconds(process.pid)
    await bareLoop(texts)
    const bareSeconds = (performance.now() - begun) / 1_000
    const bareCpu = cpuSeconds(process.pid) - before
    return {
      what,
      units,
      chunks: texts.length,
      'a second': rounded(units / seconds, 1),
      seconds: rounded(seconds, 1),
      'bare seconds': rounded(bareSeconds, 1),
      ratio: rounded(bareSeconds / seconds, 3),
      'bare cpu s': rounded(bareCpu, 1),
      'core cpu s': cpu.core ?? 0,
      'models cpu s': cpu.models ?? 0,
      'documents cpu s': cpu.documents ?? 0,
      'core MB': peaks.core ?? 0,
      'models MB': peaks.models ?? 0,
      'documents MB': peaks.documents ?? 0,
    }
  } finally {
    if (!process.env.KEEP) rmSync(dataDir, { recursive: true, force: true })
    else console.error('kept', dataDir)
  }
}

const addFile = (name: string, bytes: Uint8Array) => async (core: BuiltCore) => {
  await core.client.documents.add({ name, file: new Blob([new Uint8Array(bytes)]) })
}

/** Watches a folder, and waits until all its files are known. */
const addFolder = (folder: string) => async (core: BuiltCore) => {
  const { id } = await core.client.folders.add({ path: folder })
  for (;;) {
    const { folders } = await core.client.folders.list()
    if (folders.find((each) => each.id === id)?.state !== 'scanning') return
    await systemClock.sleep(SAMPLE_MS)
  }
}

await bench({
  name: 'ingest',
  about:
    'Pages and notes that become memory each second, from file to vectors, against a bare onnxruntime loop over the same chunks; peak memory of each process.',
  options: {
    data: 'a folder of documents that is read instead',
    pages: `pages of the PDF that is made (default ${PAGES})`,
    notes: `notes of the folder that is made (default ${NOTES})`,
  },
  async run({ options }) {
    ensureBuilt()
    const { data } = options
    const folder = mkdtempSync(join(tmpdir(), 'lva-ingest-from-'))
    try {
      const [pages, notes] = [Number(options.pages ?? PAGES), Number(options.notes ?? NOTES)]
      const made = join(folder, 'notes')
      if (!data) writeNotes(made, notes)
      const tasks: Ingest[] = data
        ? [{ what: basename(data), units: readdirSync(data).length, add: addFolder(resolve(data)) }]
        : [
            { what: `a PDF of ${pages} pages`, units: pages, add: addFile('book.pdf', book(pages)) },
            { what: `a folder of ${notes} notes`, units: notes, add: addFolder(made) },
          ]
      const bareLoop = await openBareLoop()
      await bareLoop(['warm'])
      const table = []
      for (const task of tasks) table.push(await measure(task, bareLoop))
      const [first, second] = table
      return {
        figures: {
          pagesPerSecond: first?.['a second'] ?? 0,
          ratio: Math.min(...table.map(({ ratio }) => ratio)),
          ...(second && { notesPerSecond: second['a second'] }),
          peakMb: Math.max(...table.map((row) => row['documents MB'])),
        },
        table,
        targets: [{ figure: 'ratio', atLeast: 0.8 }],
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
