import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from '../scripts/ensure-built.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { indexed, startBuiltCore } from './built-core.ts'
import { bench, quantile, REPOSITORY, rounded } from './harness.ts'

const ROUNDS = 9
/** An existing vault is one that has been used for some weeks. */
const CAPTURES = 300

/** Milliseconds from asking for a bare process to its first answer from the folder. */
async function openBare(dataDir: string): Promise<number> {
  const begun = performance.now()
  const child = fork(join(REPOSITORY, 'bench/bare-pglite.ts'), [join(dataDir, 'pg')])
  await once(child, 'message')
  const took = performance.now() - begun
  child.send('close')
  await once(child, 'exit')
  return took
}

async function openCore(dataDir: string): Promise<number> {
  const core = await startBuiltCore({ dataDir, cacheDir: MODEL_CACHE })
  await core.close()
  return core.readyMs
}

/** The first start on a machine: nothing in the data folder, no converted model. */
async function firstRun(dataDir: string, cacheDir: string) {
  const core = await startBuiltCore({ dataDir, cacheDir })
  const begun = performance.now()
  await core.client.captures.add({ sessionId: null, text: 'The first thing that was said.', source: 'text' })
  const firstCaptureMs = performance.now() - begun
  await indexed(core.client)
  const firstIndexedMs = performance.now() - begun
  for (let number = 1; number < CAPTURES; number += 1) {
    const text = `Thought ${number}: what I learn today about subject ${number % 17}, in a few words of my own.`
    await core.client.captures.add({ sessionId: null, text, source: 'text' })
  }
  await indexed(core.client)
  await core.close()
  return { readyMs: core.readyMs, parts: core.parts, firstCaptureMs, firstIndexedMs }
}

await bench({
  name: 'startup',
  about:
    'Ready core on an existing vault against opening bare PGlite on the same folder; and the first run ever, with its parts.',
  async run() {
    ensureBuilt()
    const folder = mkdtempSync(join(tmpdir(), 'lva-startup-'))
    try {
      const dataDir = join(folder, 'data')
      const first = await firstRun(dataDir, join(folder, 'cache'))
      const core: number[] = []
      const bare: number[] = []
      // The first of each warms the file cache and does not count; then by turns, so that both meet the same machine.
      for (let round = 0; round <= ROUNDS; round += 1) {
        const [one, other] = [await openCore(dataDir), await openBare(dataDir)]
        if (round === 0) continue
        core.push(one)
        bare.push(other)
      }
      const { lockMs = 0, templateMs = 0, unpackMs = 0, databaseMs = 0, migrationMs = 0, openMs = 0 } = first.parts
      const figures = {
        ratio: rounded(quantile(core, 0.5) / quantile(bare, 0.5), 3),
        coreMs: rounded(quantile(core, 0.5), 0),
        bareMs: rounded(quantile(bare, 0.5), 0),
        coreP95Ms: rounded(quantile(core, 0.95), 0),
        bareP95Ms: rounded(quantile(bare, 0.95), 0),
        firstReadyMs: rounded(first.readyMs, 0),
        firstProcessMs: rounded(first.readyMs - openMs, 0),
        firstLockMs: rounded(lockMs, 0),
        firstTemplateMs: rounded(templateMs, 0),
        firstUnpackMs: rounded(unpackMs, 0),
        firstDatabaseMs: rounded(databaseMs, 0),
        firstMigrationMs: rounded(migrationMs, 0),
        firstFloorsMs: rounded(openMs - lockMs - templateMs - unpackMs - databaseMs - migrationMs, 0),
        firstCaptureMs: rounded(first.firstCaptureMs, 0),
        firstIndexedMs: rounded(first.firstIndexedMs, 0),
      }
      const row = (what: string, ms: number) => ({ what, ms })
      return {
        figures,
        table: [
          row('ready core on an existing vault, median', figures.coreMs),
          row('bare PGlite on the same folder, median', figures.bareMs),
          row('ready core, p95', figures.coreP95Ms),
          row('bare PGlite, p95', figures.bareP95Ms),
          row('first run ever: ready', figures.firstReadyMs),
          row('  process and modules', figures.firstProcessMs),
          row('  lock', figures.firstLockMs),
          row('  template (0 where the build made it)', figures.firstTemplateMs),
          row('  database from the template', figures.firstUnpackMs),
          row('  opening the database', figures.firstDatabaseMs),
          row('  schema', figures.firstMigrationMs),
          row('  vault, memory, agents', figures.firstFloorsMs),
          row('first capture durable', figures.firstCaptureMs),
          row('first capture found by meaning, with converting the model', figures.firstIndexedMs),
        ],
        targets: [{ figure: 'ratio', atMost: 1.5 }],
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
