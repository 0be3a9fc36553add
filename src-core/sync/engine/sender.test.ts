import { expect, it } from 'vitest'
import { TestMembers } from '../../../test/sync-world.ts'
import { seededRandom } from '../../kernel/index.ts'
import type { OutgoingFrame } from './outbox-table.ts'
import type { Outgoing } from './outgoing.ts'
import { Sender } from './sender.ts'
import { DEFAULT_SYNC_TUNING } from './tuning.ts'

it('sends what was queued while it looked for something to send', async () => {
  const looking = Promise.withResolvers<{ frames: OutgoingFrame[]; mayHaveMore: boolean }>()
  const outgoing = { next: () => looking.promise } as Partial<Outgoing> as Outgoing
  const roster = new TestMembers().rosterOf('d1'.repeat(16))
  const sender = new Sender({ outgoing, roster, random: seededRandom(1), tuning: DEFAULT_SYNC_TUNING, send: () => {} })
  sender.welcomed({ type: 'welcome', version: 1, messageBytes: 4_000, taken: 0, epoch: 1 } as never)
  const sending = sender.sendMore(10)
  sender.queued()
  looking.resolve({ frames: [], mayHaveMore: false })
  await sending
  expect(sender.canSend).toBe(true)
})
