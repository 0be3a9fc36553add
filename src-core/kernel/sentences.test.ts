import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sentencesIn } from './sentences.ts'

const told = (text: string) => Array.from(sentencesIn(text), (sentence) => sentence.text.trim())

describe('sentences', () => {
  it.each([
    ['It rains. We stay.', ['It rains.', 'We stay.']],
    ['Dr. Kern and Prof. Lindqvist met. They agreed.', ['Dr. Kern and Prof. Lindqvist met.', 'They agreed.']],
    ['Die Prüfung ist am 12. Dezember. Ich lerne.', ['Die Prüfung ist am 12. Dezember.', 'Ich lerne.']],
    ['Das war im 19. Jahrhundert. Heute nicht.', ['Das war im 19. Jahrhundert.', 'Heute nicht.']],
    ['I am 12. She is 9.', ['I am 12.', 'She is 9.']],
    ['It took 5 ms. Then it stopped.', ['It took 5 ms.', 'Then it stopped.']],
    ['See Fig. 3 on p. 12. It is clear.', ['See Fig. 3 on p. 12.', 'It is clear.']],
    ['The answer is no. Ask again.', ['The answer is no.', 'Ask again.']],
    ['J. R. R. Tolkien wrote it. Marie S. Curie did not.', ['J. R. R. Tolkien wrote it.', 'Marie S. Curie did not.']],
    ['It is vitamin C. It helps.', ['It is vitamin C.', 'It helps.']],
    ['So do I. Then we go.', ['So do I.', 'Then we go.']],
    ['Salze, z. B. Kochsalz, lösen sich. Öl nicht.', ['Salze, z. B. Kochsalz, lösen sich.', 'Öl nicht.']],
    ['La Sra. Ruiz habló. Luego calló.', ['La Sra. Ruiz habló.', 'Luego calló.']],
    ['1. Attention weighs. 2. Softmax sums.', ['1. Attention weighs.', '2. Softmax sums.']],
    ['He met Dr.\nKern came too.', ['He met Dr.', 'Kern came too.']],
    ['今日は雨です。明日は晴れ。', ['今日は雨です。', '明日は晴れ。']],
    ['', []],
  ])('%j', (text, expected) => expect(told(text)).toEqual(expected))

  it('are together the whole text', () => {
    const word = fc.constantFrom('Dr. ', 'am 12. ', 'Mai ', 'A. ', 'x. ', 'Go! ', '\n', '3. ', 'no. ', '雨。', '😀 ')
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(word).map((words) => words.join('')),
          fc.string({ unit: 'grapheme' }),
        ),
        (text) => {
          const sentences = [...sentencesIn(text)]
          expect(sentences.map((sentence) => sentence.text).join('')).toBe(text)
          for (const { start, end, text: own } of sentences) expect(text.slice(start, end)).toBe(own)
        },
      ),
    )
  })
})
