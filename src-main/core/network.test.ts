import { expect, it } from 'vitest'
import { ManualClock } from '../../src-core/kernel/index.ts'
import { NetworkCost, readMetered } from './network.ts'

it('reads what NetworkManager says', () => {
  expect(['u 1\n', 'u 3\n', 'u 2\n', 'u 4\n', 'u 0\n', '', 'Failed to connect'].map(readMetered)).toEqual([
    ...[true, true, false, false],
    ...[undefined, undefined, undefined],
  ])
})

it('believes the system first, then the window, and else does not know', async () => {
  let system: boolean | undefined
  const clock = new ManualClock()
  const network = new NetworkCost({ askSystem: async () => system, clock })
  let changes = 0
  network.onChange(() => {
    changes += 1
  })
  expect(await network.look()).toBeNull()
  network.report(true)
  expect(network.isMetered).toBe(true)
  system = false
  expect(await network.look()).toBe(true)
  clock.advance(10_000)
  expect(await network.look()).toBe(false)
  network.report(null)
  expect(network.isMetered).toBe(false)
  system = undefined
  clock.advance(10_000)
  expect(await network.look()).toBeNull()
  expect(changes).toBe(3)
  await network.close()
})

it('tells a change of the system while it is watched, and asks no more afterwards', async () => {
  const clock = new ManualClock()
  let asked = 0
  let wake = () => {}
  const network = new NetworkCost({
    askSystem: async () => {
      asked += 1
      wake()
      return asked > 1
    },
    clock,
  })
  const next = () =>
    new Promise<void>((resolve) => {
      wake = resolve
    })
  const first = next()
  network.watch(true)
  await first
  const changed = new Promise<void>((resolve) => network.onChange(() => network.isMetered && resolve()))
  await waitFor(clock, 1)
  clock.advance(10_000)
  await changed
  network.watch(false)
  const before = asked
  clock.advance(60_000)
  await Promise.resolve()
  expect(asked).toBe(before)
  await network.close()
})

/** Until so many sleep. */
async function waitFor(clock: ManualClock, sleepers: number): Promise<void> {
  while (clock.sleeping < sleepers) await new Promise((resolve) => setImmediate(resolve))
}

it('of a platform that cannot be asked knows what the window says', async () => {
  const network = new NetworkCost({ clock: new ManualClock() })
  network.watch(true)
  expect(await network.look()).toBeNull()
  network.report(false)
  expect(network.isMetered).toBe(false)
  await network.close()
})
