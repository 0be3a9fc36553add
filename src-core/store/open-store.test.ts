import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startPostgresServer } from '../../test/postgres-server.ts'
import { fillDisk, mountSmallDisk } from '../../test/small-disk.ts'
import { TEMPLATE_CACHE } from '../../test/template-cache.ts'
import { ManualClock, silentLog, systemClock } from '../kernel/index.ts'
import { claimJobs, countJobs, enqueueJobs } from './jobs.ts'
import { LOCK_FILE } from './lock.ts'
import { MIGRATIONS_FOLDER, readMigrations } from './migrations.ts'
import { openStore, type Store, type StoreOptions } from './open-store.ts'
import { buildTemplate, findTemplate, templateName } from './template.ts'

let root: string
let dataDir: string
const cleanUp: (() => unknown)[] = []

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lva-store-'))
  dataDir = join(root, 'vault')
})
afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step()
  rmSync(root, { recursive: true, force: true })
})

async function open(options: Partial<StoreOptions> = {}): Promise<Store> {
  const store = await openStore({
    dataDir,
    cacheDir: TEMPLATE_CACHE,
    templateFolder: TEMPLATE_CACHE,
    host: 'cli',
    clock: systemClock,
    log: silentLog,
    statementTimeoutMs: 30_000,
    ...options,
  })
  cleanUp.push(() => store.close())
  return store
}

const say = (store: Store, words: string) =>
  store.database.query(`insert into notes values ('v', $1, 'title', $1, now(), now())`, [words])
const said = async (store: Store) =>
  (await store.database.query<{ body: string }>('select body from notes order by body')).map(({ body }) => body)

/** The app's migrations and then some. @returns the folder */
function moreMigrations(name: string, ...further: string[]): string {
  const folder = join(root, name)
  cpSync(MIGRATIONS_FOLDER, folder, { recursive: true })
  const journalFile = join(folder, 'meta', '_journal.json')
  const journal = JSON.parse(readFileSync(journalFile, 'utf8'))
  for (const [index, sql] of further.entries()) {
    const tag = `9${index}_further`
    journal.entries.push({ idx: journal.entries.length, version: '7', when: index, tag, breakpoints: true })
    writeFileSync(join(folder, `${tag}.sql`), sql)
  }
  writeFileSync(journalFile, JSON.stringify(journal))
  return folder
}

describe('a data folder', () => {
  it('is made at the first open, has one opener, and is the same at the next', async () => {
    const first = await open({ host: 'electron' })
    expect(first.database.features).toEqual({ vector: true, bm25: true })
    await say(first, 'hello')
    const blob = await first.blobs.put(new Uint8Array([1, 2]))
    await enqueueJobs(first.database, 'v', 'index', ['a'], systemClock)
    await claimJobs(first.database, 'v', 'index', 1, systemClock)
    const locked = { code: 'vault-locked', params: { kind: 'electron', pid: process.pid } }
    await expect(open()).rejects.toMatchObject(locked)
    // The refused one has not taken anything from the first.
    await expect(open()).rejects.toMatchObject(locked)
    await first.close()
    expect(existsSync(join(dataDir, LOCK_FILE))).toBe(false)
    const second = await open()
    expect(await said(second)).toEqual(['hello'])
    expect([...(await second.blobs.get(blob))]).toEqual([1, 2])
    expect(second.openingTimes).toMatchObject({ templateMs: 0, unpackMs: 0 })
    // Nobody works on the job any more.
    expect(await countJobs(second.database, 'v', 'index')).toEqual({ waiting: 1, running: 0, failed: 0 })
  })

  it('is taken over from a process that was killed, with nothing that half was made', async () => {
    mkdirSync(join(dataDir, 'pg.new', 'base'), { recursive: true })
    mkdirSync(join(dataDir, 'pg'))
    mkdirSync(join(dataDir, 'dumps'))
    writeFileSync(join(dataDir, 'dumps', '2026-half.tar.gz.partial'), 'half')
    writeFileSync(
      join(dataDir, LOCK_FILE),
      // No system gives out numbers as high as this.
      JSON.stringify({
        pid: 2 ** 22 + 1,
        processStart: null,
        machine: hostname(),
        kind: 'cli',
        lockedAt: '',
        nonce: '',
      }),
    )
    const store = await open()
    await say(store, 'hello')
    expect(readdirSync(dataDir).sort()).toEqual(['blobs', 'dumps', LOCK_FILE, 'pg'])
    expect(readdirSync(join(dataDir, 'dumps'))).toEqual([])
  })

  it('that was left between two names is put in order', async () => {
    const store = await open()
    await say(store, 'hello')
    await store.close()
    renameSync(join(dataDir, 'pg'), join(dataDir, 'pg.old'))
    mkdirSync(join(dataDir, 'pg.new'))
    expect(await said(await open())).toEqual(['hello'])
  })

  it('cannot lie below a file', async () => {
    writeFileSync(dataDir, '')
    await expect(open()).rejects.toMatchObject({ code: 'folder-not-writable' })
    await expect(open({ dataDir: join(dataDir, 'deeper') })).rejects.toMatchObject({ code: 'folder-not-writable' })
  })

  it('that is damaged is refused, left as it is, and given back', async () => {
    await (await open()).close()
    const damages: Record<string, Buffer | undefined> = {
      PG_VERSION: undefined,
      'global/pg_control': undefined,
      // The system's table of tables.
      'base/5/1259': Buffer.alloc(80_000, 255),
    }
    for (const [name, damaged] of Object.entries(damages)) {
      const file = join(dataDir, 'pg', name)
      const whole = readFileSync(file)
      if (damaged) writeFileSync(file, damaged)
      else rmSync(file)
      await expect(open(), name).rejects.toMatchObject({
        code: 'vault-damaged',
        advice: expect.stringContaining('dumps'),
      })
      expect(existsSync(join(dataDir, LOCK_FILE))).toBe(false)
      writeFileSync(file, whole)
    }
    writeFileSync(join(dataDir, 'pg', 'PG_VERSION'), '19\n')
    await expect(open()).rejects.toMatchObject({ code: 'vault-newer' })
    writeFileSync(join(dataDir, 'pg', 'PG_VERSION'), '18\n')
    expect(await said(await open())).toEqual([])
  })

  it('keeps its blobs beside a server, where the tables are', async () => {
    const server = await startPostgresServer()
    cleanUp.push(() => server.close())
    const store = await open({ databaseUrl: server.url })
    await say(store, 'hello')
    const blob = await store.blobs.put(new Uint8Array([1]))
    await store.close()
    expect(existsSync(join(dataDir, 'pg'))).toBe(false)
    const again = await open({ databaseUrl: server.url })
    expect(await said(again)).toEqual(['hello'])
    expect(await again.blobs.has(blob)).toBe(true)
    await again.close()
    await server.kill()
    await expect(open({ databaseUrl: server.url })).rejects.toMatchObject({ code: 'database-unreachable' })
    expect(existsSync(join(dataDir, LOCK_FILE))).toBe(false)
  })
})

