import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { TEMPLATE_CACHE } from '../../../test/template-cache.ts'
import { ManualClock, silentLog, systemClock } from '../../kernel/index.ts'
import { openStore, type Store } from '../../store/index.ts'
import { createResearchCache, type ResearchCache } from './cache.ts'

const HOUR = 3_600_000
const found = (text: string) => [{ title: 'T', url: 'https://example.org/t', text }]

describe('what research keeps of answers', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lva-research-'))
  let store: Store
  let clock: ManualClock
  let cache: ResearchCache
  let other: ResearchCache

  beforeAll(async () => {
    store = await openStore({
      dataDir,
      cacheDir: TEMPLATE_CACHE,
      host: 'cli',
      clock: systemClock,
      log: silentLog,
      statementTimeoutMs: 30_000,
    })
  })
  afterAll(async () => {
    await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  beforeEach(async () => {
    clock = new ManualClock()
    const open = (vaultId: string) =>
      createResearchCache({ database: store.database, vaultId, clock, hours: 24, mb: 1 })
    cache = open('v')
    other = open('w')
    await Promise.all([cache.clear(), other.clear()])
  })

  it('is given back with when it was fetched, the newest of it', async () => {
    expect(await cache.get('wikipedia cells')).toBeUndefined()
    await cache.put('wikipedia cells', found('old'))
    clock.advance(HOUR)
    await cache.put('wikipedia cells', found('Ünïcode "quoted" \u2028 text'))
    expect(await cache.get('wikipedia cells')).toEqual({
      found: found('Ünïcode "quoted" \u2028 text'),
      at: '2026-01-01T01:00:00.000Z',
    })
    expect(await cache.size()).toMatchObject({ answers: 1 })
  })

  it('is gone after a day', async () => {
    await cache.put('a', found('x'))
    clock.advance(24 * HOUR - 1)
    expect(await cache.get('a')).toBeDefined()
    clock.advance(1)
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.size()).toEqual({ bytes: 0, answers: 0 })
  })

  it('stays within its size: the oldest go first', async () => {
    for (const key of ['a', 'b', 'c', 'd']) {
      await cache.put(key, found('w'.repeat(300_000)))
      clock.advance(1_000)
    }
    expect(await cache.get('a')).toBeUndefined()
    expect(await cache.get('b')).toBeDefined()
    const { bytes, answers } = await cache.size()
    expect(answers).toBe(3)
    expect(bytes).toBeLessThanOrEqual(2 ** 20)
  })

  it('keeps nothing that is larger than all of it may be', async () => {
    await cache.put('small', found('x'))
    clock.advance(1)
    await cache.put('huge', found('w'.repeat(2 ** 20)))
    expect(await cache.get('huge')).toBeUndefined()
  })

  it('is cleared for this vault alone', async () => {
    await Promise.all([cache.put('a', found('x')), other.put('a', found('y'))])
    await cache.clear()
    expect(await cache.get('a')).toBeUndefined()
    expect(await other.get('a')).toMatchObject({ found: found('y') })
  })
})
