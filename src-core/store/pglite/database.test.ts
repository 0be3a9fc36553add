import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { databaseSuite } from '../../../test/suites/database-suite.ts'
import { TEMPLATE_CACHE } from '../../../test/template-cache.ts'
import { ManualClock, silentLog, systemClock } from '../../kernel/index.ts'
import { unpackFolder } from '../archive.ts'
import { readMigrations } from '../migrations.ts'
import { buildTemplate, findTemplate } from '../template.ts'
import { openPglite, type PgliteDatabase } from './database.ts'

const OPTIONS = { clock: systemClock, log: silentLog, statementTimeoutMs: 30_000, cancelGraceMs: 100 }

databaseSuite('PGlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lva-pglite-'))
  return {
    // Not from a template: the suite begins with an empty database.
    open: ({ statementTimeoutMs = 30_000 } = {}) =>
      openPglite({ ...OPTIONS, folder: join(folder, 'pg'), statementTimeoutMs }),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  }
})

describe('PGlite in its thread', () => {
  let root: string
  let folder: string
  let database: PgliteDatabase

  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'lva-pglite-'))
    folder = join(root, 'pg')
    const template = findTemplate([TEMPLATE_CACHE], readMigrations()) ?? (await buildTemplate(TEMPLATE_CACHE))
    await unpackFolder(template, folder)
    database = await openPglite({ ...OPTIONS, folder, cancelGraceMs: 5_000 })
  })
  afterAll(async () => {
    await database?.close()
    rmSync(root, { recursive: true, force: true })
  })
  beforeEach(() => database.exec('drop table if exists kept; create table kept (n integer)'))

  it('has vectors and BM25', async () => {
    expect(database.features).toEqual({ vector: true, bm25: true })
    await database.exec(`
      create table found (id integer, words text, place vector(3));
      create index found_words on found using bm25 (words) with (text_config = 'english');
      insert into found values (1, 'a bird sings', '[1,0,0]'), (2, 'the engine runs', '[0,1,0]')`)
    const byWords = await database.query(
      "select id from found order by words <@> to_bm25query($1, 'found_words') limit 1",
      ['singing birds'],
    )
    const byPlace = await database.query('select id from found order by place <=> $1::text::vector limit 1', [
      '[0.1,1,0]',
    ])
    expect([byWords, byPlace]).toEqual([[{ id: 1 }], [{ id: 2 }]])
  })

  it('never blocks the thread that asks', async () => {
    const query = database.query('select pg_sleep(0.3)')
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 10)
    await query
    clearInterval(timer)
    expect(turns).toBeGreaterThan(1)
  })

  it('runs statements in the order of asking and drops a cancelled one that waits, at once', async () => {
    const insert = (n: number, signal?: AbortSignal) =>
      database.query('insert into kept values ($1)', [n], signal ? { signal } : {})
    let running = true
    const first = database.query('select pg_sleep(0.5)').then(() => {
      running = false
    })
    const controller = new AbortController()
    const all = [insert(1), insert(2, controller.signal), insert(3)]
    controller.abort()
    await expect(all[1]).rejects.toMatchObject({ code: 'cancelled' })
    expect(running).toBe(true)
    await Promise.all([first, all[0], all[2]])
    expect(await database.query('select n from kept order by ctid')).toEqual([{ n: 1 }, { n: 3 }])
  })

  it('lets a cancelled statement end by itself within the grace, without starting anew', async () => {
    await database.exec('create temporary table session (n integer)')
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 50)
    const slow = database.query('select pg_sleep(0.5)', [], { signal: controller.signal })
    await expect(slow).rejects.toMatchObject({ code: 'cancelled' })
    expect(await database.query('select n from session')).toEqual([])
  })

  it('loses nothing that was acknowledged when a statement is stopped by ending its thread', async () => {
    for (let round = 0; round < 2; round += 1) {
      for (let n = 0; n < 10; n += 1) await database.query('insert into kept values ($1)', [10 * round + n])
      const endless = 'insert into kept select 1000000 + a from generate_series(1, 100000000) a'
      await expect(database.query(endless, [], { timeoutMs: 100 })).rejects.toMatchObject({ code: 'statement-timeout' })
    }
    expect(await database.query('select n from kept order by n')).toEqual(Array.from({ length: 20 }, (_, n) => ({ n })))
  })

  it('starts one thread for one that was ended, though its transaction asks again', async () => {
    await database.close()
    let starts = 0
    const log = {
      ...silentLog,
      warn: () => {
        starts += 1
      },
    }
    database = await openPglite({ ...OPTIONS, folder, log })
    const controller = new AbortController()
    const transaction = database.transaction(async (tx) => {
      await tx.query('insert into kept values (1)')
      setTimeout(() => controller.abort(), 50)
      await tx.query('select count(*) from generate_series(1, 10000000000)', [], { signal: controller.signal })
    })
    await expect(transaction).rejects.toMatchObject({ code: 'cancelled' })
    expect(await database.query('select n from kept')).toEqual([])
    expect(starts).toBe(1)
  })

  /** Postgres panics when it cannot write this file of a checkpoint: a folder of that name is in the way. */
  const makePanic = (folder: string) => mkdirSync(join(folder, 'pg_logical', 'replorigin_checkpoint.tmp'))
  const endPanic = (folder: string) => rmdirSync(join(folder, 'pg_logical', 'replorigin_checkpoint.tmp'))

  it('starts Postgres anew when it dies, and tries again when that fails too', async () => {
    await database.exec('insert into kept values (1)')
    const control = join(folder, 'global', 'pg_control')
    makePanic(folder)
    renameSync(control, `${control}.away`)
    await expect(database.exec('checkpoint')).rejects.toMatchObject({ code: 'internal' })
    await expect(database.query('select n from kept')).rejects.toMatchObject({ code: 'vault-damaged' })
    endPanic(folder)
    renameSync(`${control}.away`, control)
    expect(await database.query('select n from kept')).toEqual([{ n: 1 }])
    await database.transaction((tx) => tx.query('insert into kept values (2)'))
    expect(await database.query('select count(*) as n from kept')).toEqual([{ n: 2 }])
  })

  it('undoes a transaction that was open when Postgres died', async () => {
    const transaction = database.transaction(async (tx) => {
      await tx.query('insert into kept values (1)')
      makePanic(folder)
      await tx.exec('checkpoint').catch(() => undefined)
      endPanic(folder)
      await tx.query('insert into kept values (2)').catch(() => undefined)
    })
    await expect(transaction).rejects.toMatchObject({ code: 'internal' })
    expect(await database.query('select n from kept')).toEqual([])
  })

  it('leaves nothing of deleted rows in its files once it is scrubbed, and keeps the others', async () => {
    await database.exec(`create table words (n integer primary key, said text);
      create index words_said on words (said);
      insert into words select n, 'CANARY ' || n % 3 from generate_series(1, 300) n;
      insert into words values (301, 'stays');
      analyze words; checkpoint`)
    const holding = () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes('CANARY'))
        .map(({ name }) => name)
    expect(holding().length).toBeGreaterThan(2)
    for (const sql of ['delete from words where n < 301', 'vacuum words', 'checkpoint']) await database.exec(sql)
    expect(holding()).not.toEqual([])
    await database.scrub()
    expect(holding()).toEqual([])
    expect(await database.query('select n, said from words')).toEqual([{ n: 301, said: 'stays' }])
  })

  it('is still while its folder is copied', async () => {
    const order: string[] = []
    let waiting: Promise<unknown> = Promise.resolve()
    await database.whileStill(async () => {
      waiting = database.query('insert into kept values (1)').then(() => order.push('insert'))
      await systemClock.sleep(50)
      order.push('still')
    })
    await waiting
    expect(order).toEqual(['still', 'insert'])
  })

  it('is closed cleanly, and writes checkpoints by itself so that its log does not grow for as long as the app runs', async () => {
    await database.exec('insert into kept values (1)')
    await database.close()
    const clock = new ManualClock()
    database = await openPglite({ ...OPTIONS, folder, clock })
    expect(await database.query('select n from kept')).toEqual([{ n: 1 }])
    const segments = () =>
      readdirSync(join(folder, 'pg_wal'))
        .filter((name) => /^[0-9A-F]{24}$/.test(name))
        .sort()
    const [first] = segments()
    await database.exec('create table big (t text)')
    const fill = "insert into big select string_agg(md5(random()::text), '') from generate_series(1, 100000)"
    for (let n = 0; n < 8; n += 1) await database.query(fill)
    expect(segments()).toContain(first)
    clock.advance(60_000)
    // The checkpoint asks for its turn in one of the next turns of the event loop.
    await systemClock.sleep(10)
    await database.query('select 1')
    expect(segments()).not.toContain(first)
  })

  it('measures what grows while work goes on, so that later statements are not planned for an empty table', async () => {
    await database.close()
    const clock = new ManualClock()
    database = await openPglite({ ...OPTIONS, folder, clock })
    await database.exec('create table grown (shelf text, n integer, words text, primary key (shelf, n)); analyze grown')
    for (let n = 0; n < 500; n += 1)
      await database.query(
        `insert into grown select 'one', 20 * $1 + k, repeat('word ', 20) from generate_series(1, 20) k`,
        [n],
      )
    clock.advance(60_000)
    const figures = () =>
      database.query<{ columns: string; rows: number }>(
        `select (select string_agg(attname, ' ' order by attname) from pg_stats where tablename = 'grown') as columns,
           reltuples::int as rows from pg_class where relname = 'grown'`,
      )
    await expect.poll(figures).toEqual([{ columns: 'n shelf', rows: 10_000 }])
  })

  it('cleans the tables that were written, and only those', async () => {
    await database.exec('create table written (n integer); create table left_alone (n integer)')
    await database.close()
    const clock = new ManualClock()
    database = await openPglite({ ...OPTIONS, folder, clock })
    await database.transaction(async (tx) => {
      for (let n = 0; n < 2_000; n += 1) await tx.query('insert into written values ($1)', [n])
      await tx.query('delete from written where n < 1000')
    })
    const cleaned = async () =>
      (
        await database.query<{ name: string }>(
          `select relname as name from pg_stat_all_tables where vacuum_count > 0 and relname in ('written', 'left_alone')`,
        )
      ).map(({ name }) => name)
    expect(await cleaned()).toEqual([])
    for (let tries = 0; tries < 200 && (await cleaned()).length === 0; tries += 1) {
      clock.advance(60_000)
      await systemClock.sleep(20)
    }
    expect(await cleaned()).toEqual(['written'])
    const [{ rows } = {}] = await database.query<{ rows: number }>(
      "select reltuples::int as rows from pg_class where relname = 'written'",
    )
    expect(rows).toBe(1_000)
  })
})
