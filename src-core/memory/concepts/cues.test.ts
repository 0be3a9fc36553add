import { describe, expect, it } from 'vitest'
import { connection, isExplained } from './cues.ts'

describe('cues', () => {
  it.each([
    ['', ' is part of the ', 'part_of', false],
    ['', ' consists of ', 'part_of', true],
    ['', ' gehört zu den ', 'part_of', false],
    ['', ' is a prerequisite for ', 'prerequisite', false],
    ['You need ', ' before ', 'prerequisite', false],
    ['', ' (GD) builds on ', 'prerequisite', true],
    ['', ' setzt ', 'prerequisite', true],
    ['', ' necesita el ', 'prerequisite', true],
    ['', ' is similar to ', 'similar', false],
    ['', ' widerspricht der ', 'contradicts', false],
    ['', ') uses ', 'uses', false],
    ['', ' is used in ', 'uses', true],
  ])('"%s A%sB" says %s', (before, between, relation, backwards) => {
    expect(connection(before, between)).toEqual({ relation, backwards })
  })

  it.each([
    ['It was ', ' before '],
    ['', ' and '],
    ['', ' is not part of '],
    ['', ` is ${'very '.repeat(30)}similar to `],
  ])('"%s A%sB" says nothing', (before, between) => {
    expect(connection(before, between)).toBeUndefined()
  })

  it.each([' is a measure of disorder', ' (ML) is the study', ' bedeutet viel', ' es un proceso', ': what grows'])(
    'an explanation begins with "%s"',
    (behind) => expect(isExplained(behind)).toBe(true),
  )

  it.each([' grows', ', which is a measure', ' and is the one'])('none begins with "%s"', (behind) =>
    expect(isExplained(behind)).toBe(false),
  )
})
