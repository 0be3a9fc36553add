import { parseArgs } from 'node:util'
import { runSeed } from './run-seed.ts'
import { openChaosDatabase } from './world.ts'

/** `npm run chaos -- --seeds N --from FIRST`: tells N stories of devices and a relay in which everything goes wrong (docs/relay.md). */
const { values } = parseArgs({ options: { seeds: { type: 'string' }, from: { type: 'string' } } })
const seeds = Number(values.seeds ?? 200)
const from = Number(values.from ?? 1)

const world = await openChaosDatabase()
let passed = 0
let failed = 0
try {
  for (let seed = from; seed < from + seeds; seed += 1) {
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
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
