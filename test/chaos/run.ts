import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'

/**
 * `npm run chaos -- --seeds N --from FIRST`: tells N stories of devices and a relay in which everything goes wrong (docs/relay.md).
 * `npm run chaos -- --traces`: types two whole editing traces once more, on three devices and a relay that listens.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    lanes: { type: 'string' },
    traces: { type: 'boolean', default: false },
  },
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

async function traces(): Promise<void> {
  const { replayInTurns, replayTogether } = await import('../editing-traces.ts')
  for (const replay of [replayTogether, replayInTurns]) {
    const { edits, expected, texts } = await replay()
    const equal = texts.filter((text) => text === expected).length
    console.log(
      `${replay.name}: ${edits} edits, ${expected.length} characters, equal on ${equal} of ${texts.length} devices`,
    )
    if (equal === texts.length) passed += 1
    else failed += 1
  }
}

if (values.traces) await traces()
else await Promise.all(Array.from({ length: Math.min(lanes, seeds) }, lane))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
