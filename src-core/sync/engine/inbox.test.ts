import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { Inbox } from './inbox.ts'

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

const FRAME_BYTES = 2 ** 20
const ROOMS = 100

function pushed(inbox: Inbox, number: number): WeakRef<Uint8Array> {
  const sealed = new Uint8Array(FRAME_BYTES)
  const room = String(number).padStart(32, '0')
  const frame = { room, position: 1, device: 'd'.repeat(32), sequence: number, covers: 0, sealed }
  inbox.push({ type: 'frame', ...frame }, FRAME_BYTES)
  return new WeakRef(sealed)
}

describe('the inbox', () => {
  it('holds nothing of what was worked on: a catch-up of long frames stays within the bytes that wait', async () => {
    const inbox = new Inbox()
    const frames: WeakRef<Uint8Array>[] = []
    for (let number = 1; number <= ROOMS; number += 1) {
      frames.push(pushed(inbox, number))
      // One always waits, so that it is never empty.
      if (number > 1) inbox.next()
    }
    // A weak reference that was made or read in this turn of the event loop holds what it names.
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    expect(inbox.bytes).toBe(FRAME_BYTES)
    expect(frames.filter((frame) => frame.deref() !== undefined)).toHaveLength(1)
  })
})
