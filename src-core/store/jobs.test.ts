import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startPostgresServer } from '../../test/postgres-server.ts'
import { TEMPLATE_CACHE } from '../../test/template-cache.ts'
import { ManualClock, silentLog, systemClock } from '../kernel/index.ts'
import {
  claimJobs,
  completeJobs,
  countJobs,
  enqueueJobs,
  failJob,
  nextJobDue,
  releaseJobs,
  requeueRunningJobs,
} from './jobs.ts'
import { openStore, type Store } from './open-store.ts'
import { recordSpending, spendingByModel, spentMicroUsd } from './spending.ts'

const common = {
  cacheDir: TEMPLATE_CACHE,
  host: 'cli',
  clock: systemClock,
  log: silentLog,
  statementTimeoutMs: 30_000,
} as const

describe.each(['PGlite', 'server'])('the tables of the store itself on %s', (kind) => {
  let store: Store
  let close: () => Promise<void>
  let clock: ManualClock
  const vault = 'v'

  beforeAll(async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'lva-jobs-'))
    const server = kind === 'server' ? await startPostgresServer() : undefined
    store = await openStore({ ...common, dataDir, ...(server && { databaseUrl: server.url }) })
    close = async () => {
      await store.close()
      await server?.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
  })
  afterAll(() => close?.())
  beforeEach(async () => {
    clock = new ManualClock()
    await store.database.exec('truncate jobs, spending')
  })

  const enqueue = (...subjects: string[]) => enqueueJobs(store.database, vault, 'index', subjects, clock)
  const claim = (limit = 10) => claimJobs(store.database, vault, 'index', limit, clock)
  const counts = () => countJobs(store.database, vault, 'index')
  const only = async () => {
    const [job, ...others] = await claim()
    if (!job || others.length > 0) throw new Error('expected one job')
    return job
  }

  describe('jobs', () => {
    it('come out in the order in which they went in, up to a limit, and each once', async () => {
      await enqueue('c', 'a', 'b', 'a')
      await enqueue('d')
      expect((await claim(2)).map((job) => job.subject)).toEqual(['c', 'a'])
      expect(await counts()).toEqual({ waiting: 2, running: 2, failed: 0 })
      expect((await claim()).map((job) => job.subject)).toEqual(['b', 'd'])
      expect(await claim()).toEqual([])
    })

    it('are gone when they are done', async () => {
      await enqueue('a', 'b')
      const [a, b] = await claim()
      if (!a || !b) throw new Error('expected two jobs')
      await completeJobs(store.database, vault, [a], clock)
      expect(await counts()).toEqual({ waiting: 0, running: 1, failed: 0 })
      await completeJobs(store.database, vault, [b], clock)
      expect(await counts()).toEqual({ waiting: 0, running: 0, failed: 0 })
    })

    it('wait once for each kind and subject', async () => {
      await enqueue('a')
      await enqueue('a')
      await enqueueJobs(store.database, vault, 'other', ['a'], clock)
      await enqueueJobs(store.database, 'another vault', 'index', ['a'], clock)
      expect(await counts()).toEqual({ waiting: 1, running: 0, failed: 0 })
      expect(await claim()).toHaveLength(1)
    })

    it('belong to the transaction that queues them', async () => {
      const undone = store.database.transaction(async (tx) => {
        await enqueueJobs(tx, vault, 'index', ['a'], clock)
        throw new Error('undone')
      })
      await expect(undone).rejects.toThrow('undone')
      expect(await claim()).toEqual([])
    })

    it('run again, and not twice at once, when they are queued while they run', async () => {
      await enqueue('a')
      const first = await only()
      await enqueue('a')
      expect(await claim()).toEqual([])
      await completeJobs(store.database, vault, [first], clock)
      const second = await only()
      expect(second).toMatchObject({ subject: 'a', attempts: 1 })
      await completeJobs(store.database, vault, [second], clock)
      expect(await counts()).toEqual({ waiting: 0, running: 0, failed: 0 })
    })

    it('run again also when the work that was under way failed', async () => {
      await enqueue('a')
      const first = await only()
      await enqueue('a')
      await failJob(store.database, vault, first, 'timeout', clock)
      expect(await only()).toMatchObject({ subject: 'a', attempts: 1 })
    })

    it('wait twice as long after each failure, up to a limit, and then have failed', async () => {
      const retries = { maxAttempts: 4, baseMs: 1_000, capMs: 3_000 }
      await enqueue('a')
      for (const wait of [1_000, 2_000, 3_000]) {
        await failJob(store.database, vault, await only(), 'model-process-down', clock, retries)
        expect(await nextJobDue(store.database, vault, 'index')).toBe(clock.now() + wait)
        clock.advance(wait - 1)
        expect(await claim()).toEqual([])
        clock.advance(1)
      }
      const last = await only()
      expect(last.attempts).toBe(4)
      await failJob(store.database, vault, last, 'model-process-down', clock, retries)
      clock.advance(1e9)
      expect(await claim()).toEqual([])
      expect(await counts()).toEqual({ waiting: 0, running: 0, failed: 1 })
      expect(await nextJobDue(store.database, vault, 'index')).toBeUndefined()
      const [row] = await store.database.query('select error_code from jobs')
      expect(row).toEqual({ error_code: 'model-process-down' })
    })

    it('start over when they are queued after failing', async () => {
      await enqueue('a')
      await failJob(store.database, vault, await only(), 'timeout', clock, { maxAttempts: 1, baseMs: 1, capMs: 1 })
      await enqueue('a')
      expect(await only()).toMatchObject({ attempts: 1 })
    })

    it('can be given back as they were', async () => {
      await enqueue('a', 'b')
      await releaseJobs(store.database, vault, await claim())
      expect((await claim()).map(({ subject, attempts }) => [subject, attempts])).toEqual([
        ['a', 1],
        ['b', 1],
      ])
    })

    it('that a crash left running wait again, and keep count of their attempts', async () => {
      await enqueue('a')
      await claim()
      await requeueRunningJobs(store.database)
      expect(await only()).toMatchObject({ subject: 'a', attempts: 2 })
    })

    it('go to one of several workers only', async () => {
      await enqueue(...Array.from({ length: 40 }, (_, index) => `s${index}`))
      const claimed = (await Promise.all(Array.from({ length: 8 }, () => claim(5)))).flat()
      expect(claimed.length).toBeLessThanOrEqual(40)
      expect(new Set(claimed.map((job) => job.subject)).size).toBe(claimed.length)
      expect((await counts()).running).toBe(claimed.length)
    })
  })

  describe('spending', () => {
    it('adds up from an instant on, by vault and by model', async () => {
      let id = 0
      const spend = (vaultId: string, at: number, model: string, costMicroUsd: number) =>
        recordSpending(
          store.database,
          vaultId,
          { at, provider: 'openai', model, inputTokens: 10, outputTokens: 1, costMicroUsd },
          () => String(++id),
        )
      await spend(vault, 999, 'dear', 1_000)
      await spend(vault, 1_000, 'dear', 2_000_000_000)
      await spend(vault, 1_001, 'dear', 2_000_000_000)
      await spend(vault, 1_001, 'cheap', 7)
      await spend('another vault', 1_001, 'dear', 5)
      expect(await spentMicroUsd(store.database, vault, 1_000)).toBe(4_000_000_007)
      expect(await spentMicroUsd(store.database, vault, 2_000)).toBe(0)
      expect(await spendingByModel(store.database, vault, 1_000)).toEqual([
        { model: 'dear', inputTokens: 20, outputTokens: 2, costMicroUsd: 4_000_000_000, calls: 2 },
        { model: 'cheap', inputTokens: 10, outputTokens: 1, costMicroUsd: 7, calls: 1 },
      ])
    })
  })
})
