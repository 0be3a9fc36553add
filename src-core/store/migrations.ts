import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Clock, isLvaError, LvaError } from '../kernel/index.ts'
import { sqlStateOf } from './sql-error.ts'
import type { Database, Queries } from './types.ts'

/** One step of the schema, as drizzle-kit wrote it. */
export interface Migration {
  /** From 0, without gaps. */
  position: number
  /** Name of the file without `.sql`, such as `0000_vault`. */
  tag: string
  /** SHA-256 of the SQL, hex. */
  hash: string
  sql: string
}

/** A step that a database has behind it. */
export interface AppliedMigration {
  position: number
  tag: string
  hash: string
}

/** The app's own migrations: `<app>/migrations`, both from source and from `out/main`. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('../../migrations', import.meta.url))

const UNDEFINED_TABLE = '42P01'
/** Key of the advisory lock under which one node of several migrates a server; any number that nothing else uses. */
const MIGRATION_LOCK = 7_305_801

/** Reads drizzle-kit's journal and the files that it names. */
export function readMigrations(folder: string = MIGRATIONS_FOLDER): Migration[] {
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: { tag: string }[]
  }
  return journal.entries.map(({ tag }, position) => {
    // A checkout on Windows may have other line ends.
    const sql = readFileSync(join(folder, `${tag}.sql`), 'utf8').replaceAll('\r\n', '\n')
    return { position, tag, sql, hash: createHash('sha256').update(sql).digest('hex') }
  })
}

/** One value for a whole list of migrations: 64 hex digits. */
export function migrationsHash(migrations: readonly Migration[]): string {
  return createHash('sha256')
    .update(migrations.map(({ tag, hash }) => `${tag} ${hash}\n`).join(''))
    .digest('hex')
}

/** What a database has behind it, in order; nothing when it is empty. */
export async function appliedMigrations(queries: Queries): Promise<AppliedMigration[]> {
  try {
    // The first statement of every start, and therefore the plainest: columns or an order would cost it 30 ms of compiling WebAssembly.
    const rows = await queries.query<AppliedMigration & Record<string, unknown>>('table applied_migrations')
    return rows.sort((a, b) => a.position - b.position)
  } catch (error) {
    if (sqlStateOf(error) === UNDEFINED_TABLE) return []
    throw error
  }
}

/**
 * What is still to be done.
 * @throws LvaError vault-newer when the database has steps that this version does not know
 */
export function pendingMigrations(applied: readonly AppliedMigration[], migrations: readonly Migration[]): Migration[] {
  const foreign = applied.find(({ position, hash }) => migrations[position]?.hash !== hash)
  if (foreign) {
    throw new LvaError('vault-newer', 'The data folder was last opened by a newer version of the app.', {
      advice: 'Install the newest version and open it with that one; nothing was changed.',
      params: { migration: foreign.tag },
    })
  }
  return migrations.slice(applied.length)
}

/**
 * Brings a database to the last migration: all steps in one transaction, or none.
 * @throws LvaError vault-newer; migration-failed naming the step; disk-full
 */
export async function migrate(database: Database, migrations: readonly Migration[], clock: Clock): Promise<void> {
  await database.transaction(async (tx) => {
    // Another node may have begun; its transaction ends first, and then there is nothing left to do.
    await tx.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK])
    await tx.exec(
      'create table if not exists applied_migrations (position integer primary key, tag text not null, hash text not null, applied_at timestamptz not null)',
    )
    for (const migration of pendingMigrations(await appliedMigrations(tx), migrations)) {
      await applyOne(tx, migration)
      await tx.query('insert into applied_migrations (position, tag, hash, applied_at) values ($1, $2, $3, $4)', [
        migration.position,
        migration.tag,
        migration.hash,
        new Date(clock.now()),
      ])
    }
  })
}

async function applyOne(tx: Queries, migration: Migration): Promise<void> {
  try {
    await tx.exec(migration.sql, { timeoutMs: Number.POSITIVE_INFINITY })
  } catch (error) {
    if (isLvaError(error, 'disk-full')) throw error
    throw new LvaError(
      'migration-failed',
      `The stored data could not be brought to this version (step ${migration.tag}).`,
      {
        advice: 'Nothing was changed. Go back to the version of the app that you had, and report this.',
        params: { migration: migration.tag },
        cause: error,
      },
    )
  }
}
