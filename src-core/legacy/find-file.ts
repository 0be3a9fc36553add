import { copyFileSync, existsSync, mkdtempSync, rmSync, type Stats, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, extname, join } from 'node:path'
import { LvaError } from '../kernel/index.ts'
import { unpackDatabase } from './archive.ts'
import { asNoSpace, changed, DATABASE_NAME, notFound } from './faults.ts'
import { archiveOfPostgres, copyPostgresDump, postgresDumpKind } from './postgres-dump.ts'

/** v1 wrote into its working directory, whatever it was told; later versions into `data/`, containers into `/app`. */
const PLACES = ['', 'data', 'app', join('app', 'data')]

/** A database of v1 that can be opened, and what stands in for it where it cannot be read in place. */
export interface FoundFile {
  /** What is to be opened. */
  path: string
  /** Its name for people, without folders. */
  name: string
  /** Bytes. */
  size: number
  /** Other databases that lie beside it and are not read. */
  others: string[]
  /** True where a private copy is read. */
  isCopy: boolean
  /** True where the copy was made of a dump of Postgres. */
  isPostgres: boolean
  /** Throws legacy-changed when the file is not as it was found. */
  checkUnchanged(): void
  /** Removes what was made. */
  release(): void
}

/**
 * Finds the database that a path stands for: the file itself, in a folder, in a zip, or in a dump of Postgres.
 * @throws LvaError legacy-not-found, legacy-not-v1, legacy-damaged, legacy-archive-refused, disk-full, legacy-changed
 */
export async function findFile(path: string, signal?: AbortSignal): Promise<FoundFile> {
  const { file, others } = locate(path)
  const before = statSync(file)
  const checkUnchanged = () => {
    if (!isSame(before, statSync(file, { throwIfNoEntry: false }))) throw changed()
  }
  const isZip = extname(file).toLowerCase() === '.zip'
  const siblings = ['-journal', '-wal'].filter(
    (end) => (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0) > 0,
  )
  const name = basename(file)
  const dump = postgresDumpKind(file)
  if (dump === 'archive') throw archiveOfPostgres()
  const isPostgres = dump === 'sql'
  const facts = { name, others, isPostgres, checkUnchanged }
  if (!isZip && !isPostgres && siblings.length === 0) {
    return { ...facts, path: file, size: before.size, isCopy: false, release: () => undefined }
  }
  const scratch = mkdtempSync(join(tmpdir(), 'lva-v1-'))
  const release = () => rmSync(scratch, { recursive: true, force: true })
  try {
    const copy = join(scratch, DATABASE_NAME)
    if (isZip) await unpackDatabase(file, copy, signal)
    else if (isPostgres) await copyPostgresDump(file, copy, signal)
    else {
      copyFileSync(file, copy)
      for (const end of siblings) copyFileSync(file + end, copy + end)
      await recover(copy)
    }
    checkUnchanged()
    return { ...facts, path: copy, size: statSync(copy).size, isCopy: true, release }
  } catch (error) {
    release()
    throw asNoSpace(error)
  }
}

function locate(path: string): { file: string; others: string[] } {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found) throw notFound(`There is no ${path}.`)
  if (!found.isDirectory()) return { file: path, others: [] }
  const files = PLACES.map((place) => join(path, place, DATABASE_NAME)).filter((file) => existsSync(file))
  const [file, ...others] = files
  if (file === undefined) throw notFound(`${path} holds no ${DATABASE_NAME}, and neither does data in it.`)
  return { file, others }
}

/** Lets SQLite finish, in the copy, what v1 was in the middle of. */
async function recover(copy: string): Promise<void> {
  const { DatabaseSync } = await import('node:sqlite')
  try {
    const database = new DatabaseSync(copy)
    try {
      database.exec('pragma journal_mode = delete; select count(*) from sqlite_master')
    } finally {
      database.close()
    }
  } catch (error) {
    throw new LvaError(
      'legacy-damaged',
      'The database of v1 was left in the middle of a write that cannot be undone.',
      {
        advice: 'Stop v1 and try again, or take another copy of the file.',
        cause: error,
      },
    )
  }
}

function isSame(before: Stats, now: Stats | undefined): boolean {
  return now !== undefined && now.size === before.size && now.mtimeMs === before.mtimeMs && now.ino === before.ino
}
