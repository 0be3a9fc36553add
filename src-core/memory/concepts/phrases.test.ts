import { describe, expect, it } from 'vitest'
import { englishPhrases } from './english.ts'
import { mentionOf, plainPhrases } from './phrases.ts'

const english = (sentence: string) => englishPhrases(sentence, 0).map(({ surface, type }) => `${surface} (${type})`)

describe('phrases of English', () => {
  it.each([
    ['The mathematician Emmy Noether proved it.', ['mathematician (term)', 'Emmy Noether (name)']],
    ["I repeated Ohm's law with my teacher.", ["Ohm's law (term)", 'teacher (term)']],
    ['We used a Markov chain.', ['Markov chain (term)']],
    ['Many different good ideas.', []],
    ['I saw DNA under UV light.', ['DNA (short)', 'UV light (term)']],
  ])('"%s"', (sentence, phrases) => {
    expect(english(sentence)).toEqual(phrases)
  })

  it('stand where they say, behind whatever came before', () => {
    const text = 'First. We trained neural networks.'
    const [found] = englishPhrases(text.slice(7), 7)
    expect(text.slice(found?.start, found?.end)).toBe('neural networks')
  })
})

describe('phrases of other languages', () => {
  const plain = (sentence: string, language: Parameters<typeof plainPhrases>[2]) =>
    plainPhrases(sentence, 0, language).map(({ surface }) => surface)

  it.each([
    ['deu', 'Die Ableitung ist die Steigung der Tangente.', ['Ableitung', 'Steigung', 'Tangente']],
    ['spa', 'El ciclo de Calvin requiere dióxido de carbono.', ['ciclo de Calvin', 'dióxido de carbono']],
    [
      'fra',
      'La théorie des graphes et le coefficient de corrélation.',
      ['théorie', 'graphes', 'coefficient de corrélation'],
    ],
  ] as const)('%s: "%s"', (language, sentence, phrases) => {
    expect(plain(sentence, language)).toEqual(phrases)
  })

  it.each([
    ['Die Prüfung ist am Montag, dem 12. Dezember.', 'deu', ['Prüfung']],
    ['El examen es el lunes 12 de diciembre.', 'spa', ['examen']],
  ] as const)('are no days and months: "%s"', (sentence, language, phrases) => {
    expect(plainPhrases(sentence, 0, language).map(({ surface }) => surface)).toEqual(phrases)
  })

  it('are single words where words stand without spaces', () => {
    expect(plain('我们学习神经网络。', 'zho').every((phrase) => phrase.length > 1)).toBe(true)
  })
})

describe('a mention', () => {
  it.each(['', '7', '!!', 'a', 'x'.repeat(81)])('is nothing for "%s"', (surface) => {
    expect(mentionOf(surface, 0, surface.length)).toBeUndefined()
  })

  it.each(['04191ea8-5c73-4215-a1d3-1cfb43aaaf12', '09060124-b5e7-4717-9d07-3c046eb', 'commit 5f2b0d9c1e7a4f3b8c6d'])(
    'is not what machines call something: "%s"',
    (surface) => {
      expect(mentionOf(surface, 0, surface.length)).toBeUndefined()
    },
  )

  it.each(['COVID-19', 'Blade Runner 2049', 'cafe-facade', 'x86-64 assembly'])('may have digits: "%s"', (surface) => {
    expect(mentionOf(surface, 0, surface.length)).toBeDefined()
  })

  it('is short in capitals, also in the plural', () => {
    expect(mentionOf('GPUs', 0, 4)?.type).toBe('short')
    expect(mentionOf('Gpus', 0, 4, true)?.type).toBe('name')
  })
})
