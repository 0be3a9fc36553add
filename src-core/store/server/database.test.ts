import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type PostgresServer, startPostgresServer } from '../../../test/postgres-server.ts'
import { databaseSuite } from '../../../test/suites/database-suite.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { migrate, readMigrations } from '../migrations.ts'
import { openServer, type ServerOptions } from './database.ts'

const OPTIONS = { clock: systemClock, log: silentLog, statementTimeoutMs: 30_000 }

databaseSuite('server', async () => {
  const server = await startPostgresServer()
  return {
    open: ({ statementTimeoutMs = 30_000 } = {}) => openServer({ ...OPTIONS, url: server.url, statementTimeoutMs }),
    close: () => server.close(),
  }
})

describe('a database server', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgresServer()
  })
  afterAll(() => server?.close())

  const open = (options: Partial<ServerOptions> = {}) => openServer({ ...OPTIONS, url: server.url, ...options })

  it('that goes away is unreachable, and is used again when it is back', async () => {
    const database = await open()
    await database.exec('create table kept (n integer)')
    // The test's server may forget what was not written by a checkpoint.
    await database.exec('checkpoint')
    const running = expect(database.query('select pg_sleep(30)')).rejects.toMatchObject({
      code: 'database-unreachable',
    })
    const transaction = database.transaction(async (tx) => {
      await tx.query('insert into kept values (1)')
      await server.kill()
      await tx.query('insert into kept values (2)')
    })
    await expect(transaction).rejects.toMatchObject({ code: 'database-unreachable' })
    await running
    await expect(database.query('select 1')).rejects.toMatchObject({ code: 'database-unreachable' })
    await expect(open()).rejects.toMatchObject({ code: 'database-unreachable' })
    await server.restart()
    expect(await database.query('select n from kept')).toEqual([])
    await database.close()
  })

  it('that does not know the database says what to check, and not the password', async () => {
    const url = server.url.replace('lva@', 'lva:geheim@').replace('/postgres', '/nowhere')
    const error = await open({ url }).catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'database-unreachable', advice: expect.stringContaining('database name') })
    expect(JSON.stringify([String(error), error, String((error as Error).cause)])).not.toContain('geheim')
  })

  it('is asked by many at once, also by more than it has connections for, and drops who gives up waiting', async () => {
    const database = await open({ maxConnections: 2 })
    const controller = new AbortController()
    const busy = [database.query('select pg_sleep(0.3)'), database.query('select pg_sleep(0.3)')]
    const waiting = database.query('select 1', [], { signal: controller.signal })
    const all = Array.from({ length: 20 }, (_, n) => database.query('select $1::int as n', [n]))
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' })
    expect(await Promise.all(all)).toEqual(all.map((_, n) => [{ n }]))
    await Promise.all(busy)
    await database.close()
  })

  it('is brought to the last migration by one of several nodes that start at once', async () => {
    const url = await server.createDatabase('several_nodes')
    const nodes = await Promise.all(Array.from({ length: 3 }, () => open({ url })))
    await Promise.all(nodes.map((node) => migrate(node, readMigrations(), systemClock)))
    const [row] = (await nodes[0]?.query('select count(*) as n from applied_migrations')) ?? []
    expect(row).toEqual({ n: readMigrations().length })
    await Promise.all(nodes.map((node) => node.close()))
  })
})
