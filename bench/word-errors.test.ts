import { expect, it } from 'vitest'
import { wordErrors, wordsOf } from './word-errors.ts'

it('compares words and not how they are written', () => {
  expect(wordsOf('Mr. Smith’s "lower-case" letters, etc.')).toEqual([
    'mister',
    "smith's",
    'lower',
    'case',
    'letters',
    'etc',
  ])
  expect(wordsOf("'Quoted' don't")).toEqual(['quoted', "don't"])
})

it('says numbers', () => {
  expect(wordsOf('42')).toEqual(['forty', 'two'])
  expect(wordsOf('in 1455')).toEqual(['in', 'fourteen', 'fifty', 'five'])
  expect(wordsOf('1905')).toEqual(['nineteen', 'oh', 'five'])
  expect(wordsOf('the 15th')).toEqual(['the', 'fifteenth'])
  expect(wordsOf('the 21st and 30th')).toEqual(['the', 'twenty', 'first', 'and', 'thirtieth'])
  expect(wordsOf('12,345')).toEqual(['twelve', 'thousand', 'three', 'hundred', 'forty', 'five'])
  expect(wordsOf('2000')).toEqual(['two', 'thousand'])
  expect(wordsOf('0')).toEqual(['zero'])
})

it('counts words replaced, left out and added', () => {
  const said = ['a', 'b', 'c']
  expect(wordErrors(said, ['a', 'b', 'c'])).toBe(0)
  expect(wordErrors(said, ['a', 'x', 'c'])).toBe(1)
  expect(wordErrors(said, ['b', 'c', 'd', 'e'])).toBe(3)
  expect(wordErrors(said, [])).toBe(3)
  expect(wordErrors([], said)).toBe(3)
})
