import { beforeEach, expect, it } from 'vitest'
import type { SyncDevice } from '../../../src-core/contract/index.ts'
import type { CommandContext } from '../command.ts'
import { syncRemove, syncRename } from './sync.ts'

let lines: string[]
let asked: unknown[]
let devices: Pick<SyncDevice, 'id' | 'name' | 'state'>[]

beforeEach(() => {
  lines = []
  asked = []
  devices = [
    { id: 'ab1', name: 'Laptop', state: 'active' },
    { id: 'ab2', name: 'Phone', state: 'active' },
    { id: 'cd3', name: 'Phone', state: 'revoked' },
  ]
})

const context = {
  terminal: { line: (text = '') => void lines.push(text) },
  json: false,
  client: async () => ({
    sync: {
      devices: async () => ({ devices }),
      rename: async (input: unknown) => void asked.push(input),
      revoke: async (input: unknown) => void asked.push(input),
    },
  }),
} as unknown as CommandContext

it('renames and removes the one device that fits', async () => {
  await syncRename(context, 'phone', 'Tablet')
  await syncRemove(context, 'ab1')
  expect(asked).toEqual([{ id: 'ab2', name: 'Tablet' }, { id: 'ab1' }])
  expect(lines).toEqual(['Phone is called Tablet now.', 'Removed Laptop. All others get a new key.'])
})

it('touches none where several fit, or none', async () => {
  for (const which of ['ab', 'cd3', 'Desk'])
    await expect(syncRename(context, which, 'Tablet')).rejects.toMatchObject({ code: 'not-found' })
  expect(asked).toEqual([])
})
