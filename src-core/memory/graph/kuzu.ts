import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Connection, Database, LbugValue, PreparedStatement, QueryResult } from 'kuzu'
import { Mutex } from '../../kernel/index.ts'
import { byWeight } from './in-memory.ts'
import { type Graph, type GraphRelation, type GraphSnapshot, LEARNING_KINDS, LONGEST_PATH } from './types.ts'

/**
 * The graph in Kuzu, one file a revision: `<folder>/<revision>.graph`. A new one is copied in from tables of text, which takes a fiftieth of
 * what single statements take, under another name, and renamed when it is whole.
 */

const MARKER = 'opening'
const BUFFER_BYTES = 128 * 2 ** 20
const THREADS = 2

const SCHEMA = [
  'CREATE NODE TABLE Concept(id STRING PRIMARY KEY, name STRING, weight DOUBLE)',
  'CREATE NODE TABLE Capture(id STRING PRIMARY KEY, at INT64)',
  'CREATE NODE TABLE Document(id STRING PRIMARY KEY, at INT64)',
  'CREATE NODE TABLE Session(id STRING PRIMARY KEY)',
  'CREATE REL TABLE RELATED_TO(FROM Concept TO Concept, kind STRING, weight DOUBLE, evidence INT64, since INT64, until INT64)',
  'CREATE REL TABLE CAPTURE_MENTIONS(FROM Capture TO Concept, weight DOUBLE)',
  'CREATE REL TABLE DOCUMENT_MENTIONS(FROM Document TO Concept, weight DOUBLE)',
  'CREATE REL TABLE PART_OF(FROM Capture TO Session)',
]

const RELATION = 'r.kind AS kind, r.weight AS weight, r.evidence AS evidence, r.since AS firstAt, r.until AS lastAt'
const NEIGHBOURS = `MATCH (a:Concept {id: $id})-[r:RELATED_TO]->(b:Concept) RETURN a.id AS fromId, b.id AS toId, ${RELATION}
  UNION ALL MATCH (a:Concept {id: $id})<-[r:RELATED_TO]-(b:Concept) RETURN b.id AS fromId, a.id AS toId, ${RELATION}`
const AMONG = `MATCH (a:Concept)-[r:RELATED_TO]->(b:Concept) WHERE a.id IN $ids AND b.id IN $ids
  RETURN a.id AS fromId, b.id AS toId, ${RELATION}`
const OF_SEVERAL = `MATCH (a:Concept)-[r:RELATED_TO]-(b:Concept) WHERE a.id IN $ids
  RETURN b.id AS id, max(r.weight) AS weight ORDER BY weight DESC, id LIMIT $limit`
const PATH = `MATCH p = (a:Concept {id: $from})-[:RELATED_TO* SHORTEST 1..${LONGEST_PATH}
  (e, n | WHERE e.kind IN [${LEARNING_KINDS.map((kind) => `'${kind}'`).join(', ')}])]->(b:Concept {id: $to})
  RETURN properties(nodes(p), 'id') AS ids LIMIT 1`
const MENTIONED = `MATCH (c:Capture)-[:CAPTURE_MENTIONS]->(a:Concept {id: $id}) RETURN c.id AS id, c.at AS at
  UNION ALL MATCH (c:Document)-[:DOCUMENT_MENTIONS]->(a:Concept {id: $id}) RETURN c.id AS id, c.at AS at`

/** One open file. */
interface Open {
  database: Database
  connection: Connection
  prepared: Map<string, PreparedStatement>
}

export class KuzuGraph implements Graph {
  readonly #folder: string
  /** Statements of one connection run one after the other, and closing waits for them. */
  readonly #turn = new Mutex()
  #open: Open | undefined
  #revision: number | undefined

  private constructor(folder: string) {
    this.#folder = folder
  }

