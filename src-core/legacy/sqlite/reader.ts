import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { pathToFileURL } from 'node:url'
import type { V1Row } from '../row.ts'
import type { Failure, FileInfo, ReaderAnswer, ReaderRequest } from './messages.ts'

/** Why a file cannot be read, in words that carry none of its content. */
export class ReaderFailure extends Error {
  readonly reason: Failure

  constructor(reason: Failure, detail: string) {
    super(detail)
    this.reason = reason
  }
}

const NEEDED = ['id', 'session_id', 'user_text', 'agent_text']
const OPTIONAL = ['timestamp', 'metadata']
/** v1's longest failure reply has 80 letters. */
const LONGEST_APOLOGY = 400
const HASH_BYTES = 4 * 2 ** 20
const MAGIC = 'SQLite format 3\u0000'

type Column = Uint8Array | null
interface RawRow extends Record<string, unknown> {
  /** Not `id`: ordering by it would then order by this text. */
  row_id: string
  session_id: Column
  session_type: string
  ts: string | null
  ts_type: string
  user_text: Column
  user_type: string
  agent_text: Column
  agent_type: string
  metadata: Column
  metadata_type: string
}

/** Reads one file of v1 and leaves it exactly as it is. Synchronous: it lives on a thread of its own. */
export class Reader {
  #path = ''
  #database: DatabaseSync | undefined
  #columns = ''
  #next: StatementSync | undefined
  #words: DatabaseSync | undefined

  answer(request: ReaderRequest): ReaderAnswer {
    switch (request.type) {
      case 'open':
        return { type: 'opened', info: this.#open(request.path) }
      case 'hash':
        return { type: 'hashed', sha256: hashFile(this.#path) }
      case 'rows':
        return { type: 'rows', rows: this.#rows(request.after, request.most, request.mostBytes) }
      case 'rowsById':
        return {
          type: 'rows',
          rows: this.#query(
            'where id in (select cast(value as integer) from json_each(?))',
            JSON.stringify(request.ids),
          ),
        }
      case 'rowsOfSession':
        return { type: 'rows', rows: this.#query('where session_id = ? order by captures.id', request.sessionId) }
      case 'indexRows':
        return { type: 'indexed', last: this.#indexRows(request.file, request.after, request.most) }
      case 'find':
        return { type: 'found', ids: this.#find(request.query, request.most) }
    }
  }

  #open(path: string): FileInfo {
    this.#path = path
    refuseUnlessSqlite(path)
    const url = pathToFileURL(path)
    // Immutable: no locks, no journal, no file beside it, whatever state it is in.
    url.searchParams.set('immutable', '1')
    const database = new DatabaseSync(url, { readOnly: true, allowExtension: false })
    this.#database = database
    const names = new Set(
      database
        .prepare("select name from sqlite_master where type = 'table'")
        .all()
        .map(({ name }) => String(name)),
    )
    if (!names.has('captures')) {
      throw new ReaderFailure('other-program', 'The database has no table "captures".')
    }
    const info = database.prepare('select name, pk from pragma_table_info(?)').all('captures')
    const columns = new Set(info.map(({ name }) => String(name)))
    const missing = NEEDED.filter((name) => !columns.has(name))
    if (missing.length > 0) throw new ReaderFailure('columns-missing', missing.join(', '))
    this.#columns = columnsOf(columns)
    const [count] = database.prepare('select count(*) as rows from captures').all()
    return {
      variant: names.has('sessions') ? 'v1-with-sessions' : names.has('embeddings') ? 'v1-with-embeddings' : 'v1',
      rows: Number(count?.rows ?? 0),
    }
  }

  #rows(after: string | null, most: number, mostBytes: number): V1Row[] {
    const database = this.#opened()
    this.#next ??= database.prepare(
      `select ${this.#columns} from captures where id > cast(? as integer) or ? is null order by captures.id limit ?`,
    )
    const rows: V1Row[] = []
    let bytes = 0
    for (const raw of this.#next.iterate(after, after, most)) {
      const row = rowOf(raw as RawRow)
      rows.push(row)
      bytes += row.userText.length + row.agentText.length
      if (bytes >= mostBytes) break
    }
    return rows
  }

  #query(where: string, value: string): V1Row[] {
    return this.#opened()
      .prepare(`select ${this.#columns} from captures ${where}`)
      .all(value)
      .map((raw) => rowOf(raw as RawRow))
  }

  #indexRows(file: string, after: string | null, most: number): string | null {
    if (!this.#words) {
      rmSync(file, { force: true })
      this.#words = new DatabaseSync(file)
      this.#words.exec(
        "pragma journal_mode = off; pragma synchronous = off; create virtual table words using fts5(user_text, agent_text, content = '')",
      )
    }
    const words = this.#words
    const add = words.prepare('insert into words (rowid, user_text, agent_text) values (cast(? as integer), ?, ?)')
    const rows = this.#rows(after, most, 4 * 2 ** 20)
    words.exec('begin')
    for (const { id, userText, agentText } of rows) add.run(id, userText, agentText)
    words.exec('commit')
    return rows.at(-1)?.id ?? null
  }

