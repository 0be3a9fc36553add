import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { ApologyFlag } from '../src-core/legacy/index.ts'

/** Databases as v1 and what came after it left them, made from the schema in docs/import-v1.md and v1's own faults. */

export interface FixtureRow {
  id?: number | bigint
  session?: SQLInputValue
  /** As SQLite is given it; a text of digits becomes a number there. */
  timestamp?: SQLInputValue
  user?: SQLInputValue
  agent?: SQLInputValue
  metadata?: SQLInputValue
}

export type Variant = 'A' | 'B' | 'C' | 'E'

const SCHEMA = `
create table captures (id integer primary key autoincrement, session_id text not null,
  timestamp datetime default current_timestamp, user_text text not null, agent_text text not null, metadata text);
create index idx_session_timestamp on captures (session_id, timestamp desc);
create virtual table captures_fts using fts5(session_id unindexed, user_text, agent_text, content=captures, content_rowid=id);
create trigger captures_ai after insert on captures begin
  insert into captures_fts (rowid, session_id, user_text, agent_text) values (new.id, new.session_id, new.user_text, new.agent_text);
end;
create trigger captures_ad after delete on captures begin delete from captures_fts where rowid = old.id; end;
create trigger captures_au after update on captures begin
  update captures_fts set session_id = new.session_id, user_text = new.user_text, agent_text = new.agent_text where rowid = new.id;
end;`

const EXTRA: Record<Variant, string> = {
  A: '',
  B: `create table embeddings (id integer primary key, capture_id integer not null, embedding blob not null,
      embedding_model text not null, created_at datetime default current_timestamp);
    create index idx_embeddings_capture on embeddings (capture_id);
    insert into embeddings (capture_id, embedding, embedding_model) values
      (1, zeroblob(6144), 'text-embedding-ada-002'), ('0b5e-uuid_chunk_3', zeroblob(6144), 'text-embedding-ada-002');`,
  C: `create table alembic_version (version_num varchar(32) not null primary key);
    insert into alembic_version values ('002');
    create table sessions (id integer primary key autoincrement, session_id text unique not null,
      created_at datetime default current_timestamp, last_activity datetime default current_timestamp, ended_at datetime,
      exchange_count integer default 0, total_tokens integer default 0, metadata text,
      status text default 'active' check (status in ('active', 'ended', 'expired', 'cleaned')));
    create index idx_captures_session_id on captures (session_id);`,
  E: '',
}

export function makeV1(path: string, rows: readonly FixtureRow[], variant: Variant = 'A'): void {
  mkdirSync(dirname(path), { recursive: true })
  const database = new DatabaseSync(path)
  database.exec(`pragma synchronous = off; begin; ${SCHEMA} ${EXTRA[variant]}`)
  addRows(database, rows)
  database.exec('commit')
  database.close()
}

/** Variant D: the table of the later Postgres, as `pg_dump --format=plain` writes it, with what pg_dump writes around it. */
export function makePostgresDump(path: string, rows: readonly FixtureRow[]): void {
  const escaped = (value: SQLInputValue | undefined) =>
    value === null || value === undefined
      ? '\\N'
      : String(value)
          .replaceAll('\\', '\\\\')
          .replaceAll('\n', '\\n')
          .replaceAll('\r', '\\r')
          .replaceAll('\t', '\\t')
          .replaceAll('\b', '\\b')
          .replaceAll('\f', '\\f')
          .replaceAll('\v', '\\v')
  const lines = rows.map((row, index) => {
    const {
      id = index + 1,
      session = 's',
      timestamp = '2024-05-01 09:30:00.123456',
      user = 'said',
      agent = 'answered',
    } = row
    const metadata = row.metadata === undefined ? '{"source": "api"}' : row.metadata
    return [session, id, timestamp, user, agent, metadata, "'said':1A 'answer':2B"].map(escaped).join('\t')
  })
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(
    path,
    `--
-- PostgreSQL database dump
--

-- Dumped from database version 16.4

SET client_encoding = 'UTF8';

CREATE TABLE public.captures (
    session_id text NOT NULL, id integer NOT NULL, "timestamp" timestamp without time zone DEFAULT now(),
    user_text text NOT NULL, agent_text text NOT NULL, metadata jsonb, search_vector tsvector
);

COPY public.capture_notes (id, captures) FROM stdin;
1\tCOPY public.captures (id) FROM stdin;
\\.

COPY public.captures (session_id, id, "timestamp", user_text, agent_text, metadata, search_vector) FROM stdin;
${lines.map((line) => `${line}\n`).join('')}\\.

CREATE INDEX idx_captures_search ON public.captures USING gin (search_vector);
--
-- PostgreSQL database dump complete
--
`,
  )
}

/** Goes on in a database that is there, as v1 would have. */
export function extendV1(path: string, rows: readonly FixtureRow[]): void {
  const database = new DatabaseSync(path)
  database.exec('pragma synchronous = off; begin')
  addRows(database, rows)
  database.exec('commit')
  database.close()
}

function addRows(database: DatabaseSync, rows: readonly FixtureRow[]): void {
  const insert = database.prepare(
    'insert into captures (id, session_id, timestamp, user_text, agent_text, metadata) values (?, ?, ?, ?, ?, ?)',
  )
  for (const { id = null, session = 's', timestamp, user = 'said', agent = 'answered', metadata } of rows) {
    insert.run(
      id,
      session,
      timestamp === undefined ? '2024-05-01 09:30:00' : timestamp,
      user,
      agent,
      metadata === undefined ? '{"source": "api"}' : metadata,
    )
  }
}

/** What a file is, and what lies beside it. */
export function fingerprint(path: string): unknown {
  const { size, mtimeMs, ino } = statSync(path)
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex')
  return { size, mtimeMs, ino, sha256, beside: readdirSync(dirname(path)).sort() }
}

/** v1's own failure replies are known by their hashes alone; these stand in for them. */
export const TEST_APOLOGY = 'Sorry, my test brain is tired.'
export const TEST_APOLOGIES: ReadonlyMap<string, ApologyFlag> = new Map([
  [createHash('sha256').update(TEST_APOLOGY).digest('hex'), 'apology-rate-limit'],
])

const TOPICS = [
  'photosynthesis',
  'Kirchhoff',
  'mitochondria',
  'inflation',
  'recursion',
  'Pythagoras',
  'osmosis',
  'entropy',
]

/** A database as somebody would have it who used v1 for long. @yields rows in the order of their ids */
export function* manyRows(count: number): Generator<FixtureRow> {
  const start = Date.UTC(2023, 0, 1)
  for (let n = 0; n < count; n += 1) {
    const topic = TOPICS[n % TOPICS.length] as string
    const at = new Date(start + Math.floor(n / 2) * 61_000).toISOString().slice(0, 19).replace('T', ' ')
    yield {
      session: `session_${Math.floor(n / 10)}`,
      timestamp: at,
      user: `Today number${n} I read about ${topic}; what I take from it is that part ${n % 97} follows from part ${n % 89}.`,
      agent: `You connect ${topic} with what you said before. What would you want to try out next about it${n}?`,
    }
  }
}
