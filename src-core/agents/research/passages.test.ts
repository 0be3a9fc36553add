import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestPassages, type Given, piecesOf } from './passages.ts'

const signal = new AbortController().signal
const AT = '2026-11-26T00:00:00.000Z'
const given = (kind: Given['source']['kind'], ...texts: [title: string, text: string][]): Given => ({
  source: { kind },
  at: AT,
  found: texts.map(([title, text]) => ({ title, text, url: `https://example.org/${title}` })),
})
const CELLS = 'Mitochondria release the energy of sugar. They need oxygen.'
const STARS = 'Stars fuse hydrogen to helium. The sun is one of them.'

/** Likeness by hand: texts on energy are alike. */
const embedder = {
  embed: async (texts: readonly string[]) =>
    texts.map((text) => new Float32Array(/energy|power/i.test(text) ? [1, 0] : [0, 1])),
}

describe('passages of what was found', () => {
  it('are quoted word for word, numbered from 1, the best first, with their address and time', async () => {
    const found = await bestPassages(
      'how do mitochondria release energy',
      [given('wikipedia', ['Stars', STARS], ['Cells', CELLS])],
      embedder,
      signal,
    )
    expect(found).toEqual([
      { number: 1, kind: 'wikipedia', title: 'Cells', url: 'https://example.org/Cells', quote: CELLS, at: AT },
    ])
  })

  it('are found by meaning where they have none of the words', async () => {
    const found = await bestPassages('where does power come from', [given('web', ['Cells', CELLS])], embedder, signal)
    expect(found.map(({ title }) => title)).toEqual(['Cells'])
  })

  it('are found by words where nothing can be embedded', async () => {
    const broken = { embed: () => Promise.reject(new Error('down')) }
    for (const none of [undefined, broken]) {
      const found = await bestPassages(
        'what do mitochondria need',
        [given('web', ['A', STARS], ['B', CELLS])],
        none,
        signal,
      )
      expect(found.map(({ title }) => title)).toEqual(['B'])
    }
  })

  it('come at most four, two of one text, none twice', async () => {
    const long = Array.from(
      { length: 30 },
      (_, at) => `Energy and mitochondria, sentence ${at} ${'of many words '.repeat(15)}.`,
    )
    const texts = ['a', 'b', 'c'].map((title): [string, string] => [title, `${long.join(' ')} ${title}`])
    const found = await bestPassages('energy of mitochondria', [given('web', ...texts)], embedder, signal)
    expect(found).toHaveLength(4)
    expect(new Set(found.map(({ quote }) => quote)).size).toBe(4)
    expect(found.map(({ number }) => number)).toEqual([1, 2, 3, 4])
    for (const title of ['a', 'b', 'c'])
      expect(found.filter((one) => one.title === title).length).toBeLessThanOrEqual(2)
  })

  it('are pieces of the text, in its order', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 2_000 }), (text) => {
        let from = 0
        for (const piece of piecesOf(text)) {
          const at = text.indexOf(piece, from)
          expect(at).toBeGreaterThanOrEqual(from)
          expect(piece.length).toBeLessThanOrEqual(480)
          from = at + piece.length
        }
      }),
    )
  })
})
