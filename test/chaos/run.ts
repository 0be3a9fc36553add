import { parseArgs } from 'node:util'
import { runSeed } from './run-seed.ts'
import { openChaosDatabase } from './world.ts'

/** `npm run chaos -- --seeds N --from FIRST`: tells N stories of devices and a relay in which everything goes wrong (docs/relay.md). */
const { values } = parseArgs({ options: { seeds: { type: 'string' }, from: { type: 'string' } } })
const seeds = Number(values.seeds ?? 200)
const from = Number(values.from ?? 1)
/** Worlds beside one another, each with a database of its own, which is what most of the time is spent on. */
const LANES = 2

let next = from
let passed = 0
let failed = 0

async function lane(): Promise<void> {
  const world = await openChaosDatabase()
  try {
    while (next < from + seeds) {
      const seed = next
      next += 1
      await world.clean()
      try {
        await runSeed(seed, world.database)
        passed += 1
      } catch (error) {
        failed += 1
        console.log(`seed ${seed}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
        console.log(`replay: npm run chaos -- --seeds 1 --from ${seed}`)
      }
    }
  } finally {
    await world.close()
  }
}

await Promise.all(Array.from({ length: Math.min(LANES, seeds) }, lane))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
