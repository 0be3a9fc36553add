import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fuse, LEXICAL_SHARE } from './fusion.ts'

const word = (captureId: string, score: number, chunkId = `${captureId}-w`) => ({ chunkId, captureId, score })
const meaning = (captureId: string, cosine: number, chunkId = `${captureId}-m`) => ({ chunkId, captureId, cosine })

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g')
const lexicalSide = fc
  .array(fc.record({ captureId: names, chunkId: fc.string(), score: fc.double({ min: 0.01, max: 80, noNaN: true }) }))
  .map((matches) => matches.sort((a, b) => b.score - a.score))
const semanticSide = fc
  .array(fc.record({ captureId: names, chunkId: fc.string(), cosine: fc.double({ min: -1, max: 1, noNaN: true }) }))
  .map((matches) => matches.sort((a, b) => b.cosine - a.cosine))

describe('fuse', () => {
  it('adds what words and meaning say', () => {
    const [first, second] = fuse([word('a', 10), word('b', 5)], [meaning('b', 0.8), meaning('c', 0.1)])
    expect(first).toEqual({
      captureId: 'b',
      chunkId: 'b-m',
      score: LEXICAL_SHARE * 0.5 + (1 - LEXICAL_SHARE) * 0.8,
      lexicalRank: 2,
      semanticRank: 1,
      cosine: 0.8,
    })
    expect(second).toEqual({ captureId: 'a', chunkId: 'a-w', score: LEXICAL_SHARE, lexicalRank: 1 })
  })

  it('counts a capture by its best chunk on each side', () => {
    const fused = fuse([word('a', 10, 'a1'), word('a', 9, 'a2'), word('b', 8)], [])
    expect(fused.map(({ captureId, chunkId, lexicalRank }) => [captureId, chunkId, lexicalRank])).toEqual([
      ['a', 'a1', 1],
      ['b', 'b-w', 2],
    ])
  })

  it('lets the words decide where nothing is near in meaning', () => {
    const near = Array.from({ length: 20 }, (_, place) => meaning(`other${place}`, 0.3 - place / 1_000))
    expect(fuse([word('named', 3)], [...near, meaning('named', 0.21)])[0]?.captureId).toBe('named')
  })

  it('holds for any two sides: every capture once, scores fall within 0 and 1, one side alone keeps its order', () => {
    fc.assert(
      fc.property(lexicalSide, semanticSide, (lexical, semantic) => {
        const fused = fuse(lexical, semantic)
        const ids = fused.map((match) => match.captureId)
        expect(new Set(ids).size).toBe(ids.length)
        expect(new Set(ids)).toEqual(new Set([...lexical, ...semantic].map((match) => match.captureId)))
        const scores = fused.map((match) => match.score)
        expect([...scores].sort((a, b) => b - a)).toEqual(scores)
        for (const score of scores) expect(score >= 0 && score <= 1).toBe(true)
        for (const match of fused) {
          expect(
            [...lexical, ...semantic].some(
              ({ chunkId, captureId }) => chunkId === match.chunkId && captureId === match.captureId,
            ),
          ).toBe(true)
        }
        expect(fuse(lexical, []).map((match) => match.captureId)).toEqual([
          ...new Set(lexical.map((match) => match.captureId)),
        ])
      }),
    )
  })

  it('never puts a capture lower for being found by the other side as well', () => {
    fc.assert(
      fc.property(
        lexicalSide,
        semanticSide,
        names,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (lexical, semantic, id, cosine) => {
          const rank = (matches: readonly { captureId: string }[]) =>
            matches.findIndex((match) => match.captureId === id)
          const without = semantic.filter((match) => match.captureId !== id)
          const withIt = [...without, meaning(id, cosine)].sort((a, b) => b.cosine - a.cosine)
          const before = rank(fuse(lexical, without))
          if (before >= 0) expect(rank(fuse(lexical, withIt))).toBeLessThanOrEqual(before)
        },
      ),
    )
  })
})
