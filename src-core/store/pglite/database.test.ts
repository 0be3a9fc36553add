import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseSuite } from '../../../test/suites/database-suite.ts'
import { silentLog, systemClock } from '../../kernel/index.ts'
import { openPglite } from './database.ts'

databaseSuite('PGlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lva-pglite-'))
  return {
    open: ({ statementTimeoutMs = 30_000 } = {}) =>
      openPglite({
        folder: join(folder, 'pg'),
        clock: systemClock,
        log: silentLog,
        statementTimeoutMs,
        cancelGraceMs: 100,
      }),
    close: async () => rmSync(folder, { recursive: true, force: true }),
  }
})
