import { expect, it } from 'vitest'
import { takeTurns } from './turns.ts'

it('drops blank messages and what stands before the learner first speaks', () => {
  const turns = takeTurns([
    { role: 'assistant', text: 'cut off' },
    { role: 'user', text: ' \n' },
    { role: 'user', text: 'Hello' },
    { role: 'assistant', text: '' },
  ])
  expect(turns).toEqual([{ role: 'user', text: 'Hello' }])
})

it('joins what one side said twice in a row', () => {
  const messages = [
    { role: 'user' as const, text: 'First' },
    { role: 'user' as const, text: 'again' },
    { role: 'assistant' as const, text: 'Yes' },
  ]
  expect(takeTurns(messages)).toEqual([
    { role: 'user', text: 'First\n\nagain' },
    { role: 'assistant', text: 'Yes' },
  ])
  expect(messages[0]?.text).toBe('First')
})

it('mends half surrogate pairs', () => {
  expect(takeTurns([{ role: 'user', text: 'a\ud83d' }])[0]?.text).toBe('a\ufffd')
})
