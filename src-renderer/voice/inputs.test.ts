import { afterEach, expect, test, vi } from 'vitest'
import { chooseInput, chosenInput, inputAmong } from './inputs.ts'

afterEach(() => vi.unstubAllGlobals())

const inputs = [
  { id: 'a', name: 'Built-in' },
  { id: 'b', name: 'Headset' },
]

test('a chosen microphone is known again by its id, also under another name', () => {
  expect(inputAmong(inputs, { id: 'b', name: 'Headset (old name)' })).toEqual(inputs[1])
})

test('and by its name, where the browser has given it another id', () => {
  expect(inputAmong(inputs, { id: 'gone', name: 'Headset' })).toEqual(inputs[1])
})

test('one that is not there is none of the others', () => {
  expect(inputAmong(inputs, { id: 'gone', name: 'USB' })).toBeUndefined()
  expect(inputAmong([{ id: 'a', name: '' }], { id: 'gone', name: '' })).toBeUndefined()
})

test('names that are hidden until a microphone is allowed are none of the chosen one', () => {
  const hidden = [{ id: '', name: '' }]
  expect(inputAmong(hidden, { id: 'b', name: 'Headset' })).toBeUndefined()
})

test.each(['{"id":"b"}', 'null', 'not JSON', '7'])(
  'what is kept and is no microphone (%s) is the choice of the system',
  (kept) => {
    vi.stubGlobal('localStorage', { getItem: () => kept })
    expect(chosenInput()).toBeNull()
  },
)

test('a browser that lets pages keep nothing leaves the choice to the system, until one is chosen in this page', () => {
  vi.stubGlobal('localStorage', {
    getItem() {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    },
    setItem() {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    },
  })
  expect(chosenInput()).toBeNull()
  chooseInput({ id: 'b', name: 'Headset' })
  expect(chosenInput()).toEqual({ id: 'b', name: 'Headset' })
})
