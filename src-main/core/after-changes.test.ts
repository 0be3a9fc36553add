import { describe, expect, it } from 'vitest'
import { ManualClock } from '../../src-core/kernel/index.ts'
import type { VaultChange } from '../../src-core/vault/index.ts'
import { afterChanges } from './after-changes.ts'

const change = (id: string): VaultChange => ({
  captures: [id],
  sessions: ['s'],
  notes: [],
  documents: [],
  collections: false,
  settings: false,
})
const settle = () => new Promise((resolve) => setImmediate(resolve))

function watched() {
  const clock = new ManualClock()
  const listeners = new Set<(change: VaultChange) => void>()
  const told: VaultChange[] = []
  const vault = {
    id: 'v',
    onChange: (listener: (change: VaultChange) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const stop = afterChanges(vault, clock).onChange((one) => told.push(one))
  const advance = async (ms: number) => {
    clock.advance(ms)
    await settle()
  }
  const happen = async (id: string) => {
    for (const listener of listeners) listener(change(id))
    await settle()
  }
  return { told, happen, advance, stop }
}

describe('afterChanges', () => {
  it('tells of changes together, once none has come for a moment', async () => {
    const { told, happen, advance } = watched()
    await happen('a')
    await advance(200)
    await happen('b')
    await advance(200)
    expect(told).toEqual([])
    await advance(100)
    expect(told).toEqual([
      { captures: ['a', 'b'], sessions: ['s'], notes: [], documents: [], collections: false, settings: false },
    ])
    await happen('c')
    await advance(300)
    expect(told).toHaveLength(2)
  })

  it('does not wait for ever for somebody who never pauses', async () => {
    const { told, happen, advance } = watched()
    for (let number = 0; number < 16; number += 1) {
      await happen(String(number))
      await advance(200)
    }
    expect(told).toHaveLength(1)
    expect(told[0]?.captures).toHaveLength(15)
  })

  it('tells nobody who has stopped listening', async () => {
    const { told, happen, advance, stop } = watched()
    await happen('a')
    stop()
    await advance(1_000)
    expect(told).toEqual([])
  })
})
