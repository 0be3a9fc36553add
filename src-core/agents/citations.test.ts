import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Citation } from '../vault/index.ts'
import { checkedCitations } from './citations.ts'

const PASSAGES = [
  'Yesterday was long. Photosystem II splits water, and the oxygen comes from there. Then I went to the library with Ada.',
  'The exam of Professor Lindqvist is on the 12th of December.',
  'Der Median ist robuster als der Mittelwert, weil Ausreißer ihn kaum verschieben.',
]
const OFFERED: Citation[] = PASSAGES.map((text, place) => ({
  number: place + 1,
  captureId: `capture ${place + 1}`,
  kind: 'capture',
  field: 'userText',
  start: 100,
  end: 100 + text.length,
  text,
  when: '2026-11-01T10:00:00.000Z',
}))
const check = (text: string) => checkedCitations(text, OFFERED)
const spans = (text: string) => check(text).citations.map((citation) => citation.text)

describe('checkedCitations', () => {
  it.each([
    [
      'Oxygen comes from the splitting of water [1].',
      ['Photosystem II splits water, and the oxygen comes from there.'],
    ],
    [
      'Oxygen comes from the splitting of water. [1]',
      ['Photosystem II splits water, and the oxygen comes from there.'],
    ],
    ['Water gives the oxygen[1] and Lindqvist holds the exam[2].', [expect.stringContaining('oxygen'), PASSAGES[1]]],
    ['According to [2], the exam is on 12 December.', [PASSAGES[1]]],
    ['Your exam is on 12 December [2][1].', [PASSAGES[1]]],
    ['Du sagtest: „robuster als der Mittelwert“ [3].', [PASSAGES[2]]],
    ['You wrote “Photosystem II splits … comes from there” [1].', [expect.stringContaining('Photosystem')]],
    ['You said so before [1].', [expect.any(String)]],
  ])('narrows the citations of %j to the sentences that say it', (text, expected) => {
    expect(spans(text)).toEqual(expected)
  })

  it('names the exact place', () => {
    const [citation] = check('Oxygen comes from the splitting of water [1].').citations
    const from = PASSAGES[0]?.indexOf('Photosystem') ?? -1
    expect(citation).toMatchObject({ captureId: 'capture 1', start: 100 + from })
    expect((citation?.end ?? 0) - (citation?.start ?? 0)).toBe(citation?.text.length)
  })

  it('covers all claims of one number', () => {
    expect(spans('Water gives the oxygen [1]. You were in the library with Ada [1].')).toEqual([
      'Photosystem II splits water, and the oxygen comes from there. Then I went to the library with Ada.',
    ])
  })

  it.each([
    ['a number that was never offered', 'Oxygen comes from water [7].', 'Oxygen comes from water [?].'],
    [
      'a claim that the place does not make',
      'Mitochondria produce energy for muscles [1].',
      'Mitochondria produce energy for muscles [?].',
    ],
    ['another date', 'The exam of Lindqvist is on 19 December [2].', 'The exam of Lindqvist is on 19 December [?].'],
    [
      'a quotation that differs',
      'You said “Photosystem II splits sugar” [1].',
      'You said “Photosystem II splits sugar” [?].',
    ],
    [
      'another name',
      'The exam of Professor Okafor and Smith is in December [2].',
      'The exam of Professor Okafor and Smith is in December [?].',
    ],
    ['one of two', 'The exam is on 12 December [1, 2].', 'The exam is on 12 December [2].'],
    ['words of a memory without one', 'Everything is fine [0].', 'Everything is fine [?].'],
  ])('marks %s', (_, text, expected) => {
    expect(check(text).text).toBe(expected)
  })

  it('judges each claim of a number by itself', () => {
    const { text, citations } = check('Water gives the oxygen [1]. Volcanoes erupt under pressure of magma [1].')
    expect(text).toBe('Water gives the oxygen [1]. Volcanoes erupt under pressure of magma [?].')
    expect(citations).toHaveLength(1)
  })

  it('leaves a claim in another language to its numbers', () => {
    expect(spans('Die Prüfung bei der Professorin ist am 12. Dezember, und das ist bald [2].')).toHaveLength(1)
    expect(spans('Die Prüfung bei der Professorin ist am 13. Dezember, und das ist bald [2].')).toHaveLength(0)
  })

  it('leaves what is no citation', () => {
    const text = 'a[9] and list[1.5], a [link] and [] and [2026] too'
    expect(check(text)).toEqual({ text, citations: [] })
  })

  it('takes any text, and cites only true slices', () => {
    const piece = fc.constantFrom(
      '[1]',
      ' [2]',
      '[3, 1]',
      '. ',
      'oxygen',
      ' water ',
      '“',
      '”',
      '\n',
      '[99]',
      '12',
      ' said ',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ unit: 'grapheme' }))), (parts) => {
        for (const { number, start, end, text } of check(parts.join('')).citations) {
          expect(PASSAGES[number - 1]?.slice(start - 100, end - 100)).toBe(text)
        }
      }),
    )
  })
})