describe('a schema upgrade', () => {
  const dumps = () => readdirSync(join(dataDir, 'dumps'))

  it('takes a dump first, happens once, and makes a folder that an older version refuses and leaves alone', async () => {
    const store = await open()
    await say(store, 'hello')
    await store.close()
    const migrationsFolder = moreMigrations('more', 'create table added (a integer)')
    const upgraded = await open({ migrationsFolder, clock: new ManualClock(Date.UTC(2026, 10, 22)) })
    expect(await upgraded.database.query('select * from added')).toEqual([])
    await upgraded.close()
    await expect(open()).rejects.toMatchObject({ code: 'vault-newer', params: { migration: '90_further' } })
    expect(await said(await open({ migrationsFolder }))).toEqual(['hello'])
    expect(dumps()).toEqual(['2026-11-22T00-00-00.000Z-before-90_further.tar.gz'])
  })

  it('that fails leaves everything as it was, says which step it was, and keeps the last three dumps', async () => {
    const store = await open()
    await say(store, 'hello')
    await store.close()
    for (const day of [20, 21, 22]) writeFileSync(join(dataDir, 'dumps', `2026-11-${day}-earlier.tar.gz`), '')
    const broken = moreMigrations(
      'broken',
      'delete from notes; create table added (a integer)',
      'select 1 from nowhere',
    )
    await expect(
      open({ migrationsFolder: broken, clock: new ManualClock(Date.UTC(2026, 10, 23)) }),
    ).rejects.toMatchObject({
      code: 'migration-failed',
      params: { migration: '91_further' },
    })
    expect(dumps().map((name) => name.slice(0, 10))).toEqual(['2026-11-21', '2026-11-22', '2026-11-23'])
    const before = await open()
    expect(await said(before)).toEqual(['hello'])
    expect(await before.database.query("select to_regclass('added') as added")).toEqual([{ added: null }])
  })

  it('that did more than a rollback can undo is undone from the dump', async () => {
    const store = await open()
    await say(store, 'hello')
    await store.close()
    const breaking = moreMigrations('breaking', 'delete from notes; commit; select 1 from nowhere')
    await expect(open({ migrationsFolder: breaking })).rejects.toMatchObject({ code: 'migration-failed' })
    expect(await said(await open())).toEqual(['hello'])
  })
})

