import { expect, it } from 'vitest'
import { killAtRandom } from './killed-processes.ts'

/** A few rounds; `npm run kill-rounds` plays twenty. */
const ROUNDS = 2
/** Each process is started several times, which takes a while on a busy machine. */
const SLOWEST_MS = 900_000

it.skipIf(process.platform !== 'linux')(
  'three devices and a relay that are killed at random come to the same, and lose nothing acknowledged',
  async () => {
    const { kills, acknowledged, problems } = await killAtRandom(3, ROUNDS, () => undefined)
    expect(problems).toEqual([])
    expect(kills.relay + kills.devices).toBeGreaterThanOrEqual(ROUNDS)
    expect(acknowledged).toBeGreaterThan(10)
  },
  SLOWEST_MS,
)
