import { expect, test } from 'vitest'
import { inputAmong } from './inputs.ts'

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
