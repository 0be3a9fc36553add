import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { SearchHit } from '../memory/index.ts'
import { chooseGrounding, citedNumbers, MAX_PASSAGES, usedCitations } from './grounding.ts'

const PARTS = { words: 0, meaning: 0, likeness: 0, echo: 0 }

function hit(captureId: string, text: string, cosine?: number): SearchHit {
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
    why: { words: [], ...(cosine === undefined ? {} : { cosine }), parts: PARTS },
    language: 'en',
    alike: [],
  }
}

describe('chooseGrounding', () => {
  it('takes what is near in meaning, once for each capture, numbered from 1', () => {
    const chosen = chooseGrounding('how do transformers look at their input', [
      hit('a', 'Attention weighs every token.', 0.6),
      hit('a', 'Attention again.', 0.55),
      hit('b', 'Bread needs yeast.', 0.05),
      hit('c', 'Queries meet keys.', 0.4),
    ])
    expect(chosen.map(({ passage }) => [passage.number, passage.captureId])).toEqual([
      [1, 'a'],
      [2, 'c'],
    ])
  })

  it('takes what shares the words when there is no meaning to compare', () => {
    const hits = [hit('a', 'The mitochondria make energy for the cell.'), hit('b', 'The cell tower is tall.')]
    const chosen = chooseGrounding('what do mitochondria do in a cell?', hits)
    expect(chosen.map(({ passage }) => passage.captureId)).toEqual(['a'])
  })

  it('takes nothing when nothing is relevant', () => {
    expect(chooseGrounding('what is the capital of Peru?', [hit('a', 'Bread needs yeast.', 0.02)])).toEqual([])
    expect(chooseGrounding('', [hit('a', 'Bread needs yeast.')])).toEqual([])
  })

  it('cites the exact place also of a passage that it cuts', () => {
    const text = 'word '.repeat(1_000)
    const [chosen] = chooseGrounding('x', [hit('a', text, 0.9)])
    const { citation } = chosen ?? { citation: undefined }
    expect(citation?.start).toBe(10)
    expect((citation?.end ?? 0) - 10).toBe(citation?.text.length)
    expect(text.startsWith(citation?.text ?? '-')).toBe(true)
    expect(citation?.text.length).toBeLessThanOrEqual(1_200)
  })

  it('never takes more than fit', () => {
    const hits = Array.from({ length: 30 }, (_, index) => hit(String(index), 'x', 0.9))
    expect(chooseGrounding('x', hits)).toHaveLength(MAX_PASSAGES)
  })
})

describe('citations', () => {
  const offered = chooseGrounding('x', [hit('a', 'one', 0.9), hit('b', 'two', 0.9), hit('c', 'three', 0.9)]).map(
    ({ citation }) => citation,
  )

  it.each([
    ['You said so [2].', [2]],
    ['Both [1, 3] and again [3].', [1, 3]],
    ['[0] [17] are not passages', []],
    ['an array [1.5] and a [link] and [] too', []],
  ])('of %j are %j', (text, numbers) => {
    expect(usedCitations(text, offered).map((citation) => citation.number)).toEqual(numbers)
  })

  it('can be read from any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        for (const number of citedNumbers(text)) expect(Number.isInteger(number)).toBe(true)
      }),
    )
  })
})
