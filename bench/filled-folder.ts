import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../src-core/kernel/index.ts'
import { EXTRACTOR } from '../src-core/memory/concepts/read.ts'
import { MINILM_INFO } from '../src-core/models/index.ts'
import { readMigrations } from '../src-core/store/index.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { type BuiltCore, indexed, startBuiltCore } from './built-core.ts'
import { sentences } from './sentences.ts'

/** Captures that are on their way to the core at once. */
const AT_ONCE = 32

/** Says `count` sentences, each a capture of one chunk, and waits until all of them are indexed. */
export async function fill({ client }: BuiltCore, count: number): Promise<void> {
  const waiting = sentences(count)
  const sayOn = async () => {
    for (let text = waiting.pop(); text; text = waiting.pop())
      await client.captures.add({ sessionId: null, text, source: 'text' })
  }
  await Promise.all(Array.from({ length: AT_ONCE }, sayOn))
  await indexed(client)
}

/**
 * A data folder with `count` captures, indexed and read for concepts as a learner's are after a while, that the caller may use up and removes.
 * Making it takes minutes: it is made once for each schema, model
 * and way of reading concepts, and kept in the temporary folder of the machine for all checkouts.
 */
export async function filledFolder(count: number): Promise<{ dataDir: string; remove(): void }> {
  const schema = readMigrations().at(-1)?.hash.slice(0, 12)
  const kept = join(tmpdir(), 'lva-bench', `filled-${count}-${schema}-${MINILM_INFO.id.split('/').at(-1)}-${EXTRACTOR}`)
  if (!existsSync(kept)) {
    console.error(`Making a data folder with ${count} captures (once) ...`)
    const draft = `${kept}.${process.pid}.draft`
    mkdirSync(draft, { recursive: true })
    const core = await startBuiltCore({ dataDir: draft, cacheDir: MODEL_CACHE })
    await fill(core, count)
    await readForConcepts(core)
    await core.close()
    // Another checkout may have made it meanwhile.
    if (existsSync(kept)) rmSync(draft, { recursive: true })
    else renameSync(draft, kept)
  }
  const folder = mkdtempSync(join(tmpdir(), 'lva-filled-'))
  cpSync(kept, folder, { recursive: true })
  return { dataDir: folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** What waits would be read beside whatever is measured. */
async function readForConcepts({ client }: BuiltCore): Promise<void> {
  while ((await client.graph.status()).pending > 0) await systemClock.sleep(1_000)
}
