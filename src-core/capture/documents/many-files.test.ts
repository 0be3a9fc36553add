import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { configSchema, idMaker, LvaError, seededRandom, silentLog, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { Documents } from './documents.ts'
import { WatchedFolders } from './folders.ts'
import { parseDocument } from './parse.ts'
import { DocumentQueue } from './queue.ts'

/** One folder with 20,000 files, half of them in folders inside. */

const FILES = 20_000
const LOOK_MS = 100
let root: string
let store: Store

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'lva-many-'))
  mkdirSync(join(root, 'data'))
  for (let part = 0; part < 10; part++) mkdirSync(join(root, 'files', `part ${part}`), { recursive: true })
  for (let file = 0; file < FILES; file++) {
    writeFileSync(join(root, 'files', file % 2 === 0 ? '' : `part ${file % 10}`, `${file}.txt`), `Note ${file}.`)
  }
  store = await openTestStore()
})
afterAll(async () => {
  await store.close()
  rmSync(root, { recursive: true, force: true })
})

it('is taken in and read with progress, in bounded memory, and let go in the middle', async () => {
  const { vault } = await openTestVault(store.database)
  const limits = configSchema.parse({}).documents
  // Not to the disk: that is the blob store's own matter.
  const bytesOf = new Map<string, Uint8Array>()
  const blobs = {
    put: async (data: Parameters<Store['blobs']['put']>[0]) => {
      const bytes = data as Uint8Array
      const sha256 = createHash('sha256').update(bytes).digest('hex')
      bytesOf.set(sha256, bytes)
      return sha256
    },
    get: async (sha256: string) => bytesOf.get(sha256) ?? Promise.reject(new LvaError('not-found', 'No such blob.')),
    has: async (sha256: string) => bytesOf.has(sha256),
  }
  const queue = new DocumentQueue({
    db: store.database,
    vault,
    blobs,
    read: (source, how) => parseDocument(source, { limits, ...how }),
    onRead: () => undefined,
    clock: systemClock,
    log: silentLog,
  })
  queue.pause()
  const documents = new Documents({
    db: store.database,
    vault,
    blobs,
    queue,
    fetchAddress: () => Promise.reject(new Error('nothing is fetched here')),
    limits,
    log: silentLog,
  })
  const folders = new WatchedFolders({
    db: store.database,
    vault,
    documents,
    dataDir: join(root, 'data'),
    fileMb: limits.fileMb,
    clock: systemClock,
    newId: idMaker(systemClock, seededRandom(9)),
    log: silentLog,
  })
  const held = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  const before = held()
  const stateOf = async (id: string) => (await folders.list()).find((folder) => folder.id === id)

  const first = await folders.add(join(root, 'files'), undefined)
  while (((await stateOf(first.id))?.files ?? 0) === 0) await pause(LOOK_MS)
  await folders.remove(first.id)
  const kept = (await queue.state()).pending
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(FILES / 2)
  expect(await folders.list()).toEqual([])

  const { id } = await folders.add(join(root, 'files'), undefined)
  const steps: number[] = []
  let [peak, lastStep, longestWait] = [0, performance.now(), 0]
  for (let isOver = false; !isOver; ) {
    const folder = await stateOf(id)
    if (folder && folder.files !== steps.at(-1)) {
      steps.push(folder.files)
      longestWait = Math.max(longestWait, performance.now() - lastStep)
      lastStep = performance.now()
    }
    peak = Math.max(peak, held() - before)
    isOver = folder?.state !== 'scanning'
    if (!isOver) await pause(LOOK_MS)
  }
  expect(await stateOf(id)).toMatchObject({ state: 'watching', files: FILES, refused: 0 })
  // What was taken before the first one was let go is there once.
  expect(await queue.state()).toMatchObject({ pending: FILES, failed: 0 })
  expect(steps.length).toBeGreaterThan(10)
  expect(longestWait).toBeLessThan(10_000)
  expect(peak).toBeLessThan(300 * 2 ** 20)

  let [left, lastRead, longestReading] = [FILES, performance.now(), 0]
  queue.resume()
  while (left > 0) {
    await pause(LOOK_MS)
    const { pending } = await queue.state()
    if (pending < left) {
      longestReading = Math.max(longestReading, performance.now() - lastRead)
      lastRead = performance.now()
    }
    left = pending
    peak = Math.max(peak, held() - before)
  }
  expect(await queue.state()).toMatchObject({ pending: 0, failed: 0 })
  expect(longestReading).toBeLessThan(10_000)
  expect(peak).toBeLessThan(300 * 2 ** 20)
  await folders.close()
  await documents.close()
})
