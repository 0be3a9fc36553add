import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { idMaker, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { createLegacy } from '../src-core/legacy/index.ts'
import { openStore } from '../src-core/store/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { mountSmallDisk } from './small-disk.ts'
import { fingerprint, makeV1, manyRows } from './v1-fixtures.ts'
import { TEMPLATE_CACHE } from './vault-world.ts'

const KILLS = 50
const ROWS = 3_000
const IMPORTER = join(import.meta.dirname, 'v1-crash-importer.ts')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-v1-crash-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the importer; kills it with -9 so many milliseconds after it began, or lets it end. @returns its last line */
function run(data: string, what: 'loop' | 'finish', seed: number, killAfterMs?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const words = [IMPORTER, join(folder, data), join(folder, 'v1.db'), what, String(seed)]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let errors = ''
    child.stderr.on('data', (text) => {
      errors += text
    })
    child.stdout.on('data', (text) => {
      const began = out === ''
      out += text
      if (began && killAfterMs !== undefined) systemClock.sleep(killAfterMs).then(() => child.kill('SIGKILL'), reject)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0 || (signal === 'SIGKILL' && killAfterMs !== undefined))
        resolve(out.trim().split('\n').at(-1) ?? '')
      else reject(new Error(`the importer ended with ${code ?? signal}: ${errors}`))
    })
  })
}

it(`gives the same vault after ${KILLS} kills in the middle of importing and taking back`, async () => {
  makeV1(join(folder, 'v1.db'), [...manyRows(ROWS)])
  const before = fingerprint(join(folder, 'v1.db'))
  const random = seededRandom(6)
  for (let kill = 0; kill < KILLS; kill += 1) await run('killed', 'loop', kill, random.fraction() * 2_500)
  const killed = JSON.parse(await run('killed', 'finish', KILLS))
  const clean = JSON.parse(await run('clean', 'finish', KILLS + 1))
  expect(killed.captures).toHaveLength(ROWS)
  expect(killed).toEqual(clean)
  expect(killed).toMatchObject({ agrees: true, differences: {}, states: ['complete'] })
  const { beside: _, ...file } = fingerprint(join(folder, 'v1.db')) as Record<string, unknown>
  expect(before).toMatchObject(file)
}, 900_000)

/** A long text that no database makes smaller. */
function noise(seed: string): string {
  return createHash('shake256', { outputLength: 12_000 }).update(seed).digest('base64')
}

it('on a disk that becomes full says so, and is whole once there is room', async ({ skip }) => {
  const disk = mountSmallDisk(58)
  if (!disk) return skip()
  try {
    const file = join(folder, 'full', 'learning_captures.db')
    makeV1(
      file,
      Array.from(manyRows(1_500), (row) => ({ ...row, agent: noise(String(row.user)) })),
    )
    const before = fingerprint(file)
    const store = await openStore({
      ...{ dataDir: join(disk.folder, 'vault'), cacheDir: TEMPLATE_CACHE, host: 'cli' },
      ...{ clock: systemClock, log: silentLog, statementTimeoutMs: 60_000 },
    })
    const vault = await openVault({
      ...{ db: store.database, clock: systemClock, newId: idMaker(systemClock, seededRandom(7)), log: silentLog },
      limits: { textLength: 100_000 },
    })
    const legacy = createLegacy({
      ...{ vault, store, clock: systemClock, textLength: 100_000 },
      derived: { audit: async () => [], pending: async () => 0, search: async () => [] },
    })
    const silent = () => undefined
    await expect(legacy.execute({ path: file }, silent)).rejects.toMatchObject({ code: 'disk-full' })
    const part = await vault.captures.count({})
    expect(part).toBeLessThan(1_500)
    spawnSync('mount', ['-o', 'remount,size=700m', disk.folder])
    const { added, known } = await legacy.execute({ path: file }, silent)
    expect([added + known, await vault.captures.count({})]).toEqual([1_500, 1_500])
    const { counts } = await legacy.verify({ path: file }, silent)
    expect(Object.keys(counts).filter((kind) => kind !== 'not-found-by-search')).toEqual([])
    expect(fingerprint(file)).toEqual(before)
    await vault.close()
    await store.close()
  } finally {
    disk.unmount()
  }
}, 120_000)
