import { expect, test, vi } from 'vitest'
import { onBeginning } from './store.ts'

test('what begins is told once each time, not at each change', () => {
  let text = ''
  const listeners: (() => void)[] = []
  const begin = vi.fn()
  const subscribe = (listener: () => void) => {
    listeners.push(listener)
    return () => undefined
  }
  const write = (letters: string) => {
    text = letters
    for (const listener of listeners) listener()
  }
  onBeginning({ subscribe }, () => text !== '', begin)
  for (const letters of ['W', 'Wh', 'Why']) write(letters)
  expect(begin).toHaveBeenCalledTimes(1)
  write('')
  expect(begin).toHaveBeenCalledTimes(1)
  write('A')
  expect(begin).toHaveBeenCalledTimes(2)
})
