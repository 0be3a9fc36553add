import { expect, it } from 'vitest'
import { vaultKeys } from '../vault-keys.ts'
import { CatchUpOrder } from './order.ts'

const keys = vaultKeys(new Map([[1, new Uint8Array(32).fill(1)]]))
const order = new CatchUpOrder(keys, Date.UTC(2026, 10, 27))

it('is devices, what is on screen, settings, journals by month backwards, the rest', () => {
  const names = [
    'note:a',
    'journal:2026-09.0',
    'journal:2026-11.1',
    'deck',
    'settings',
    'note:shown',
    'journal:2026-11.0',
    'devices',
  ]
  // Names are known where a frame was opened; those of journals and of what everybody has are known before.
  const rooms = names.map((name) => ({ room: keys.room(name), doc: name === 'note:a' ? name : null, name }))
  expect(order.sorted(rooms, ['note:shown']).map(({ name }) => name)).toEqual([
    'devices',
    'note:shown',
    'settings',
    'journal:2026-11.1',
    'journal:2026-11.0',
    'journal:2026-09.0',
    'deck',
    'note:a',
  ])
})
