import { describe, expect, it } from 'vitest'
import { initialsOf, normalTerm, spellingKey, termId } from './terms.ts'

describe('the normal form', () => {
  it.each([
    ['Machine-Learning', 'machine learning'],
    ['Neural networks', 'neural network'],
    ["Noether's theorem", 'noether theorem'],
    ['analyses', 'analyse'],
    ['bus', 'bus'],
    ['Studies', 'study'],
    ['branches', 'branch'],
    ['C++', 'c++'],
    ['ﬁnite  ﬁelds', 'finite field'],
    ['Straße', 'straße'],
    ['...', ''],
  ])('of %s is %s', (surface, normal) => {
    expect(normalTerm(surface)).toBe(normal)
  })

  it('gives the same id on every device', () => {
    expect(termId('machine learning')).toBe('dcaa8e5ecb8d70ad4ededfab')
  })

  it('has initials, little words left out', () => {
    expect(initialsOf('rate of change')).toBe('rc')
    expect(initialsOf('algebra')).toBe('')
  })
})

describe('spellings', () => {
  it.each([
    ['data base', 'database'],
    ['colour space', 'color space'],
    ['neighbourhood graph', 'neighborhood graph'],
    ['batch normalisation', 'batch normalization'],
    ['data modelling', 'data modeling'],
    ['centre of mass', 'center of mass'],
    ['analogue signal', 'analog signal'],
    ['behavioural model', 'behavioral model'],
  ])('%s and %s are one', (one, other) => {
    expect(spellingKey(one)).toBe(spellingKey(other))
  })

  it.each([
    ['hour', 'hor'],
    ['four vectors', 'for vectors'],
    ['tour', 'tor'],
    ['promise', 'promize'],
    ['fourier series', 'forier series'],
  ])('%s and %s are two', (one, other) => {
    expect(spellingKey(one)).not.toBe(spellingKey(other))
  })
})
