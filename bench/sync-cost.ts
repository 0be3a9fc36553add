import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from '../scripts/ensure-built.ts'
import { systemClock } from '../src-core/kernel/index.ts'
import { MODEL_CACHE } from '../test/model-cache.ts'
import { PASSWORD } from '../test/relay-devices.ts'
import { startRelayProcess } from '../test/relay-process.ts'
import { startScriptedProvider } from '../test/scripted-provider.ts'
import { type BuiltCore, indexed, startBuiltCore } from './built-core.ts'
import { filledFolder } from './filled-folder.ts'
import { bench, quantile, rounded } from './harness.ts'
import { cpuSeconds, residentMb } from './process-cost.ts'
import { sentences } from './sentences.ts'

const CHUNKS = 1_000
const TURNS = 150
const WARM_UP = 10
/** Nothing is asked of either for so long. */
const IDLE_SECONDS = 60
/** What indexing and digests leave to do is done by then. */
const SETTLE_MS = 5_000
const MODEL = 'scripted-ok'

/** Switches sync on, as a learner does, and waits until everything is at the relay. */
async function begin({ client }: BuiltCore, relay: string): Promise<void> {
  await client.sync.createAccount({ relay, email: 'ada@example.org', password: PASSWORD })
  const { words, positions } = await client.sync.newPhrase()
  await client.sync.confirmPhrase({ words: positions.map((position) => words[position - 1] ?? '') })
  while (!(await client.sync.now()).synced) await systemClock.sleep(100)
}

/** @returns milliseconds of a whole turn: stored, retrieved, answered, stored */
async function turn({ client }: BuiltCore, text: string): Promise<number> {
  const begun = performance.now()
  for await (const _ of await client.turns.send({ sessionId: null, text, source: 'text' }));
  return performance.now() - begun
}

await bench({
  name: 'sync-cost',
  about: `What sync costs the core of a device: ${TURNS} turns with it and without, one after the other, with a scripted model that answers at once, and processor time and memory while nothing happens.`,
  options: {
    turns: `turns of each (default ${TURNS})`,
    idle: `seconds in which nothing happens (default ${IDLE_SECONDS})`,
    chunks: `captures that are there (default ${CHUNKS})`,
  },
  async run({ options }) {
    ensureBuilt()
    const turns = Number(options.turns ?? TURNS)
    const idleSeconds = Number(options.idle ?? IDLE_SECONDS)
    const folder = mkdtempSync(join(tmpdir(), 'lva-bench-cost-'))
    const relay = await startRelayProcess(join(folder, 'relay'))
    const provider = await startScriptedProvider()
    const filled: { remove(): void }[] = []
    const cores: BuiltCore[] = []
    try {
      for (let number = 0; number < 2; number += 1) {
        const data = await filledFolder(Number(options.chunks ?? CHUNKS))
        filled.push(data)
        cores.push(
          await startBuiltCore(
            { dataDir: data.dataDir, cacheDir: MODEL_CACHE },
            {
              LVA_LANGUAGE_PROVIDER: 'compatible',
              LVA_LANGUAGE_COMPATIBLE_BASE_URL: `${provider.url}/v1`,
              LVA_LANGUAGE_COMPATIBLE_MODEL: MODEL,
            },
          ),
        )
      }
      const [off, on] = cores as [BuiltCore, BuiltCore]
      await begin(on, relay.address)
      const taken = { off: [] as number[], on: [] as number[] }
      for (const [number, text] of sentences(WARM_UP + turns, 99).entries()) {
        for (const core of cores) await indexed(core.client)
        // By turns, and each first as often as the other, so that both meet the same machine.
        const order = number % 2 === 0 ? (['off', 'on'] as const) : (['on', 'off'] as const)
        for (const which of order) {
          const ms = await turn(which === 'on' ? on : off, text)
          if (number >= WARM_UP) taken[which].push(ms)
          provider.reset()
        }
      }
      for (const core of cores) await indexed(core.client)
      while (!(await on.client.sync.now()).synced) await systemClock.sleep(100)
      await systemClock.sleep(SETTLE_MS)
      const pids = { off: off.pidOf('core') ?? 0, on: on.pidOf('core') ?? 0 }
      const before = { off: cpuSeconds(pids.off), on: cpuSeconds(pids.on) }
      await systemClock.sleep(idleSeconds * 1_000)
      const perMinute = (which: 'off' | 'on') =>
        rounded((60_000 * (cpuSeconds(pids[which]) - before[which])) / idleSeconds, 0)
      const idle = { off: perMinute('off'), on: perMinute('on') }
      const memory = { off: rounded(residentMb(pids.off), 0), on: rounded(residentMb(pids.on), 0) }
      const added = taken.on.map((ms, at) => ms - (taken.off[at] ?? Number.NaN))
      const at = (values: readonly number[], q: number) => rounded(quantile(values, q), 1)
      const row = (what: 'off' | 'on') => ({
        sync: what,
        'turn p50 ms': at(taken[what], 0.5),
        'p95 ms': at(taken[what], 0.95),
        'idle CPU ms a minute': idle[what],
        'core MB': memory[what],
      })
      const rows = [row('off'), row('on')]
      return {
        figures: {
          turnP50RatioOn: rounded(quantile(taken.on, 0.5) / quantile(taken.off, 0.5), 3),
          turnP95RatioOn: rounded(quantile(taken.on, 0.95) / quantile(taken.off, 0.95), 3),
          addedP50Ms: at(added, 0.5),
          addedToP95Ms: rounded(quantile(taken.on, 0.95) - quantile(taken.off, 0.95), 1),
          offP95Ms: at(taken.off, 0.95),
          onP95Ms: at(taken.on, 0.95),
          idleCpuMsOff: idle.off,
          idleCpuMsOn: idle.on,
          memoryMbOff: memory.off,
          memoryMbOn: memory.on,
        },
        table: rows,
        targets: [
          { figure: 'turnP95RatioOn', atMost: 1.15 },
          { figure: 'turnP50RatioOn', atMost: 1.1 },
        ],
      }
    } finally {
      for (const core of cores) await core.close()
      for (const data of filled) data.remove()
      await provider.close()
      await relay.stop()
      rmSync(folder, { recursive: true, force: true })
    }
  },
})
