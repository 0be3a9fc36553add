import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestStore, openTestVault } from '../../../test/vault-world.ts'
import { configSchema, idMaker, seededRandom, silentLog, systemClock } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { Documents } from './documents.ts'
import { WatchedFolders } from './folders.ts'
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

it('is taken in with progress, in bounded memory, and let go in the middle', async () => {
  const { vault } = await openTestVault(store.database)
  const limits = configSchema.parse({}).documents
  const queue = new DocumentQueue({
    db: store.database,
    vault,
    blobs: store.blobs,
    read: () => Promise.reject(new Error('nothing is read here')),
    onRead: () => undefined,
    clock: systemClock,
    log: silentLog,
  })
  queue.pause()
  const documents = new Documents({
    db: store.database,
    vault,
    // Not to the disk: that is the blob store's own matter.
    blobs: {
      put: async (bytes) =>
        createHash('sha256')
          .update(bytes as Uint8Array)
          .digest('hex'),
      get: store.blobs.get,
      has: store.blobs.has,
    },
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
  await folders.close()
  await documents.close()
})