  /**
   * Opens the newest graph of the folder, or an empty one. What cannot be opened, or was being opened when the program crashed, is deleted: it is derived.
   * @throws when Kuzu cannot be loaded on this machine, or the folder not written
   */
  static async open(folder: string): Promise<KuzuGraph> {
    const graph = new KuzuGraph(folder)
    await mkdir(folder, { recursive: true })
    await import('kuzu')
    const names = await readdir(folder)
    const crashed = names.includes(MARKER)
    const revisions = names.flatMap((name) => /^(\d+)\.graph$/.exec(name)?.[1] ?? [])
    const newest = crashed ? undefined : revisions.map(Number).sort((a, b) => b - a)[0]
    await graph.#removeAllBut(newest)
    if (newest === undefined) return graph
    try {
      await graph.#openFile(newest)
    } catch {
      // Damaged. Whoever asks for the revision sees that there is none, and makes it anew.
      await graph.#closeFile()
      await graph.#removeAllBut(undefined)
    }
    return graph
  }

  async revision(): Promise<number | undefined> {
    return this.#revision
  }

  replace(snapshot: GraphSnapshot): Promise<void> {
    return this.#turn.run(async () => {
      const building = join(this.#folder, 'building')
      await this.#closeFile()
      await this.#removeAllBut(undefined)
      await mkdir(building, { recursive: true })
      const file = join(building, 'new.graph')
      const made = await openDatabase(file)
      try {
        for (const statement of SCHEMA) await run(made, statement)
        for (const [table, rows] of tablesOf(snapshot))
          await copyInto(made, join(building, `${table}.csv`), table, rows)
        await run(made, 'CHECKPOINT')
      } finally {
        await closeDatabase(made)
      }
      await rename(file, this.#path(snapshot.revision))
      await rm(building, { recursive: true, force: true })
      await this.#openFile(snapshot.revision)
    })
  }

  async neighbours(id: string, limit: number): Promise<GraphRelation[]> {
    const rows = await this.#ask<GraphRelation>(NEIGHBOURS, { id })
    return rows.map(relationOf).sort(byWeight).slice(0, limit)
  }

  async path(fromId: string, toId: string): Promise<string[] | null> {
    if (fromId === toId) return null
    const [row] = await this.#ask<{ ids: string[] }>(PATH, { from: fromId, to: toId })
    return row?.ids ?? null
  }

