import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Planted } from './device.ts'
import { ChaosFailure, runSeed } from './run-seed.ts'
import { openChaosDatabase } from './world.ts'

/** Enough stories for each bug to come out, as often as not in one of the first three. */
const MOST_SEEDS = 40
/** A story without a good end goes on for a quarter of an hour of its own time. */
const SLOWEST_MS = 900_000

let world: Awaited<ReturnType<typeof openChaosDatabase>>
beforeAll(async () => {
  world = await openChaosDatabase()
})
afterAll(() => world.close())

async function firstFailure(planted: Planted): Promise<unknown> {
  for (let seed = 1; seed <= MOST_SEEDS; seed += 1) {
    await world.clean()
    const failure = await runSeed(seed, world.database, planted).catch((error: unknown) => error)
    if (failure !== undefined) return failure
  }
  return undefined
}

describe('the simulator finds', () => {
  it.each([
    ['forgets-outbox', /"synced" before|lost|not together|differ/],
    ['acknowledges-early', /"synced" before|lost/],
    ['says-synced', /"synced" before/],
  ] as const)(
    'a device that %s',
    async (planted, told) => {
      const failure = await firstFailure(planted)
      expect(failure).toBeInstanceOf(ChaosFailure)
      expect((failure as ChaosFailure).message).toMatch(told)
    },
    SLOWEST_MS,
  )
})
