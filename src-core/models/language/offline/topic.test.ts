import { describe, expect, it } from 'vitest'
import { topicOf } from './topic.ts'

describe('topicOf', () => {
  it.each([
    ["I'm learning how attention works in transformers: every token weighs all the others.", 'attention'],
    ['Today I read about the tides of the Bay of Fundy, which are very high.', 'tides'],
    ['why bread rises in the oven', 'bread'],
    ['how neural networks learn', 'neural networks'],
    ['Softmax turns the scores into weights', 'Softmax'],
    ['why is that?', undefined],
  ])('of %j is %j', (text, topic) => {
    expect(topicOf(text, 'en')).toBe(topic)
  })
})
