import { startPostgresServer } from '../../../test/postgres-server.ts'
import { databaseSuite } from '../../../test/suites/database-suite.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { openServer } from './database.ts'

databaseSuite('server', async () => {
  const server = await startPostgresServer()
  return {
    open: ({ statementTimeoutMs = 30_000 } = {}) =>
      openServer({ url: server.url, clock: systemClock, log: silentLog, statementTimeoutMs }),
    close: () => server.close(),
  }
})