describe('a template', () => {
  it('of other migrations has another name, and is not found', async () => {
    const migrations = readMigrations()
    const file = join(root, templateName(migrations))
    writeFileSync(file, '')
    expect(findTemplate([join(root, 'nowhere'), root], migrations)).toBe(file)
    const [first] = migrations
    if (!first) throw new Error('no migrations')
    expect(findTemplate([root], [...migrations.slice(1), { ...first, hash: 'other' }])).toBeUndefined()
  })

  it('that is damaged is made anew', async () => {
    const cacheDir = join(root, 'cache')
    mkdirSync(cacheDir)
    const file = join(cacheDir, templateName(readMigrations()))
    const good = findTemplate([TEMPLATE_CACHE], readMigrations()) ?? (await buildTemplate(TEMPLATE_CACHE))
    writeFileSync(file, readFileSync(good).subarray(0, 1_000_000))
    const store = await open({ cacheDir, templateFolder: join(root, 'no build') })
    expect(store.openingTimes.templateMs).toBeGreaterThan(0)
    expect(await said(store)).toEqual([])
    const other = await open({ cacheDir, templateFolder: join(root, 'no build'), dataDir: join(root, 'other') })
    expect(other.openingTimes.templateMs).toBe(0)
  })
})

describe('a writer that is killed', () => {
  it('loses nothing that was acknowledged and leaves nothing half written, time and again', async () => {
    const writer = fileURLToPath(new URL('../../test/killed-writer.ts', import.meta.url))
    let acknowledged = 0
    for (let round = 0; round < 3; round += 1) {
      const child = spawn(process.execPath, [writer, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
      cleanUp.push(() => child.kill('SIGKILL'))
      acknowledged = Math.max(acknowledged, await killAfter(child, 20 + 7 * round))
      const store = await open()
      const rows = await store.database.query<{ n: number; halves: string }>(
        `select n, string_agg(left(half, 1), '' order by half) as halves from written group by n order by n`,
      )
      expect(rows.every(({ halves }) => halves === 'ab')).toBe(true)
      expect(rows.map(({ n }) => n)).toEqual(rows.map((_, index) => index + 1))
      expect(rows.length).toBeGreaterThanOrEqual(acknowledged)
      await store.close()
    }
    expect(acknowledged).toBeGreaterThan(20)
  })

  /** Kills the writer once it has acknowledged so many. @returns the last that it acknowledged */
  async function killAfter(child: ChildProcess, count: number): Promise<number> {
    let last = 0
    let seen = 0
    const exited = new Promise((resolve) => child.once('exit', resolve))
    if (!child.stdout) throw new Error('no output')
    for await (const line of createInterface(child.stdout)) {
      if (line === 'ready') continue
      last = Number(line)
      seen += 1
      if (seen === count) child.kill('SIGKILL')
    }
    await exited
    return last
  }
})

describe('a disk', () => {
  const disk = (megabytes: number, skip: () => void): string => {
    const mounted = mountSmallDisk(megabytes)
    if (mounted === undefined) {
      skip()
      throw new Error('skipped')
    }
    cleanUp.push(mounted.unmount)
    return mounted.folder
  }
  it('that is full at the first open leaves nothing, and the next open works', async ({ skip }) => {
    const folder = disk(60, skip)
    fillDisk(folder)
    const inside = join(folder, 'vault')
    await expect(open({ dataDir: inside })).rejects.toMatchObject({ code: 'disk-full' })
    rmSync(join(folder, 'filler'))
    expect(await said(await open({ dataDir: inside }))).toEqual([])
  })

  it('that becomes full refuses what is new, keeps what is there, and takes more when there is room', async ({
    skip,
  }) => {
    const folder = disk(70, skip)
    const inside = join(folder, 'vault')
    const store = await open({ dataDir: inside })
    await say(store, 'before')
    fillDisk(folder)
    const sayMuch = () =>
      store.database.query(
        `insert into notes select 'v', 'n' || g, '', md5(random()::text) || repeat('x', 1000), now(), now() from generate_series(1, 20000) g`,
      )
    await expect(sayMuch()).rejects.toMatchObject({ code: 'disk-full' })
    expect(await said(store)).toEqual(['before'])
    await expect(store.blobs.put(new Uint8Array(1_000_000))).rejects.toMatchObject({ code: 'disk-full' })
    // Postgres panics when a checkpoint finds no space; its thread starts anew.
    await store.database.query("update notes set title = 'x'").catch(() => undefined)
    await expect(store.database.exec('checkpoint')).rejects.toMatchObject({ code: 'disk-full' })
    expect(readdirSync(join(inside, 'blobs', 'partial'))).toEqual([])
    rmSync(join(folder, 'filler'))
    await say(store, 'later')
    await store.blobs.put(new Uint8Array(1_000))
    await store.close()
    expect(await said(await open({ dataDir: inside }))).toEqual(['before', 'later'])
  })

  it('that is read-only is said to be', async ({ skip }) => {
    const folder = disk(60, skip)
    const inside = join(folder, 'vault')
    await (await open({ dataDir: inside })).close()
    spawnSync('mount', ['-o', 'remount,ro', folder])
    await expect(open({ dataDir: inside })).rejects.toMatchObject({
      code: 'folder-not-writable',
      params: { folder: inside },
    })
  })
})
