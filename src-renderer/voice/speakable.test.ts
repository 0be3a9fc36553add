import { expect, test } from 'vitest'
import { speakable } from './speakable.ts'

test.each([
  ['You said that weights sum to one [1].', 'You said that weights sum to one.'],
  ['Both of you agree [1, 2] [3]!', 'Both of you agree!'],
  ['**Attention** is a *weighted* `sum`', 'Attention is a weighted sum'],
  ['- See [the paper](https://a.example/x) or https://b.example/y', 'See the paper or'],
  ['## Why it works', 'Why it works'],
  ['1. First', 'First'],
  ['```python', ''],
  ['snake_case stays, 2 * 3 too', 'snake_case stays, 2 * 3 too'],
  ['**unfinished', 'unfinished'],
  [' [2]  ', ''],
])('%j is spoken as %j', (text, spoken) => {
  expect(speakable(text)).toBe(spoken)
})
