import { createHash, randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Clock, type Log, silentLog, systemClock } from '../kernel/index.ts'
import { packFolder } from './archive.ts'
import { type Migration, migrate, migrationsHash, readMigrations } from './migrations.ts'
import { openPglite } from './pglite/database.ts'

/**
 * A data folder ready made: initdb, extensions and migrations are behind it, so that a first open takes half a second and not four.
 * As a gzipped tar it is 4 MB; plain it would be 26 MB.
 */

export interface TemplateOptions {
  migrationsFolder?: string
  clock?: Clock
  log?: Log
}

/** Where the build puts the template: `out/template`, both from source and from `out/main`. */
export const TEMPLATE_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../out/template' : '../template', import.meta.url),
)

/** What initdb makes beside the database that is used: patterns for further databases, of which a vault has none. Half of all files. */
const UNUSED_DATABASES = ['template0', 'template1']
const EXTENSIONS = ['vector', 'pg_textsearch']
const PACKAGES = ['@electric-sql/pglite', '@electric-sql/pglite-pgvector', '@electric-sql/pglite-pg_textsearch']

/**
 * The name says what went in: the versions of PGlite and of its extensions, what was left out, and the migrations. A template of anything
 * else has another name, and is not found.
 */
export function templateName(migrations: readonly Migration[]): string {
  const versions = PACKAGES.map((name) => `${name} ${packageVersion(name)}`)
  const left = UNUSED_DATABASES.map((name) => `without ${name}`)
  const digest = createHash('sha256')
    .update([...versions, ...left, migrationsHash(migrations)].join('\n'))
    .digest('hex')
  return `vault-${packageVersion('@electric-sql/pglite')}-${digest.slice(0, 16)}.tar.gz`
}

/** The first folder's template that fits; undefined when none does. */
export function findTemplate(folders: readonly string[], migrations: readonly Migration[]): string | undefined {
  const name = templateName(migrations)
  return folders.map((folder) => join(folder, name)).find((file) => existsSync(file))
}

/** Makes a template and puts it into `folder` under its name, all at once. @returns the file */
export async function buildTemplate(folder: string, options: TemplateOptions = {}): Promise<string> {
  const { clock = systemClock, log = silentLog } = options
  const migrations = readMigrations(options.migrationsFolder)
  const file = join(folder, templateName(migrations))
  const partial = `${file}.${randomUUID()}`
  const workshop = mkdtempSync(join(tmpdir(), 'lva-template-'))
  try {
    mkdirSync(dirname(file), { recursive: true })
    const database = await openPglite({
      folder: join(workshop, 'pg'),
      clock,
      log,
      statementTimeoutMs: Number.POSITIVE_INFINITY,
      // It is thrown away when anything fails.
      fsync: false,
    })
    try {
      await database.exec(EXTENSIONS.map((name) => `create extension ${name};`).join('\n'))
      await migrate(database, migrations, clock)
      await database.exec('update pg_database set datistemplate = false')
      for (const name of UNUSED_DATABASES) await database.exec(`drop database ${name}`)
      await database.exec('vacuum (freeze, analyze)')
    } finally {
      await database.close()
    }
    await packFolder(join(workshop, 'pg'), partial)
    renameSync(partial, file)
    return file
  } finally {
    rmSync(partial, { force: true })
    rmSync(workshop, { recursive: true, force: true })
  }
}

/** A package's version from its own package.json, wherever node_modules is. */
function packageVersion(name: string): string {
  let folder = dirname(createRequire(import.meta.url).resolve(name))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return (JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }).version
}
