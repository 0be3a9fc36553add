import { join } from 'node:path'
import { idMaker, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import { createPortable } from '../src-core/portable/index.ts'
import { openStore } from '../src-core/store/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { contentOf } from './portable-world.ts'
import { shadowsOf, TEMPLATE_CACHE } from './vault-world.ts'

/**
 * The child of portable-crash.test.ts. `loop`: imports, exports and takes back, again and again, until it is killed; says `ready` when it
 * begins. `finish`: imports once, and prints as JSON what the vault holds, what the imports are, and whether tables agree with documents.
 */
const [dataDir, source, exports, what, seed] = process.argv.slice(2) as [
  string,
  string,
  string,
  'loop' | 'finish',
  string,
]
const store = await openStore({
  ...{ dataDir, cacheDir: TEMPLATE_CACHE, host: 'cli', clock: systemClock, log: silentLog, statementTimeoutMs: 60_000 },
})
const newId = idMaker(systemClock, seededRandom(Number(seed)))
const vault = await openVault({
  ...{ db: store.database, clock: systemClock, newId, log: silentLog, limits: { textLength: 100_000 } },
  tuning: { journalCaptures: 100, compactRows: 5 },
})
const portable = await createPortable({
  ...{ vault, blobs: store.blobs, folder: dataDir, longestText: 100_000, clock: systemClock, newId },
})
const quiet = () => undefined
const { signal } = new AbortController()
process.stdout.write('ready\n')
const FORMATS = [
  ['jsonl', 'file', '.jsonl'],
  ['markdown', 'zip', '.zip'],
  ['markdown', 'folder', ''],
] as const
for (let round = 0; what === 'loop'; round += 1) {
  const { id } = await portable.import({ path: source }, undefined, quiet, signal)
  const [format, packing, ending] = FORMATS[round % FORMATS.length] as (typeof FORMATS)[number]
  const target = join(exports, `${seed}-${round}${ending}`)
  await portable.exportTo({ format, packing, filter: {}, target }, quiet, signal)
  await portable.rollBack(id, quiet, signal)
}
await portable.import({ path: source }, undefined, quiet, signal)
const { documents, ...content } = await contentOf({ vault })
const before = JSON.stringify(await shadowsOf(store.database, vault.id))
await vault.rebuild()
const agrees = before === JSON.stringify(await shadowsOf(store.database, vault.id))
const missing: string[] = []
for (const { sha256 } of documents) if (!(await store.blobs.has(sha256))) missing.push(sha256)
const unfinished = (await portable.imports()).filter(({ finishedAt, rolledBackAt }) => !finishedAt && !rolledBackAt)
process.stdout.write(`${JSON.stringify({ ...content, documents, agrees, missing, unfinished })}\n`)
await portable.close()
await vault.close()
await store.close()
