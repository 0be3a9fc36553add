import { parseArgs } from 'node:util'
import { type Told, tellStories } from './lanes.ts'

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
const lanes = Number(values.lanes ?? 2)

let told: Told = { passed: 0, failed: 0 }

async function traces(): Promise<void> {
  const { replayInTurns, replayTogether } = await import('../editing-traces.ts')
  for (const replay of [replayTogether, replayInTurns]) {
    const { edits, expected, texts } = await replay()
    const equal = texts.filter((text) => text === expected).length
    console.log(
      `${replay.name}: ${edits} edits, ${expected.length} characters, equal on ${equal} of ${texts.length} devices`,
    )
    told[equal === texts.length ? 'passed' : 'failed'] += 1
  }
}

if (values.traces) await traces()
else told = await tellStories({ seeds, from, lanes, entry: new URL('./lane.ts', import.meta.url), print: console.log })
console.log(`${told.passed} passed, ${told.failed} failed`)
process.exitCode = told.failed === 0 ? 0 : 1
