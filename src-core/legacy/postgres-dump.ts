import { closeSync, createReadStream, openSync, readSync } from 'node:fs'
import { LvaError } from '../kernel/index.ts'
import { noSpace, refuseIfAborted } from './faults.ts'

/** Rows that one transaction of the copy takes. */
const ROWS = 5_000
const COLUMNS = ['id', 'session_id', 'timestamp', 'user_text', 'agent_text', 'metadata'] as const
const BEGINNING = 4_096
/** UTF-16 code units of one line; a text of v1 has no bound, and a file without line ends is no dump. */
const LONGEST_LINE = 256 * 2 ** 20

/** Whether a file is what pg_dump writes: as SQL, or in its own form, which only it can read. */
export function postgresDumpKind(path: string): 'sql' | 'archive' | null {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(BEGINNING)
    const beginning = bytes.toString('latin1', 0, readSync(file, bytes, 0, BEGINNING, 0))
    if (beginning.startsWith('PGDMP')) return 'archive'
    return /^-- PostgreSQL database dump\r?$/m.test(beginning) ? 'sql' : null
  } finally {
    closeSync(file)
  }
}

/**
 * Writes the table `captures` of a dump of the Postgres that later versions used into a database as v1 had it.
 * @throws LvaError legacy-not-v1, legacy-damaged, disk-full, cancelled
 */
export async function copyPostgresDump(from: string, to: string, signal?: AbortSignal): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite')
  const database = new DatabaseSync(to)
  try {
    database.exec(`pragma journal_mode = off; pragma synchronous = off; begin;
      create table captures (id integer primary key, session_id text not null, timestamp datetime, user_text text not null,
        agent_text text not null, metadata text)`)
    const insert = database.prepare('insert into captures values (?, ?, ?, ?, ?, ?)')
    let rows = 0
    for await (const values of capturesIn(from, signal)) {
      insert.run(BigInt(values[0] ?? 'null'), ...values.slice(1))
      rows += 1
      if (rows % ROWS === 0) database.exec('commit; begin')
    }
    database.exec('commit')
  } catch (error) {
    if (error instanceof LvaError) throw error
    throw isFull(error) ? noSpace(error) : damaged(error)
  } finally {
    database.close()
  }
}

/** The rows of `captures`, each in the order of `COLUMNS`. */
async function* capturesIn(path: string, signal?: AbortSignal): AsyncGenerator<(string | null)[]> {
  let places: number[] | null = null
  let width = 0
  let isFound = false
  for await (const line of linesOf(path)) {
    refuseIfAborted(signal)
    if (places) {
      if (line === '\\.') {
        places = null
        continue
      }
      const values = line.split('\t')
      if (values.length !== width) throw damaged()
      yield places.map((place) => unescaped(values[place]))
      continue
    }
    const [, list] = /^COPY (?:"?\w+"?\.)?"?captures"? \(([^)]*)\) FROM stdin;\r?$/.exec(line) ?? []
    if (list === undefined) continue
    isFound = true
    const names = list.split(',').map((name) => name.trim().replaceAll('"', ''))
    width = names.length
    places = COLUMNS.map((column) => names.indexOf(column))
    const missing = COLUMNS.filter(
      (column, index) => places?.[index] === -1 && column !== 'metadata' && column !== 'timestamp',
    )
    if (missing.length > 0) throw notV1(`Its table of captures has no ${missing.join(', ')}.`)
  }
  if (places) throw damaged()
  if (!isFound) throw notV1('It holds no rows of a table of captures as COPY.')
}

/** Lines ended by a line feed alone: texts may hold every other sign that ends lines elsewhere. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const piece of createReadStream(path)) {
    rest += decoder.decode(piece as Uint8Array, { stream: true })
    let from = 0
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n', from)) {
      yield rest.slice(from, end)
      from = end + 1
    }
    rest = rest.slice(from)
    if (rest.length > LONGEST_LINE) throw damaged()
  }
  if (rest !== '') yield rest
}

const SIGNS: Record<string, string> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }

/** A value of COPY's text format (postgresql.org, "COPY", Text Format). */
function unescaped(value: string | undefined): string | null {
  if (value === undefined || value === '\\N') return null
  if (!value.includes('\\')) return value
  return value.replace(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))/gs, (_, octal?: string, hex?: string, sign = '') => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16))
    return SIGNS[sign] ?? sign
  })
}

/** For a dump in pg_dump's own form. */
export function archiveOfPostgres(): LvaError {
  return notV1('It is a dump in a form that only pg_restore reads.')
}

function notV1(why: string): LvaError {
  return new LvaError('legacy-not-v1', `This dump cannot be imported. ${why}`, {
    advice: 'Make one with: pg_dump --format=plain --table=captures DATABASE > captures.sql',
  })
}

function damaged(cause?: unknown): LvaError {
  return new LvaError('legacy-damaged', 'The dump ends in the middle, or holds rows that are none.', {
    advice: 'Make it again with pg_dump.',
    ...(cause === undefined ? {} : { cause }),
  })
}

function isFull(error: unknown): boolean {
  return (
    error instanceof Error && /disk is full|ENOSPC/i.test(`${error.message} ${(error as NodeJS.ErrnoException).code}`)
  )
}
