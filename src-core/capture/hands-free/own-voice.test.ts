import { beforeEach, describe, expect, it } from 'vitest'
import { OwnVoice } from './own-voice.ts'

describe('what comes back through the microphone', () => {
  let own: OwnVoice

  beforeEach(() => {
    own = new OwnVoice()
    own.speak('Photosynthesis happens in the chloroplasts of a leaf.', 10)
    own.speak('It needs light, water and carbon dioxide.', 14)
  })

  it.each([
    'Photosynthesis happens in the chloroplasts',
    'synthesis happens in the chloroplasts of a leave',
    'of a leaf. It needs light, water and carbon',
    'carbon dioxide',
    'LIGHT',
  ])('is ours, even where it is heard badly: %s', (heard) => {
    expect(own.isOurs(heard, 15)).toBe(true)
  })

  it.each([
    'Stop.',
    'wait, what is a leaf?',
    'What does it need the water for?',
    'No',
    'carbon monoxide',
    'Tell me about mitochondria in the muscle instead',
  ])('is not: %s', (heard) => {
    expect(own.isOurs(heard, 15)).toBe(false)
  })

  it('is not another sentence with the same small words, at any of its words', () => {
    own = new OwnVoice()
    own.speak('You said: Tell me what I said about plants and the light of the sun', 10)
    const words = 'What did I write about the history of the old bridge?'.split(' ')
    const taken = words
      .map((_, index) => words.slice(0, index + 1).join(' '))
      .filter((heard) => own.isTelling(heard) && own.isOurs(heard, 12))
    expect(taken).toEqual([])
    expect(own.isTelling('What did I')).toBe(false)
  })

  it('is not what was spoken long ago, nor what is spoken only later', () => {
    expect(own.isOurs('It needs light, water and carbon dioxide', 60)).toBe(false)
    own.speak('The moon has no air.', 80)
    expect(own.isOurs('The moon has no air', 70)).toBe(false)
  })

  it('is not a sentence whose end was before the words began, however short ago it was spoken', () => {
    expect(own.isOurs('It needs light, water and carbon dioxide', 17)).toBe(true)
    own.speak('The moon has no air.', 17)
    expect(own.isOurs('It needs light, water and carbon dioxide', 18)).toBe(true)
    expect(own.isOurs('It needs light, water and carbon dioxide', 19)).toBe(false)
    own.silence(19)
    expect(own.isOurs('The moon has no air', 20)).toBe(true)
    expect(own.isOurs('The moon has no air', 21)).toBe(false)
  })

  it('is nothing while nothing was spoken', () => {
    expect(new OwnVoice().isOurs('light', 1)).toBe(false)
  })
})
