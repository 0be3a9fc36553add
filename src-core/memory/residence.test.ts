import { expect, test } from 'vitest'
import { ManualClock, silentLog } from '../kernel/index.ts'
import { Residence } from './residence.ts'

test('what was restarted while it was being read is read again from its beginning', async () => {
  const first = Promise.withResolvers<void>()
  let reads = 0
  let forgotten = 0
  const residence = new Residence({
    read: async () => {
      reads += 1
      if (reads === 1) await first.promise
    },
    forget: () => {
      forgotten += 1
    },
    clock: new ManualClock(),
    log: silentLog,
  })
  expect(residence.isReady()).toBe(false)
  const begun = residence.whenOver()
  residence.restart()
  expect(residence.takesMore()).toBe(false)
  first.resolve()
  await begun
  expect(forgotten).toBe(1)
  await residence.whenOver()
  expect(residence.isReady()).toBe(true)
  expect(reads).toBe(2)
})
