import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isLvaError, type LvaError, systemClock } from '../../src-core/kernel/index.ts'
import { appliedMigrations, type Database, migrate, readMigrations, sqlStateOf } from '../../src-core/store/index.ts'

/** What a driver brings to its acceptance: a database of its own, empty at first. */
export interface DatabaseFixture {
  /** Opens the database, which the suite closes before it opens it again. The same data is there each time. */
  open(options?: { statementTimeoutMs?: number }): Promise<Database>
  close(): Promise<void>
}

/** A statement that runs for minutes if nothing stops it, without reading any table. */
const ENDLESS = 'select count(*) from generate_series(1, 1000000) a, generate_series(1, 1000000) b'

/** Generous: test machines are busy. */
const PROMPTLY_MS = 2_000

/** What every `Database` must do. A driver is finished when this passes. */
export function databaseSuite(name: string, setup: () => Promise<DatabaseFixture>): void {
  describe(`database: ${name}`, () => {
    let fixture: DatabaseFixture
    let database: Database

    beforeAll(async () => {
      fixture = await setup()
      database = await fixture.open()
      await database.exec('create table numbers (n integer primary key, note text); create table log (entry text)')
    })
    afterAll(async () => {
      await database?.close()
      await fixture?.close()
    })

    const reopen = async (options?: { statementTimeoutMs?: number }) => {
      await database.close()
      database = await fixture.open(options)
    }
    const one = async (text: string, params: Parameters<Database['query']>[1] = []) =>
      (await database.query<{ value: unknown }>(text, params))[0]?.value

    describe('values', () => {
      const times = (value: unknown, type: string) => one(`select $1::${type} as value`, [value as string])

      it('keeps text with every kind of character', async () => {
        const text = 'Ärger "mit" \\ \'Zeichen\' 你好 👩‍🔬 \u202e\ttab\nline \u0001 $1 %s {a,b}'
        expect(await times(text, 'text')).toBe(text)
        expect(await times('', 'text')).toBe('')
      })

      it('refuses NUL in text, in a list and in a statement as bad input', async () => {
        await expect(times('a\0b', 'text')).rejects.toMatchObject({ code: 'bad-input' })
        await expect(database.query('select $1::text[]', [['a\0b']])).rejects.toMatchObject({ code: 'bad-input' })
        await expect(database.query("select 'a\0b'")).rejects.toMatchObject({ code: 'bad-input' })
        await expect(times('{"a":"\\u0000"}', 'jsonb')).rejects.toMatchObject({ code: 'bad-input' })
      })

      it('keeps bytes', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
        const back = await times(bytes, 'bytea')
        expect(back).toBeInstanceOf(Uint8Array)
        expect([...(back as Uint8Array)]).toEqual([...bytes])
        expect(await times(new Uint8Array(), 'bytea')).toHaveLength(0)
        expect(await times(new Uint8Array(bytes.buffer, 10, 3), 'bytea')).toEqual(new Uint8Array([10, 11, 12]))
      })

      it('keeps instants to the millisecond, and reads other offsets', async () => {
        for (const iso of ['2026-11-22T20:41:07.123Z', '1969-12-31T23:59:59.999Z', '0099-01-01T00:00:00.000Z']) {
          expect(await times(new Date(iso), 'timestamptz')).toEqual(new Date(iso))
        }
        expect(await one(`select '2026-06-01 12:00:00+05:30'::timestamptz as value`)).toEqual(
          new Date('2026-06-01T06:30:00Z'),
        )
        await expect(times(new Date(Number.NaN), 'timestamptz')).rejects.toMatchObject({ code: 'bad-input' })
      })

      it('keeps numbers', async () => {
        expect(await times(-2147483648, 'int4')).toBe(-2147483648)
        expect(await times(Number.MAX_SAFE_INTEGER, 'int8')).toBe(Number.MAX_SAFE_INTEGER)
        expect(await times(2n ** 60n, 'int8')).toBe(2n ** 60n)
        expect(await times(0.1, 'float8')).toBe(0.1)
        expect(await one("select 'NaN'::float8 as value")).toBeNaN()
        expect(await one('select count(*) as value from numbers')).toBe(0)
        expect(await one('select 1.50::numeric as value')).toBe('1.50')
      })

      it('keeps truth and null', async () => {
        expect(await times(true, 'boolean')).toBe(true)
        expect(await times(false, 'boolean')).toBe(false)
        expect(await times(null, 'text')).toBeNull()
      })

      it('keeps JSON', async () => {
        const value = { a: [1, null, { b: 'ü "q" 😀' }], c: true }
        expect(await times(JSON.stringify(value), 'jsonb')).toEqual(value)
        expect(await times('null', 'jsonb')).toBeNull()
      })

      it('keeps lists, as text and cast to something else', async () => {
        const list = ['plain', '', 'a,b', '{x}', 'say "hi"', 'back\\slash', 'NULL', ' spaced ', '😀', "it's"]
        expect(await times(list, 'text[]')).toEqual(list)
        expect(await times([], 'text[]')).toEqual([])
        expect(await one('select $1::text[]::int[] as value', [['1', '2']])).toEqual([1, 2])
        expect(await one('select array[0.5, null, -3]::float4[] as value')).toEqual([0.5, null, -3])
        expect(await one("select array[array['a', 'b'], array['c', 'd']] as value")).toEqual([
          ['a', 'b'],
          ['c', 'd'],
        ])
        expect(await one("select array['\\x0102'::bytea] as value")).toEqual([new Uint8Array([1, 2])])
        expect(await one('select array[true, false] as value')).toEqual([true, false])
        expect(await one('select array[9007199254740991] as value')).toEqual([Number.MAX_SAFE_INTEGER])
      })

      it('carries 20 MB there and back, as text and as bytes', async () => {
        const text = 'ü😀'.repeat(3_500_000)
        const bytes = new Uint8Array(20_000_000).map((_, index) => index * 7)
        const [row] = await database.query<{ t: string; b: Uint8Array }>('select $1::text as t, $2::bytea as b', [
          text,
          bytes,
        ])
        expect(row?.t === text).toBe(true)
        expect(Buffer.compare(row?.b ?? new Uint8Array(), bytes)).toBe(0)
      })

      it('names columns as the statement does', async () => {
        expect(await database.query('select 1 as "Großes A", 2 as b')).toEqual([{ 'Großes A': 1, b: 2 }])
        expect(await database.query('select 1 as a where false')).toEqual([])
        expect(await database.query("insert into log values ('x')")).toEqual([])
      })
    })

    describe('errors', () => {
      it('names the SQLSTATE of a refused statement and goes on', async () => {
        const error = await database.query('select * from nowhere').catch((error: unknown) => error)
        expect(isLvaError(error, 'internal')).toBe(true)
        expect(sqlStateOf(error)).toBe('42P01')
        expect((error as LvaError).params).toEqual({ sqlState: '42P01' })
        expect(await one('select 1 as value')).toBe(1)
      })

      it('never repeats a value in an error', async () => {
        const secret = 'what-the-learner-said'
        const errors = await Promise.all([
          database.query('select $1::int', [secret]).catch((error: unknown) => error),
          database.query('select $1::jsonb', [secret]).catch((error: unknown) => error),
          database
            .exec(
              `create table secrets (word text primary key); insert into secrets values ('${secret}'), ('${secret}')`,
            )
            .catch((error: unknown) => error),
        ])
        expect(errors.map((error) => (error as LvaError).code)).toEqual(['bad-input', 'bad-input', 'internal'])
        expect(sqlStateOf(errors[2])).toBe('23505')
        for (const error of errors as LvaError[]) {
          expect(`${error.message} ${JSON.stringify(error.params)} ${(error.cause as Error).message}`).not.toContain(
            secret,
          )
        }
      })

      it('takes one statement in query, several in exec, and none of them when one fails', async () => {
        expect(sqlStateOf(await database.query('select 1; select 2').catch((error: unknown) => error))).toBe('42601')
        await expect(database.exec("insert into log values ('half'); select 1/0")).rejects.toMatchObject({
          code: 'bad-input',
        })
        expect(await one("select count(*) as value from log where entry = 'half'")).toBe(0)
      })

      it('refuses and undoes a transaction that was begun by hand', async () => {
        await expect(database.exec("begin; insert into log values ('by hand')")).rejects.toMatchObject({
          code: 'internal',
        })
        await expect(database.exec('begin; select 1/0')).rejects.toMatchObject({ code: 'bad-input' })
        expect(await one("select count(*) as value from log where entry = 'by hand'")).toBe(0)
        await database.transaction((tx) => tx.query('select 1'))
      })
    })

    describe('transactions', () => {
      it('keeps all of a task, and returns what it returns', async () => {
        const result = await database.transaction(async (tx) => {
          await tx.query('insert into numbers values ($1, $2)', [1, 'one'])
          await tx.exec("insert into numbers values (2, 'two'); insert into numbers values (3, 'three')")
          return (await tx.query<{ n: number }>('select count(*) as n from numbers'))[0]?.n
        })
        expect(result).toBe(3)
        expect(await one('select count(*) as value from numbers')).toBe(3)
      })

      it('keeps nothing when the task throws', async () => {
        const failure = new Error('changed my mind')
        await expect(
          database.transaction(async (tx) => {
            await tx.query('insert into numbers values (10)')
            throw failure
          }),
        ).rejects.toBe(failure)
        expect(await one('select count(*) as value from numbers where n = 10')).toBe(0)
      })

      it('keeps nothing when a statement failed and the task went on', async () => {
        await expect(
          database.transaction(async (tx) => {
            await tx.query('insert into numbers values (11)')
            await tx.query('select 1/0').catch(() => undefined)
            return 'all well'
          }),
        ).rejects.toMatchObject({ code: 'bad-input' })
        expect(await one('select count(*) as value from numbers where n = 11')).toBe(0)
      })

      it('refuses to be left by a statement', async () => {
        await expect(database.transaction((tx) => tx.exec('commit'))).rejects.toMatchObject({ code: 'internal' })
        expect(await one('select 1 as value')).toBe(1)
      })

      it('refuses another transaction, and the database itself, inside', async () => {
        await expect(database.transaction(() => database.transaction(async () => undefined))).rejects.toMatchObject({
          code: 'internal',
        })
        await expect(database.transaction(() => database.query('select 1'))).rejects.toMatchObject({ code: 'internal' })
        await expect(database.transaction(() => database.exec('select 1'))).rejects.toMatchObject({ code: 'internal' })
      })

      it('lets what a task started go on after it', async () => {
        let later: Promise<unknown> = Promise.resolve()
        const ended = Promise.withResolvers<void>()
        await database.transaction(async () => {
          later = ended.promise.then(() => database.query('select 1 as a'))
        })
        ended.resolve()
        expect(await later).toEqual([{ a: 1 }])
      })

      it('refuses its queries after its end', async () => {
        const tx = await database.transaction(async (tx) => tx)
        await expect(tx.query('select 1')).rejects.toMatchObject({ code: 'internal' })
      })

      it('runs the statements of a task in the order of asking, also without waiting', async () => {
        await database.exec('delete from log')
        await database.transaction(async (tx) => {
          await Promise.all(['a', 'b', 'c', 'd'].map((entry) => tx.query('insert into log values ($1)', [entry])))
          // Not waited for: the transaction waits for it.
          void tx.query("insert into log values ('e')")
        })
        expect(await one("select string_agg(entry, '' order by ctid) as value from log")).toBe('abcde')
      })

      it('never mixes two at the same time', async () => {
        await database.exec('delete from numbers; insert into numbers values (100, null)')
        await Promise.all(
          Array.from({ length: 10 }, () =>
            database.transaction(async (tx) => {
              const [row] = await tx.query<{ n: number }>('select n from numbers for update')
              await tx.query('update numbers set n = $1', [(row?.n ?? 0) + 1])
            }),
          ),
        )
        expect(await one('select n as value from numbers')).toBe(110)
      })

      it('shows nothing of an open transaction outside', async () => {
        const inside = Promise.withResolvers<void>()
        const goOn = Promise.withResolvers<void>()
        const transaction = database.transaction(async (tx) => {
          await tx.query("insert into log values ('not yet')")
          inside.resolve()
          await goOn.promise
          await tx.query('delete from log')
        })
        await inside.promise
        const outside = one("select count(*) as value from log where entry = 'not yet'")
        goOn.resolve()
        expect(await outside).toBe(0)
        await transaction
      })
    })

    describe('stopping', () => {
      it('never runs a statement whose signal is aborted already', async () => {
        await expect(
          database.query("insert into log values ('aborted')", [], { signal: AbortSignal.abort() }),
        ).rejects.toMatchObject({ code: 'cancelled' })
        expect(await one("select count(*) as value from log where entry = 'aborted'")).toBe(0)
      })

      it('ends a running statement promptly and works on', async () => {
        const controller = new AbortController()
        const endless = database.query(ENDLESS, [], { signal: controller.signal })
        await systemClock.sleep(100)
        const start = performance.now()
        controller.abort()
        await expect(endless).rejects.toMatchObject({ code: 'cancelled' })
        expect(performance.now() - start).toBeLessThan(PROMPTLY_MS)
        expect(await one('select 1 as value')).toBe(1)
      })

      it('leaves a statement alone that ended before its signal', async () => {
        const controller = new AbortController()
        expect(await database.query('select 1 as a', [], { signal: controller.signal })).toEqual([{ a: 1 }])
        controller.abort()
        expect(await one('select 2 as value')).toBe(2)
      })

      it('undoes the transaction of a cancelled statement', async () => {
        const controller = new AbortController()
        const transaction = database.transaction(async (tx) => {
          await tx.query("insert into log values ('cancelled')")
          setTimeout(() => controller.abort(), 50)
          await tx.query(ENDLESS, [], { signal: controller.signal }).catch(() => undefined)
        })
        await expect(transaction).rejects.toMatchObject({ code: 'cancelled' })
        expect(await one("select count(*) as value from log where entry = 'cancelled'")).toBe(0)
      })

      it('keeps what it holds when it is scrubbed', async () => {
        await database.exec(
          'create table scrubbed (n integer); insert into scrubbed values (1), (2); delete from scrubbed where n = 1',
        )
        await database.scrub()
        expect(await database.query('select n from scrubbed')).toEqual([{ n: 2 }])
        await database.exec('drop table scrubbed')
      })

      it('ends a statement that takes too long, and works on', async () => {
        await reopen({ statementTimeoutMs: 300 })
        await expect(database.query(ENDLESS)).rejects.toMatchObject({ code: 'statement-timeout' })
        const patient = 'select pg_sleep(0.5)'
        await database.query(patient, [], { timeoutMs: 10_000 })
        await expect(database.query(patient)).rejects.toMatchObject({ code: 'statement-timeout' })
        await expect(database.exec(ENDLESS, { timeoutMs: 100 })).rejects.toMatchObject({ code: 'statement-timeout' })
        await expect(
          database.transaction(async (tx) => {
            await tx.query("insert into log values ('too long')")
            await tx.query(ENDLESS)
          }),
        ).rejects.toMatchObject({ code: 'statement-timeout' })
        await reopen()
        expect(await one("select count(*) as value from log where entry = 'too long'")).toBe(0)
      })
    })

    describe('closing', () => {
      it('answers what was asked before, refuses what comes after, and may be done twice', async () => {
        const answers = Array.from({ length: 20 }, (_, index) => database.query('select $1::int as n', [index]))
        const transaction = database.transaction(async (tx) => {
          await tx.query("insert into log values ('last')")
        })
        const closing = database.close()
        await expect(database.query('select 1')).rejects.toMatchObject({ code: 'cancelled' })
        await expect(database.transaction(async () => undefined)).rejects.toMatchObject({ code: 'cancelled' })
        expect(await Promise.all(answers)).toEqual(answers.map((_, n) => [{ n }]))
        await transaction
        await closing
        await database.close()
        await expect(database.exec('select 1')).rejects.toMatchObject({ code: 'cancelled' })
        await reopen()
        expect(await one("select entry as value from log where entry = 'last'")).toBe('last')
      })
    })

    describe('migrations', () => {
      it('brings an empty database to the last one, and finds nothing to do the second time', async () => {
        const migrations = readMigrations()
        expect(await appliedMigrations(database)).toEqual([])
        await migrate(database, migrations, systemClock)
        expect(await appliedMigrations(database)).toMatchObject(migrations.map(({ tag, hash }) => ({ tag, hash })))
        await migrate(database, migrations, systemClock)
        expect(await one('select count(*) as value from captures')).toBe(0)
      })

      it('does nothing of a list in which one fails, and says which', async () => {
        const before = await appliedMigrations(database)
        const broken = ['create table half_done (a integer)', 'create table half_done (a integer)'].map(
          (sql, index) => ({
            position: before.length + index,
            tag: `broken_${index}`,
            hash: `broken ${index}`,
            sql,
          }),
        )
        await expect(migrate(database, [...readMigrations(), ...broken], systemClock)).rejects.toMatchObject({
          code: 'migration-failed',
          params: { migration: 'broken_1' },
        })
        expect(await appliedMigrations(database)).toEqual(before)
        expect(await one("select to_regclass('half_done') as value")).toBeNull()
      })

      it('refuses a database that is further on', async () => {
        await expect(migrate(database, [], systemClock)).rejects.toMatchObject({ code: 'vault-newer' })
      })
    })
  })
}
