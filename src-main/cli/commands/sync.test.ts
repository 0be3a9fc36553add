import { beforeEach, expect, it } from 'vitest'
import type { SyncDevice, SyncStatus } from '../../../src-core/contract/index.ts'
import type { CommandContext } from '../command.ts'
import { syncLeave, syncRemove, syncRename, syncSignOut } from './sync.ts'

let lines: string[]
let asked: unknown[]
let standing: SyncStatus['standing']
let devices: Pick<SyncDevice, 'id' | 'name' | 'state'>[]

beforeEach(() => {
  lines = []
  asked = []
  standing = 'member'
  devices = [
    { id: 'ab1', name: 'Laptop', state: 'active' },
    { id: 'ab2', name: 'Phone', state: 'active' },
    { id: 'cd3', name: 'Phone', state: 'revoked' },
  ]
})

const context = {
  terminal: { line: (text = '') => void lines.push(text), remark: () => undefined },
  json: false,
  client: async () => ({
    sync: {
      devices: async () => ({ devices }),
      status: async () => ({ standing }),
      signOut: async () => {
        asked.push('sign-out')
        standing = 'signed-out'
      },
      leave: async () => {
        asked.push('leave')
        standing = 'out'
      },
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

it('signs out and leaves, which is agreed to first, and does neither twice', async () => {
  await syncSignOut(context)
  expect(lines).toEqual(['Signed out.', 'The relay wants the password again: lva sync sign-in'])
  await expect(syncSignOut(context)).rejects.toMatchObject({ code: 'signed-out' })
  await expect(syncLeave(context, {})).rejects.toMatchObject({ message: 'Nothing was changed.' })
  expect(asked).toEqual(['sign-out'])
  await syncLeave(context, { yes: true })
  expect(asked).toEqual(['sign-out', 'leave'])
  expect(lines.at(-1)).toBe('This device does not sync any more.')
  await expect(syncLeave(context, { yes: true })).rejects.toMatchObject({ code: 'signed-out' })
})
