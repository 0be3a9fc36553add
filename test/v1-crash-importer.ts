import { idMaker, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { createLegacy } from '../src-core/legacy/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { openStoreIn, shadowsOf } from './vault-world.ts'

/**
 * The child of v1-crash.test.ts. `loop`: imports and takes back, again and again, until it is killed; says `ready` when it begins. `finish`:
 * imports once, and prints as JSON the captures, whether tables agree with documents, and whether everything verifies.
 */
const [dataDir, file, what, seed] = process.argv.slice(2) as [string, string, 'loop' | 'finish', string]
const store = await openStoreIn(dataDir)
const vault = await openVault({
  db: store.database,
  clock: systemClock,
  newId: idMaker(systemClock, seededRandom(Number(seed))),
  log: silentLog,
  limits: { textLength: 100_000 },
  tuning: { journalCaptures: 700, compactRows: 5 },
})
const legacy = createLegacy({
  vault,
  store,
  derived: { audit: async () => [], pending: async () => 0, search: async () => [] },
  clock: systemClock,
  textLength: 100_000,
})
const silent = () => undefined
process.stdout.write('ready\n')
for (; what === 'loop'; ) {
  const { inspection } = await legacy.execute({ path: file }, silent)
  await legacy.rollBack(inspection.importId, silent)
}
await legacy.execute({ path: file }, silent)
const { captures = [], sessions } = await shadowsOf(store.database, vault.id)
const before = JSON.stringify(await shadowsOf(store.database, vault.id))
await vault.rebuild()
const agrees = before === JSON.stringify(await shadowsOf(store.database, vault.id))
const { counts } = await legacy.verify({ path: file }, silent)
const states = (await legacy.list()).map(({ state }) => state)
// Which journal holds a capture depends on where it was cut off; a search needs an index.
const { 'not-found-by-search': _, ...differences } = counts
const content = captures.map(({ doc: __, ...row }) => row)
process.stdout.write(
  `${JSON.stringify({ captures: content, sessions: sessions?.map(({ id, created_at }) => [id, created_at]), agrees, differences, states })}\n`,
)
await vault.close()
await store.close()
