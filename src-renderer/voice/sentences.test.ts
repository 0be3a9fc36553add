import { describe, expect, test } from 'vitest'
import { SentenceSplitter } from './sentences.ts'

function arriving(pieces: string[]): string[] {
  const splitter = new SentenceSplitter()
  const stretches = pieces.flatMap((piece) => splitter.push(piece))
  return [...stretches, ...splitter.end()].map((stretch) => splitter.slice(stretch))
}

describe('SentenceSplitter', () => {
  test('speaks the first sentence before the second is complete', () => {
    const splitter = new SentenceSplitter()
    expect(splitter.push('Attention weighs tok')).toEqual([])
    expect(splitter.push('ens. It so')).toEqual([{ start: 0, end: 24 }])
    expect(splitter.push('ftmaxes')).toEqual([])
    expect(splitter.end()).toEqual([{ start: 25, end: 37 }])
  })

  test('gives the same sentences however the text arrives', () => {
    const text = 'You said 3.14 on Monday [1]. Was that e.g. pi? Dr. Gauß would agree!\n\n- First\n- Second one'
    const whole = arriving([text])
    expect(whole).toEqual([
      'You said 3.14 on Monday [1].',
      'Was that e.g. pi?',
      'Dr. Gauß would agree!',
      '- First',
      '- Second one',
    ])
    expect(arriving([...text])).toEqual(whole)
    expect(arriving(text.match(/.{1,7}/gs) ?? [])).toEqual(whole)
  })

  test('knows sentences of writing without spaces', () => {
    expect(arriving(['注意力很重要。它选择', '信息！好吗？'])).toEqual(['注意力很重要。', '它选择信息！', '好吗？'])
  })

  test('cuts what a voice could not say in one breath, and loses nothing', () => {
    const long = `${'word '.repeat(40)}, and then ${'more '.repeat(60)}end.`
    const parts = arriving([long])
    expect(parts.length).toBeGreaterThan(2)
    expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(240)
    expect(parts.join('').replaceAll(' ', '')).toBe(long.replaceAll(' ', ''))
    expect(arriving(['x'.repeat(1_000)]).join('')).toHaveLength(1_000)
  })

  test('blank text is no sentence', () => {
    expect(arriving([' \n', '\n '])).toEqual([])
  })
})
