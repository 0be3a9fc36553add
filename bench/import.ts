import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { PGlite } from '@electric-sql/pglite'
import { systemClock } from '../src-core/kernel/index.ts'
import { createLegacy } from '../src-core/legacy/index.ts'
import { makeV1, manyRows } from '../test/v1-fixtures.ts'
import { bench, rounded } from './harness.ts'
import { openMemoryWorld } from './memory-world.ts'
import { peakOf } from './peak-memory.ts'

const SIZES = [1_000, 10_000, 100_000]
const EMBEDDED = 200
const TEXT_LENGTH = 8_000_000

const TABLE =
  'create table captures (id text primary key, session_id text, at timestamptz, user_text text, agent_text text, metadata jsonb)'
const BATCH = 500

type Row = Record<'id' | 'session_id' | 'timestamp' | 'user_text' | 'agent_text' | 'metadata', string | null>

function* rowsOf(file: string): Generator<Row> {
  const sqlite = new DatabaseSync(file, { readOnly: true })
  try {
    for (const row of sqlite.prepare('select * from captures order by id').iterate()) yield row as Row
  } finally {
    sqlite.close()
  }
}

/** The bare loop of the target: reads SQLite row by row and inserts each into a table, all in one transaction. */
async function bareLoop(file: string, postgres: PGlite): Promise<void> {
  await postgres.exec(TABLE)
  await postgres.transaction(async (tx) => {
    for (const { id, session_id, timestamp, user_text, agent_text, metadata } of rowsOf(file)) {
      await tx.query('insert into captures values ($1, $2, $3, $4, $5, $6)', [
        String(id),
        session_id,
        timestamp,
        user_text,
        agent_text,
        metadata === null ? null : JSON.parse(metadata),
      ])
    }
  })
}

/** The harder yardstick: the same table, 500 rows a statement. */
async function batchedLoop(file: string, postgres: PGlite): Promise<void> {
  await postgres.exec(TABLE)
  let batch: Row[] = []
  const insert = async () => {
    await postgres.query(
      `insert into captures select id, session_id, timestamp::timestamptz, user_text, agent_text, metadata::jsonb
      from json_to_recordset($1::json) as r(id text, session_id text, timestamp text, user_text text, agent_text text, metadata text)`,
      [JSON.stringify(batch)],
    )
    batch = []
  }
  for (const row of rowsOf(file)) {
    batch.push(row)
    if (batch.length === BATCH) await insert()
  }
  if (batch.length > 0) await insert()
}

/** The loop in a database of its own that is open already, as ours is. */
async function loopSeconds(folder: string, loop: (postgres: PGlite) => Promise<void>): Promise<number> {
  const postgres = await PGlite.create(folder)
  try {
    return (await peakOf(() => loop(postgres))).seconds
  } finally {
    await postgres.close()
  }
}

await bench({
  name: 'import',
  about:
    'Rows of a v1 database imported each second and the peak memory on top, against a bare loop that reads SQLite and inserts each row into PGlite, and against one that inserts 500 a statement; then with embedding.',
  options: {
    sizes: `rows, with commas between (default ${SIZES.join(',')})`,
    embedded: `rows that are also chunked and embedded (default ${EMBEDDED}; 0 for none)`,
  },
  async run({ options }) {
    const sizes = (options.sizes ?? SIZES.join(',')).split(',').map(Number)
    const embedded = Number(options.embedded ?? EMBEDDED)
    const table: Record<string, number | string>[] = []
    const figures: Record<string, number> = {}
    for (const rows of sizes) {
      const folder = mkdtempSync(join(tmpdir(), 'lva-bench-import-'))
      const world = await openMemoryWorld()
      try {
        const file = join(folder, 'learning_captures.db')
        makeV1(file, [...manyRows(rows)])
        const { vault, store } = world
        const derived = { audit: async () => [], pending: async () => 0, search: async () => [] }
        const legacy = createLegacy({ vault, store, derived, clock: systemClock, textLength: TEXT_LENGTH })
        const ours = await peakOf(() => legacy.execute({ path: file }, () => undefined))
        if (ours.result.added !== rows) throw new Error(`${ours.result.added} of ${rows} rows were imported`)
        const bare = await loopSeconds(join(folder, 'bare'), (postgres) => bareLoop(file, postgres))
        const batched = await loopSeconds(join(folder, 'batched'), (postgres) => batchedLoop(file, postgres))
        const row = {
          rows,
          importedPerSecond: rounded(rows / ours.seconds, 0),
          barePerSecond: rounded(rows / bare, 0),
          ratio: rounded(bare / ours.seconds, 3),
          batchedPerSecond: rounded(rows / batched, 0),
          batchedRatio: rounded(batched / ours.seconds, 3),
          peakMb: rounded(ours.peakMb, 0),
        }
        table.push({ what: 'text only', ...row })
        for (const [name, value] of Object.entries(row)) if (name !== 'rows') figures[`${name}${rows}`] = value
      } finally {
        await world.close()
        rmSync(folder, { recursive: true, force: true })
      }
    }
    if (embedded > 0) {
      const folder = mkdtempSync(join(tmpdir(), 'lva-bench-import-'))
      const world = await openMemoryWorld()
      try {
        const file = join(folder, 'learning_captures.db')
        makeV1(file, [...manyRows(embedded)])
        await world.models.embedder.embed(['warm'])
        const derived = { audit: async () => [], pending: async () => 0, search: async () => [] }
        const { vault, store } = world
        const legacy = createLegacy({ vault, store, derived, clock: systemClock, textLength: TEXT_LENGTH })
        const { seconds, peakMb } = await peakOf(async () => {
          await legacy.execute({ path: file }, () => undefined)
          const memory = await world.openMemory()
          await memory.index.idle()
          await memory.close()
        })
        figures.embeddedPerSecond = rounded(embedded / seconds, 1)
        table.push({
          what: 'with embedding',
          rows: embedded,
          importedPerSecond: rounded(embedded / seconds, 1),
          barePerSecond: '',
          ratio: '',
          batchedPerSecond: '',
          batchedRatio: '',
          peakMb: rounded(peakMb, 0),
        })
      } finally {
        await world.close()
        rmSync(folder, { recursive: true, force: true })
      }
    }
    const largest = Math.max(...sizes)
    return { figures, table, targets: [{ figure: `ratio${largest}`, atLeast: 0.5 }] }
  },
})
