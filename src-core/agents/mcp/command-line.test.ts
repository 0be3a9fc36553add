import fc from 'fast-check'
import { expect, it } from 'vitest'
import { lineOf, wordsOf } from './command-line.ts'

it.each([
  ['npx -y server /home/me', ['npx', '-y', 'server', '/home/me']],
  ['  a\t b \n', ['a', 'b']],
  [`run "two words" 'and "more"' x\\ y ""`, ['run', 'two words', 'and "more"', 'x y', '']],
  ['C:\\tools\\run.exe "C:\\my files\\x"', ['C:\\tools\\run.exe', 'C:\\my files\\x']],
  ['a"b c"d', ['ab cd']],
  ['$HOME `x` *', ['$HOME', '`x`', '*']],
  ['', []],
])('splits %j', (line, words) => expect(wordsOf(line)).toEqual(words))

it.each(['"a', "'a", 'a "b\\"'])('finds the quote that is not closed: %j', (line) =>
  expect(wordsOf(line)).toBeUndefined(),
)

it('writes any words so that they are split into the same again', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (words) => {
      expect(wordsOf(lineOf(words))).toEqual(words)
    }),
  )
})
