import { join } from 'node:path'
import { Backups } from '../src-core/backup/index.ts'
import { idMaker, loadConfig, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { newPhrase } from '../src-core/keys/index.ts'
import { openStore, settleFolder } from '../src-core/store/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { TEMPLATE_CACHE } from './template-cache.ts'

/**
 * The child of backup-crash.test.ts. `loop`: adds a capture, backs up, restores beside, exchanges the two at its own next start, again and
 * again, until it is killed; it prints each sentence once the vault has it. `look`: opens what is there, and prints as JSON what it finds, once every good backup has been proven again.
 */
const [root = '', what = 'look', seed = '1'] = process.argv.slice(2)
const dataDir = join(root, 'data')
const folder = join(root, 'backups')
const random = seededRandom(Number(seed))
const newId = idMaker(systemClock, random)
const log = silentLog
const quiet = () => undefined
const PHRASE = newPhrase(seededRandom(24))

async function open() {
  const store = await openStore({
    dataDir,
    cacheDir: TEMPLATE_CACHE,
    host: 'cli',
    clock: systemClock,
    log,
    statementTimeoutMs: 60_000,
  })
  const limits = { textLength: 100_000 }
  const vault = await openVault({ db: store.database, clock: systemClock, newId, log, limits })
  const secrets = new Map<string, string>()
  const backups = new Backups({
    store,
    vault,
    secrets: {
      get: async (name) => secrets.get(name),
      set: async (name, value) => void secrets.set(name, value),
      remove: async (name) => void secrets.delete(name),
      storage: async () => 'session',
    },
    config: loadConfig({}).backup,
    usualFolder: folder,
    appVersion: '0.0.0',
    cacheDir: TEMPLATE_CACHE,
    limits,
    statementTimeoutMs: 60_000,
    clock: systemClock,
    random,
    newId,
    log,
    openS3: () => {
      throw new Error('there is no storage')
    },
    restart: quiet,
  })
  await backups.tidy()
  await backups.unlock(PHRASE)
  const close = async () => {
    await backups.close()
    await vault.close()
    await store.close()
  }
  return { store, vault, backups, close }
}

async function round(number: number): Promise<void> {
  const { vault, store, backups, close } = await open()
  await vault.captures.add({ sessionId: 's', source: 'text', userText: `${seed}.${number}` })
  process.stdout.write(`${seed}.${number}\n`)
  await store.blobs.put(random.bytes(300_000))
  const [made] = await backups.backUp(quiet)
  const copy = await backups.restore(folder, made?.name ?? '', quiet)
  for (const { id } of (await backups.status()).copies) if (id !== copy) await backups.discard(id)
  await backups.swapIn(copy)
  await close()
  await settleFolder({ dataDir, cacheDir: TEMPLATE_CACHE, host: 'cli', clock: systemClock })
}

for (let number = 0; what === 'loop'; number += 1) await round(number)

const { vault, backups, close } = await open()
const { items } = await vault.captures.list({}, { limit: 1_000 })
// What was cut off goes with the next one.
await backups.backUp(quiet)
const standings: string[] = []
for (const { place, name } of await backups.list()) standings.push((await backups.verify(place, name, quiet)).standing)
const { copies } = await backups.status()
const present = await backups.present()
await close()
process.stdout.write(
  `${JSON.stringify({ captures: items.map(({ userText }) => userText), standings, copies: copies.length, recordings: present.recordings })}\n`,
)
