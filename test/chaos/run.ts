import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'

/** `npm run chaos -- --seeds N --from FIRST`: tells N stories of devices and a relay in which everything goes wrong (docs/relay.md). */
const { values } = parseArgs({
  options: { seeds: { type: 'string' }, from: { type: 'string' }, lanes: { type: 'string' } },
})
const seeds = Number(values.seeds ?? 200)
const from = Number(values.from ?? 1)
/** Threads, each with a world of its own. */
const lanes = Number(values.lanes ?? 2)

let next = from
let passed = 0
let failed = 0

async function lane(): Promise<void> {
  const thread = new Worker(new URL('./lane.ts', import.meta.url))
  await once(thread, 'message')
  while (next < from + seeds) {
    const seed = next
    next += 1
    const answered = once(thread, 'message')
    thread.postMessage(seed)
    const [failure] = await answered
    if (failure === null) passed += 1
    else {
      failed += 1
      console.log(`seed ${seed}: ${failure}`)
      console.log(`replay: npm run chaos -- --seeds 1 --from ${seed}`)
    }
  }
  thread.postMessage(null)
}

await Promise.all(Array.from({ length: Math.min(lanes, seeds) }, lane))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