  async around(id: string, steps: number, limit: number) {
    const ids = [id]
    for (let step = 0, from = 0; step < steps && ids.length < limit; step += 1) {
      const border = ids.slice(from)
      from = ids.length
      if (border.length === 0) break
      const rows = await this.#ask<{ id: string }>(OF_SEVERAL, { ids: border, limit: limit + ids.length })
      for (const row of rows) if (ids.length < limit && !ids.includes(row.id)) ids.push(row.id)
    }
    return { ids, relations: (await this.#ask<GraphRelation>(AMONG, { ids })).map(relationOf) }
  }

  async mentionedIn(id: string, limit: number): Promise<string[]> {
    const rows = await this.#ask<{ id: string; at: number }>(MENTIONED, { id })
    return rows
      .sort((a, b) => Number(b.at) - Number(a.at) || (a.id < b.id ? -1 : 1))
      .slice(0, limit)
      .map((row) => row.id)
  }

  close(): Promise<void> {
    return this.#turn.run(() => this.#closeFile())
  }

  #ask<T>(statement: string, params: Record<string, LbugValue>): Promise<T[]> {
    return this.#turn.run(async () => {
      const open = this.#open
      if (!open) return []
      let prepared = open.prepared.get(statement)
      if (!prepared) {
        prepared = await open.connection.prepare(statement)
        open.prepared.set(statement, prepared)
      }
      return rowsOf<T>(await open.connection.execute(prepared, params))
    })
  }

  async #openFile(revision: number): Promise<void> {
    const marker = join(this.#folder, MARKER)
    await writeFile(marker, '')
    const open = await openDatabase(this.#path(revision))
    try {
      // Reads a page of every table that is asked, so that damage shows here.
      await run(open, 'MATCH (a:Concept)-[r:RELATED_TO]->(b:Concept) RETURN count(*) AS n')
      await run(open, 'MATCH (c:Capture)-[r:CAPTURE_MENTIONS]->(b:Concept) RETURN count(*) AS n')
    } catch (error) {
      await closeDatabase(open)
      throw error
    } finally {
      await rm(marker, { force: true })
    }
    this.#open = open
    this.#revision = revision
  }

  async #closeFile(): Promise<void> {
    const open = this.#open
    this.#open = undefined
    this.#revision = undefined
    if (open) await closeDatabase(open)
  }

  async #removeAllBut(revision: number | undefined): Promise<void> {
    for (const name of await readdir(this.#folder))
      if (revision === undefined || !name.startsWith(`${revision}.graph`))
        await rm(join(this.#folder, name), { recursive: true, force: true })
  }

  #path(revision: number): string {
    return join(this.#folder, `${revision}.graph`)
  }
}

async function openDatabase(file: string): Promise<Open> {
  const { Connection, Database } = await import('kuzu')
  const database = new Database(file, BUFFER_BYTES)
  try {
    await database.init()
    const connection = new Connection(database, THREADS)
    await connection.init()
    return { database, connection, prepared: new Map() }
  } catch (error) {
    await database.close().catch(() => undefined)
    throw error
  }
}

async function closeDatabase({ database, connection, prepared }: Open): Promise<void> {
  prepared.clear()
  await connection.close()
  await database.close()
}

async function run({ connection }: Open, statement: string): Promise<void> {
  await rowsOf(await connection.query(statement))
}

/** Reads and closes: a result left open crashes the engine when the process ends. */
async function rowsOf<T>(result: QueryResult | QueryResult[]): Promise<T[]> {
  const results = Array.isArray(result) ? result : [result]
  try {
    return (await Promise.all(results.map((each) => each.getAll()))).flat() as T[]
  } finally {
    for (const each of results) each.close()
  }
}

async function copyInto(open: Open, file: string, table: string, rows: readonly (string | number)[][]): Promise<void> {
  if (rows.length === 0) return
  await writeFile(file, rows.map((row) => row.map(cell).join(',')).join('\n'))
  await run(open, `COPY ${table} FROM ${literal(file)} (HEADER=false, PARALLEL=false)`)
  await rm(file)
}

function* tablesOf({
  concepts,
  relations,
  captures,
  mentions,
}: GraphSnapshot): Generator<[string, (string | number)[][]]> {
  const isDocument = (id: string) => id.startsWith('document:')
  const sessions = new Set(captures.flatMap(({ sessionId }) => sessionId ?? []))
  yield ['Concept', concepts.map(({ id, name, weight }) => [id, name, weight])]
  yield ['Capture', captures.filter(({ id }) => !isDocument(id)).map(({ id, at }) => [id, at])]
  yield ['Document', captures.filter(({ id }) => isDocument(id)).map(({ id, at }) => [id, at])]
  yield ['Session', Array.from(sessions, (id) => [id])]
  yield [
    'RELATED_TO',
    relations.map(({ fromId, toId, kind, weight, evidence, firstAt, lastAt }) => [
      fromId,
      toId,
      kind,
      weight,
      evidence,
      firstAt,
      lastAt,
    ]),
  ]
  const rows = (some: GraphSnapshot['mentions']) =>
    some.map(({ captureId, conceptId, weight }) => [captureId, conceptId, weight])
  yield ['CAPTURE_MENTIONS', rows(mentions.filter(({ captureId }) => !isDocument(captureId)))]
  yield ['DOCUMENT_MENTIONS', rows(mentions.filter(({ captureId }) => isDocument(captureId)))]
  yield ['PART_OF', captures.flatMap(({ id, sessionId }) => (sessionId === null ? [] : [[id, sessionId]]))]
}

function cell(value: string | number): string {
  return typeof value === 'number' ? String(value) : `"${value.replaceAll(/[\r\n]/g, ' ').replaceAll('"', '""')}"`
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}

/** INT64 comes as a bigint where it is large. */
function relationOf(row: GraphRelation): GraphRelation {
  return { ...row, evidence: Number(row.evidence), firstAt: Number(row.firstAt), lastAt: Number(row.lastAt) }
}
