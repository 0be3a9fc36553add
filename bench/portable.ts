import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { PGlite } from '@electric-sql/pglite'
import { idMaker, silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'
import { createPortable, type ExportFormat, type Packing } from '../src-core/portable/index.ts'
import { openStore, type Store } from '../src-core/store/index.ts'
import { type OpenVault, openVault } from '../src-core/vault/index.ts'
import { TEMPLATE_CACHE } from '../test/template-cache.ts'
import { manyRows } from '../test/v1-fixtures.ts'
import { bench, rounded } from './harness.ts'
import { peakOf } from './peak-memory.ts'

const CAPTURES = 10_000
const BATCH = 500
const PAGE = 200
const FORMATS: [name: string, ExportFormat, Packing][] = [
  ['lines', 'jsonl', 'file'],
  ['lines in a zip', 'jsonl', 'zip'],
  ['Markdown in a zip', 'markdown', 'zip'],
  ['CSV', 'csv', 'file'],
]
const quiet = () => undefined
const { signal } = new AbortController()

interface World {
  store: Store
  vault: OpenVault
  portable: Awaited<ReturnType<typeof createPortable>>
  close(): Promise<void>
}

async function openWorld(dataDir: string): Promise<World> {
  const parts = { clock: systemClock, log: silentLog }
  const store = await openStore({
    ...parts,
    dataDir,
    cacheDir: TEMPLATE_CACHE,
    host: 'cli',
    statementTimeoutMs: 120_000,
  })
  const newId = idMaker(systemClock, systemRandom)
  const vault = await openVault({ ...parts, db: store.database, newId, limits: { textLength: 8_000_000 } })
  const portable = await createPortable({
    ...{ vault, blobs: store.blobs, folder: dataDir, longestText: 8_000_000, clock: systemClock, newId },
  })
  const close = async () => {
    await portable.close()
    await vault.close()
    await store.close()
  }
  return { store, vault, portable, close }
}

/** Ten exchanges a session, as somebody would have them. */
async function fill({ vault }: World, captures: number): Promise<void> {
  let batch: Parameters<OpenVault['imports']['add']>[0][number][] = []
  for (const [index, { session, timestamp, user, agent }] of [...manyRows(captures)].entries()) {
    const createdAt = new Date(`${timestamp}Z`).toISOString()
    const answer = {
      ...{ text: String(agent), provider: 'v1', model: '', inputTokens: 0, outputTokens: 0, costUsd: null },
      ...{ citations: [], agentsUsed: [], ending: 'complete' as const, createdAt },
    }
    batch.push({ id: `c${index}`, sessionId: String(session), createdAt, userText: String(user), answer, metadata: {} })
    if (batch.length === BATCH) {
      await vault.imports.add(batch)
      batch = []
    }
  }
  if (batch.length > 0) await vault.imports.add(batch)
}

/** Every row read in pages and written as a line of JSON: what no export can do without. */
async function bareExport({ store, vault }: World, target: string): Promise<void> {
  const lines = async function* () {
    let after = ''
    for (;;) {
      const rows = await store.database.query<{ id: string }>(
        'select * from captures where vault_id = $1 and id > $2 order by id limit $3',
        [vault.id, after, PAGE],
      )
      for (const row of rows) yield `${JSON.stringify(row)}\n`
      if (rows.length < PAGE) return
      after = rows.at(-1)?.id ?? ''
    }
  }
  await pipeline(Readable.from(lines()), createWriteStream(target))
}

/** Every line parsed and inserted into one table of a folder of PGlite, which is open already. */
async function bareImport(postgres: PGlite, source: string): Promise<void> {
  await postgres.exec('create table captures (id text primary key, capture jsonb)')
  let batch: string[] = []
  const insert = async () => {
    await postgres.query(`insert into captures select value->>'id', value from jsonb_array_elements($1::jsonb)`, [
      `[${batch.join(',')}]`,
    ])
    batch = []
  }
  for await (const line of createInterface({ input: createReadStream(source) })) {
    if (JSON.parse(line).type !== 'capture') continue
    batch.push(line)
    if (batch.length === BATCH) await insert()
  }
  if (batch.length > 0) await insert()
}

await bench({
  name: 'portable',
  about:
    'Captures exported and imported each second and the peak memory on top, against a bare loop that reads rows and writes JSON, and one that reads JSON and inserts rows.',
  options: { captures: `captures, ten a session (default ${CAPTURES})` },
  async run({ options }) {
    const captures = Number(options.captures ?? CAPTURES)
    const folder = mkdtempSync(join(tmpdir(), 'lva-bench-portable-'))
    const figures: Record<string, number> = {}
    const table: Record<string, number | string>[] = []
    const add = (what: string, key: string, seconds: number, peakMb: number, bare?: number) => {
      figures[`${key}PerSecond`] = rounded(captures / seconds, 0)
      figures[`${key}PeakMb`] = rounded(peakMb, 0)
      if (bare !== undefined) figures[`${key}Ratio`] = rounded(bare / seconds, 3)
      table.push({
        what,
        perSecond: rounded(captures / seconds, 0),
        ofBare: bare === undefined ? '' : rounded(bare / seconds, 3),
        peakMb: rounded(peakMb, 0),
      })
    }
    const from = await openWorld(join(folder, 'from'))
    try {
      await fill(from, captures)
      // The first goes over cold tables; what is compared should not.
      await bareExport(from, join(folder, 'warm.jsonl'))
      const bare = await peakOf(() => bareExport(from, join(folder, 'bare.jsonl')))
      add('bare: rows to JSON', 'bareExport', bare.seconds, bare.peakMb)
      const targets: string[] = []
      for (const [name, format, packing] of FORMATS) {
        const target = join(folder, `export-${targets.length}`)
        targets.push(target)
        const { result, seconds, peakMb } = await peakOf(() =>
          from.portable.exportTo({ format, packing, filter: {}, target }, quiet, signal),
        )
        if (result.captures !== captures) throw new Error(`${result.captures} of ${captures} were exported`)
        add(
          `export: ${name}`,
          `export${format === 'jsonl' && packing === 'zip' ? 'JsonlZip' : format}`,
          seconds,
          peakMb,
          bare.seconds,
        )
      }
      const postgres = await PGlite.create(join(folder, 'bare-pg'))
      const bareIn = await peakOf(() => bareImport(postgres, targets[0] as string))
      await postgres.close()
      add('bare: JSON to rows', 'bareImport', bareIn.seconds, bareIn.peakMb)
      for (const [index, what] of [
        [0, 'lines'],
        [2, 'Markdown in a zip'],
      ] as const) {
        const to = await openWorld(join(folder, `to-${index}`))
        try {
          const { result, seconds, peakMb } = await peakOf(() =>
            to.portable.import({ path: targets[index] as string }, undefined, quiet, signal),
          )
          if (result.counts.captures !== captures) throw new Error(`${result.counts.captures} were imported`)
          add(`import: ${what}`, index === 0 ? 'importJsonl' : 'importMarkdown', seconds, peakMb, bareIn.seconds)
        } finally {
          await to.close()
        }
      }
    } finally {
      await from.close()
      rmSync(folder, { recursive: true, force: true })
    }
    return {
      figures,
      table,
      // An export also joins what the learner edited, and makes and checks text; an import writes documents, five rows for each capture, and a
      // receipt. Memory must not grow with what is carried.
      targets: [
        { figure: 'exportjsonlRatio', atLeast: 0.3 },
        { figure: 'exportmarkdownRatio', atLeast: 0.1 },
        { figure: 'importJsonlRatio', atLeast: 0.1 },
        { figure: 'exportmarkdownPeakMb', atMost: 150 },
        { figure: 'importJsonlPeakMb', atMost: 250 },
      ],
    }
  },
})
