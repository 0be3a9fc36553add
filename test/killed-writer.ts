import { silentLog, systemClock } from '../src-core/kernel/index.ts'
import { openStore } from '../src-core/store/index.ts'
import { TEMPLATE_CACHE } from './template-cache.ts'

/**
 * A process that writes until it is killed, two rows in each transaction. It prints the number of each
 * write on a line once the database has acknowledged it, and `ready` first. Argument: the data folder.
 */
const [dataDir] = process.argv.slice(2)
if (!dataDir) throw new Error('usage: killed-writer DATA_DIR')
const store = await openStore({
  dataDir,
  cacheDir: TEMPLATE_CACHE,
  host: 'cli',
  clock: systemClock,
  log: silentLog,
  statementTimeoutMs: 30_000,
})
await store.database.exec('create table if not exists written (n integer, half text)')
const [row] = await store.database.query<{ next: number }>('select coalesce(max(n), 0) + 1 as next from written')
process.stdout.write('ready\n')
const filling = 'x'.repeat(3_000)
for (let n = row?.next ?? 1; ; n += 1) {
  await store.database.transaction(async (tx) => {
    await tx.query('insert into written values ($1, $2)', [n, `a${filling}`])
    await tx.query('insert into written values ($1, $2)', [n, `b${filling}`])
  })
  process.stdout.write(`${n}\n`)
}
