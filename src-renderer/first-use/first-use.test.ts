import { describe, expect, it } from 'vitest'
import { deviceMemoryIn } from '../backend/device-memory.ts'
import { FirstUse, leaving } from './first-use.ts'

function remembering() {
  const kept = new Map<string, string>()
  return {
    read: (name: string) => kept.get(name) ?? null,
    write: (name: string, value: string | null) => void (value === null ? kept.delete(name) : kept.set(name, value)),
  }
}

describe('the first use of microphone or screen', () => {
  it('is explained once, for each of them', async () => {
    const memory = remembering()
    const first = new FirstUse(memory)
    const asked = first.ask('microphone')
    expect(first.asked).toBe('microphone')
    first.answer(true)
    expect(await asked).toBe(true)
    expect(first.asked).toBeNull()
    const again = new FirstUse(memory)
    expect(await again.ask('microphone')).toBe(true)
    void again.ask('screen')
    expect(again.asked).toBe('screen')
  })

  it('is explained again after "not now"', async () => {
    const first = new FirstUse(remembering())
    const asked = first.ask('screen')
    first.answer(false)
    expect(await asked).toBe(false)
    void first.ask('screen')
    expect(first.asked).toBe('screen')
  })

  it('goes on where the browser keeps nothing, and is then explained once for each page', async () => {
    const first = new FirstUse(
      deviceMemoryIn(() => {
        throw new DOMException('The operation is insecure.', 'SecurityError')
      }),
    )
    const asked = first.ask('microphone')
    first.answer(true)
    expect(await asked).toBe(true)
    expect(first.asked).toBeNull()
    expect(await first.ask('microphone')).toBe(true)
  })

  it('is one question at a time', async () => {
    const first = new FirstUse(remembering())
    let told = 0
    first.subscribe(() => told++)
    const one = first.ask('microphone')
    const other = first.ask('screen')
    expect(await one).toBe(false)
    first.answer(true)
    expect(await other).toBe(true)
    const before = told
    first.answer(true)
    expect(told).toBe(before)
  })
})

describe('what leaves the device', () => {
  const here = { recogniser: 'packaged', isAnsweredElsewhere: false, isSynced: false }

  it('is nothing only where that is known', () => {
    for (const sense of ['microphone', 'screen'] as const) {
      expect(leaving(sense, here)).toEqual(['nothingLeaves'])
      expect(leaving(sense, undefined)).toEqual(['notKnown'])
    }
  })

  it('is also the text of what was said, where another computer answers', () => {
    expect(leaving('microphone', { ...here, isAnsweredElsewhere: true })).toEqual(['microphone.model'])
    expect(leaving('screen', { ...here, isAnsweredElsewhere: true })).toEqual(['screen.model'])
  })

  it('is all of it together', () => {
    const all = { recogniser: 'openai', isAnsweredElsewhere: true, isSynced: true }
    expect(leaving('microphone', all)).toEqual(['microphone.openai', 'microphone.model', 'synced'])
    expect(leaving('screen', all)).toEqual(['screen.model', 'synced'])
    expect(leaving('screen', { ...here, recogniser: 'openai' })).toEqual(['nothingLeaves'])
  })
})
