import { describe, expect, it } from 'vitest'
import { slipsOf } from './slips.ts'

describe('slips', () => {
  it.each([
    ['gradeint descent', 'gradient descent'],
    ['mitochondra', 'mitochondria'],
    ['eigenvallue', 'eigenvalue'],
  ])('%s is one of %s', (slip, meant) => {
    expect(slipsOf([slip], [meant, 'photosynthesis'])).toEqual(new Map([[slip, meant]]))
  })

  it.each([
    ['another letter', 'adsorption', ['absorption']],
    ['the first letter', 'nmitochondria', ['mitochondria']],
    ['a short word', 'casual', ['causal']],
    ['a number', 'theorem 11', ['theorem 1', 'theorem 111']],
    ['two that fit', 'gradients', ['gradient', 'gradientss']],
    ['the same', 'gradient', ['gradient']],
  ])('%s makes none', (_, term, often) => {
    expect(slipsOf([term], often)).toEqual(new Map())
  })
})
