import { describe, expect, it } from 'vitest'
import { deviceMemoryIn } from './device-memory.ts'

function storage(): Storage {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    key: (index) => [...kept.keys()][index] ?? null,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
  }
}

describe('what a browser keeps for the next time', () => {
  it('is read by the next page, until it is taken away', () => {
    const kept = storage()
    deviceMemoryIn(() => kept).write('theme', 'dark')
    const next = deviceMemoryIn(() => kept)
    expect(next.read('theme')).toBe('dark')
    next.write('theme', null)
    expect(kept.length).toBe(0)
    expect(next.read('theme')).toBeNull()
  })

  it('is remembered while the page is open where the browser refuses to be asked', () => {
    const memory = deviceMemoryIn(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    })
    expect(memory.read('theme')).toBeNull()
    memory.write('theme', 'dark')
    expect(memory.read('theme')).toBe('dark')
    memory.clear()
    expect(memory.read('theme')).toBeNull()
  })

  it('is the newer one where there is no room for it, and kept once there is', () => {
    const kept = storage()
    let isFull = false
    const full: Storage = {
      ...kept,
      setItem(name, value) {
        if (isFull) throw new DOMException('The quota has been exceeded.', 'QuotaExceededError')
        kept.setItem(name, value)
      },
    }
    const memory = deviceMemoryIn(() => full)
    memory.write('theme', 'dark')
    isFull = true
    memory.write('theme', 'light')
    expect(memory.read('theme')).toBe('light')
    isFull = false
    memory.write('theme', 'system')
    expect(memory.read('theme')).toBe('system')
    expect(kept.getItem('theme')).toBe('system')
  })
})
