import { describe, expect, it } from 'vitest'
import type { SearchHit } from '../memory/index.ts'
import { chooseGrounding, MAX_PASSAGES } from './grounding.ts'

const PARTS = { words: 0, meaning: 0, likeness: 0, echo: 0 }

function hit(captureId: string, text: string, relevance: number): SearchHit {
  return {
    captureId,
    kind: 'capture',
    sessionId: 's',
    chunkId: `${captureId}/0`,
    field: 'userText',
    start: 10,
    end: 10 + text.length,
    snippet: [],
    text,
    when: '2026-11-01T10:00:00.000Z',
    source: 'text',
    heading: [],
    place: null,
    score: 0.5,
    relevance,
    why: { words: [], parts: PARTS },
    language: 'en',
    alike: [],
  }
}

describe('chooseGrounding', () => {
  it('takes what is relevant, once for each capture, numbered from 1', () => {
    const chosen = chooseGrounding([
      hit('a', 'Attention weighs every token.', 0.9),
      hit('a', 'Attention again.', 0.8),
      hit('b', 'Bread needs yeast.', 0.2),
      hit('c', 'Queries meet keys.', 0.5),
    ])
    expect(chosen.map(({ passage }) => [passage.number, passage.captureId])).toEqual([
      [1, 'a'],
      [2, 'c'],
    ])
  })

  it('takes nothing when nothing is relevant', () => {
    expect(chooseGrounding([hit('a', 'Bread needs yeast.', 0.49)])).toEqual([])
    expect(chooseGrounding([])).toEqual([])
  })

  it('cites the exact place also of a passage that it cuts', () => {
    const text = 'word '.repeat(1_000)
    const [chosen] = chooseGrounding([hit('a', text, 0.9)])
    const { citation } = chosen ?? { citation: undefined }
    expect(citation?.start).toBe(10)
    expect((citation?.end ?? 0) - 10).toBe(citation?.text.length)
    expect(text.startsWith(citation?.text ?? '-')).toBe(true)
    expect(citation?.text.length).toBeLessThanOrEqual(1_200)
  })

  it('says where in a picture it stands, so that whoever reads the answer without our screens knows it too', () => {
    const place = { picture: 2, box: [0.1, 0.2, 0.3, 0.05] as [number, number, number, number] }
    const seen = { ...hit('a', 'Office hours are on Tuesdays.', 0.9), field: 'pictureText' as const, place }
    expect(chooseGrounding([seen]).map(({ citation }) => citation.place)).toEqual([place])
    expect(chooseGrounding([hit('a', 'Office hours.', 0.9)])[0]?.citation).not.toHaveProperty('place')
  })

  it('never takes more than fit', () => {
    const hits = Array.from({ length: 30 }, (_, index) => hit(String(index), 'x', 0.9))
    expect(chooseGrounding(hits)).toHaveLength(MAX_PASSAGES)
  })

  it('says what a passage of a document stands under, in few words, beside what is cited', () => {
    const found = { ...hit('d', 'Chad has 17 million.', 0.9), heading: ['Atlas', 'Africa', 'Country | Inhabitants'] }
    const [chosen] = chooseGrounding([found])
    expect(chosen?.passage).toMatchObject({ text: found.text, under: 'Atlas › Africa › Country | Inhabitants' })
    expect(chosen?.citation).toMatchObject({ text: found.text, start: 10, end: 10 + found.text.length })
    const [long] = chooseGrounding([
      { ...found, heading: Array(9).fill('A chapter of a long name, and then some more') },
    ])
    expect(long?.passage.under?.length).toBeLessThanOrEqual(300)
    expect(chooseGrounding([hit('c', 'Said.', 0.9)])[0]?.passage).not.toHaveProperty('under')
  })
})