  #find(query: string, most: number): string[] {
    if (!this.#words) return []
    return this.#words
      .prepare('select cast(rowid as text) as id from words where words match ? limit ?')
      .all(query, most)
      .map(({ id }) => String(id))
  }

  #opened(): DatabaseSync {
    if (!this.#database) throw new ReaderFailure('unexpected', 'no file is open')
    return this.#database
  }
}

/** What a thrown error says about the file. */
export function failureOf(error: unknown): { reason: Failure; detail: string } {
  if (error instanceof ReaderFailure) return { reason: error.reason, detail: error.message }
  const code = error instanceof Error && 'errcode' in error ? Number(error.errcode) : undefined
  // Extended result codes keep the primary one in their lowest byte.
  switch (code === undefined ? undefined : code & 0xff) {
    case 11: // SQLITE_CORRUPT
    case 10: // SQLITE_IOERR: a page beyond the end
    case 1: // SQLITE_ERROR: a schema that cannot be understood
      return { reason: 'damaged', detail: `SQLite result ${code}` }
    case 13: // SQLITE_FULL
      return { reason: 'no-space', detail: 'SQLite result 13' }
    case 26: // SQLITE_NOTADB
      return { reason: 'not-sqlite', detail: 'SQLite result 26' }
    default: {
      const isFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC'
      return { reason: isFull ? 'no-space' : 'unexpected', detail: String(error) }
    }
  }
}

function refuseUnlessSqlite(path: string): void {
  const { size } = statSync(path)
  if (size === 0) throw new ReaderFailure('empty', 'The file is empty.')
  const head = Buffer.alloc(MAGIC.length)
  const file = openSync(path, 'r')
  try {
    readSync(file, head, 0, head.length, 0)
  } finally {
    closeSync(file)
  }
  if (head.toString('latin1') !== MAGIC)
    throw new ReaderFailure('not-sqlite', 'The file does not begin as SQLite does.')
}

/** Texts come as bytes: SQLite holds any, and JavaScript's own decoding hides which ones are no UTF-8. */
function columnsOf(columns: ReadonlySet<string>): string {
  const text = (name: string, as: string) => `cast(${name} as blob) as ${name}, typeof(${name}) as ${as}`
  const optional = (name: string, expression: string, otherwise: string) => (columns.has(name) ? expression : otherwise)
  const [timestamp, metadata] = OPTIONAL as [string, string]
  return [
    'cast(captures.id as text) as row_id',
    text('session_id', 'session_type'),
    optional(timestamp, 'cast(timestamp as text) as ts, typeof(timestamp) as ts_type', "null as ts, 'null' as ts_type"),
    text('user_text', 'user_type'),
    text('agent_text', 'agent_type'),
    optional(metadata, text('metadata', 'metadata_type'), "null as metadata, 'null' as metadata_type"),
  ].join(', ')
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function rowOf(raw: RawRow): V1Row {
  let malformed = false
  const decode = (bytes: Column): string => {
    if (bytes === null) return ''
    let text: string
    try {
      text = strict.decode(bytes)
    } catch {
      malformed = true
      text = decoder.decode(bytes)
    }
    if (!text.includes('\u0000')) return text
    malformed = true
    return text.replaceAll('\u0000', '\uFFFD')
  }
  const hash = createHash('sha256')
  const timestamp = raw.ts === null ? null : Buffer.from(raw.ts)
  for (const [type, bytes] of [
    ['integer', Buffer.from(raw.row_id)],
    [raw.session_type, raw.session_id],
    [raw.ts_type, timestamp],
    [raw.user_type, raw.user_text],
    [raw.agent_type, raw.agent_text],
    [raw.metadata_type, raw.metadata],
  ] as const) {
    hash.update(`${type}:${bytes?.length ?? 0}:`)
    if (bytes) hash.update(bytes)
  }
  const agent = raw.agent_text
  return {
    id: raw.row_id,
    sessionId: decode(raw.session_id),
    timestamp: timestamp && decode(timestamp),
    timestampIsNumber: raw.ts_type === 'integer' || raw.ts_type === 'real',
    userText: decode(raw.user_text),
    agentText: decode(agent),
    agentSha256:
      agent && agent.length > 0 && agent.length <= LONGEST_APOLOGY
        ? createHash('sha256').update(agent).digest('hex')
        : null,
    metadata: raw.metadata && decode(raw.metadata),
    checksum: hash.digest('hex'),
    malformed,
  }
}

function hashFile(path: string): string {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(HASH_BYTES)
  const file = openSync(path, 'r')
  try {
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      hash.update(buffer.subarray(0, read))
  } finally {
    closeSync(file)
  }
  return hash.digest('hex')
}
