import type { Database, Queries, Row } from '../store/index.ts'
import { damaged } from './faults.ts'

/**
 * Tables that belong to the device and cannot be made again, with the column that orders their rows beside the vault's id. The rest is
 * derived from documents, or is derived work; `test/backup-tables.test.ts` holds both lists against the schema.
 */
export const LOCAL_TABLES: Readonly<Record<string, string>> = {
  mcp_servers: 'id',
  spending: 'id',
  watched_folders: 'id',
}

const PAGE = 500

/** The rows of a local table, one JSON object a line, in the order of its key. */
export async function* readTable(queries: Queries, table: string, vaultId: string): AsyncGenerator<Uint8Array> {
  const key = keyOf(table)
  let after: string | undefined
  for (;;) {
    const rows: Row[] = await queries.query(
      `select * from ${table} where vault_id = $1 and ($2::text is null or ${key} collate "C" > $2)
       order by ${key} collate "C" limit ${PAGE}`,
      [vaultId, after ?? null],
    )
    if (rows.length === 0) return
    after = String(rows.at(-1)?.[key])
    for (const row of rows) yield Buffer.from(`${JSON.stringify(sorted(row))}\n`, 'utf8')
  }
}

/** @throws LvaError backup-damaged for lines that are no rows */
export async function loadTable(
  db: Database,
  table: string,
  vaultId: string,
  pieces: AsyncIterable<Uint8Array>,
  file: string,
): Promise<void> {
  keyOf(table)
  await db.transaction(async (tx) => {
    for await (const rows of pagesOf(pieces, file)) {
      if (rows.some((row) => row.vault_id !== vaultId)) throw damaged(file)
      await tx.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
        JSON.stringify(rows),
      ])
    }
  })
}

/** Only names of our own list become part of a statement. */
function keyOf(table: string): string {
  const key = LOCAL_TABLES[table]
  if (key === undefined) throw new Error(`${table} is no local table`)
  return key
}

function sorted(row: Row): Row {
  return Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function* pagesOf(pieces: AsyncIterable<Uint8Array>, file: string): AsyncGenerator<Row[]> {
  let rows: Row[] = []
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const piece of pieces) {
    rest += decoder.decode(piece, { stream: true })
    const lines = rest.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      rows.push(parseRow(line, file))
      if (rows.length < PAGE) continue
      yield rows
      rows = []
    }
  }
  if (rest !== '') throw damaged(file)
  if (rows.length > 0) yield rows
}

function parseRow(line: string, file: string): Row {
  try {
    return JSON.parse(line) as Row
  } catch (cause) {
    throw damaged(file, cause)
  }
}
