import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Candidate,
  FIRST_SHARES,
  fuse,
  knownOfKin,
  SHARES,
  SHARES_OF_WORDS,
  scoreOf,
  sharesBetween,
  sharesFor,
  trustInBest,
} from './fusion.ts'

const word = (captureId: string, words: number, chunkId = `${captureId}-w`): Candidate => ({
  chunkId,
  captureId,
  words,
})
const meaning = (captureId: string, cosine: number, chunkId = `${captureId}-m`): Candidate => ({
  chunkId,
  captureId,
  meaning: cosine,
  near: true,
})
const ids = (candidates: Candidate[], shares = SHARES) => fuse(candidates, shares).map(({ captureId }) => captureId)

const share = fc.double({ min: 0, max: 1, noNaN: true })
const captureIds = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
const parts = fc.record({ words: share, meaning: share, likeness: share, echo: share }, { requiredKeys: [] })
const candidates: fc.Arbitrary<Candidate[]> = fc
  .array(fc.tuple(captureIds, parts))
  .map((given) => given.map(([captureId, own], place) => ({ ...own, captureId, chunkId: `${captureId}${place}` })))

describe('fuse', () => {
  it('adds what each part says, and says what each put in', () => {
    const [first] = fuse([{ chunkId: 'b1', captureId: 'b', words: 0.5, meaning: 0.8, near: true, echo: 1 }], SHARES)
    expect(first).toMatchObject({ captureId: 'b', chunkId: 'b1', lexicalRank: 1, semanticRank: 1, cosine: 0.8 })
    expect(first?.parts).toEqual({
      words: SHARES.words * 0.5,
      meaning: SHARES.meaning * 0.8,
      likeness: 0,
      echo: SHARES.echo,
    })
    expect(first?.score).toBeCloseTo(SHARES.words * 0.5 + SHARES.meaning * 0.8 + SHARES.echo)
  })

  it('counts a capture by its best chunk in each part', () => {
    const fused = fuse([word('a', 1, 'a1'), word('a', 0.9, 'a2'), word('b', 0.8)], SHARES)
    expect(fused.map(({ captureId, chunkId, lexicalRank }) => [captureId, chunkId, lexicalRank])).toEqual([
      ['a', 'a1', 1],
      ['b', 'b-w', 2],
    ])
  })

  it('gives no rank on a side that only looked its cosine up', () => {
    const [first] = fuse([{ ...word('a', 1), meaning: 0.2 }], SHARES)
    expect(first?.semanticRank).toBeUndefined()
    expect(first?.cosine).toBe(0.2)
  })

  it('lets the words decide in a language that the embedder has not learned', () => {
    const noise = [meaning('noise', 0.7), { ...word('named', 1), meaning: 0.35, near: true }, word('half', 0.5)]
    expect(ids(noise, SHARES_OF_WORDS)).toEqual(['named', 'half', 'noise'])
  })

  it('lets the words decide where nothing is near in meaning', () => {
    const near = Array.from({ length: 20 }, (_, place) => meaning(`other${place}`, 0.3 - place / 1_000))
    expect(ids([...near, { ...word('named', 1), meaning: 0.21, near: true }])[0]).toBe('named')
  })

  it('holds for any candidates: every capture once, scores fall within 0 and 1 and are the sum of their parts', () => {
    fc.assert(
      fc.property(candidates, (given) => {
        const fused = fuse(given, SHARES)
        expect(new Set(fused.map(({ captureId }) => captureId))).toEqual(
          new Set(given.map(({ captureId }) => captureId)),
        )
        expect(fused.length).toBe(new Set(given.map(({ captureId }) => captureId)).size)
        const scores = fused.map((match) => match.score)
        expect([...scores].sort((a, b) => b - a)).toEqual(scores)
        for (const { score, parts, chunkId, captureId } of fused) {
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(1 + 1e-9)
          expect(score).toBeCloseTo(parts.words + parts.meaning + parts.likeness + parts.echo)
          expect(given.some((one) => one.chunkId === chunkId && one.captureId === captureId)).toBe(true)
        }
      }),
    )
  })

  it('never puts a capture lower for another part that speaks for it', () => {
    fc.assert(
      fc.property(candidates, share, (given, echo) => {
        const [first] = given
        if (!first) return
        const rank = (all: Candidate[]) => ids(all).indexOf(first.captureId)
        const more = [{ ...first, echo: Math.max(echo, first.echo ?? 0) }, ...given.slice(1)]
        expect(rank(more)).toBeLessThanOrEqual(rank(given))
      }),
    )
  })
})

it('shows the chunk that was asked for, not the one that echoes more', () => {
  const own = { chunkId: 'own', captureId: 'a', words: 1, meaning: 0.7, likeness: 0.6, echo: 0.6 }
  const repeated = { chunkId: 'repeated', captureId: 'a', words: 0.8, meaning: 0.6, likeness: 0.9, echo: 1 }
  expect(fuse([repeated, own], SHARES)[0]?.chunkId).toBe('own')
})

describe('shares', () => {
  it('are 1 together, whatever of the texts the embedder knows', () => {
    for (const part of [0, 0.3, 1]) {
      const { words, meaning: meant, likeness, echo } = sharesBetween(SHARES_OF_WORDS, SHARES, part)
      expect(words + meant + likeness + echo).toBeCloseTo(1)
    }
  })

  it('score a chunk between nothing and everything', () => {
    expect(scoreOf(word('a', 2), SHARES)).toBeCloseTo(SHARES.words)
    expect(scoreOf(meaning('a', -1), SHARES)).toBe(0)
  })
})

describe('trust in the best of the first order', () => {
  it('is full for texts of some sentences, and falls with what they say', () => {
    expect(trustInBest(Array.from({ length: 10 }, () => 80))).toBe(1)
    expect(trustInBest(Array.from({ length: 10 }, () => 6))).toBeCloseTo(0.3)
  })

  it('asks the first ten alone, and is none where nothing was found', () => {
    expect(trustInBest([...Array.from({ length: 10 }, () => 4), ...Array.from({ length: 90 }, () => 80)])).toBeCloseTo(
      0.2,
    )
    expect(trustInBest([])).toBe(0)
  })
})

describe('shares for what the words found', () => {
  const total = ({ words, meaning, likeness, echo }: typeof SHARES) => words + meaning + likeness + echo

  it('stay together 1, and grow for the words with what the best of them covers', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (a, b) => {
        const [less, more] = [sharesFor(SHARES, Math.min(a, b)), sharesFor(SHARES, Math.max(a, b))]
        expect(total(less)).toBeCloseTo(1)
        expect(more.words).toBeGreaterThanOrEqual(less.words - 1e-12)
      }),
    )
  })

  it('are as they were where half of the words or more were found, but not nearly all, and where none were sought', () => {
    for (const covered of [0.5, 0.7, 0.8]) {
      const shares = sharesFor(SHARES, covered)
      for (const part of ['words', 'meaning', 'likeness', 'echo'] as const)
        expect(shares[part]).toBeCloseTo(SHARES[part])
    }
    expect(sharesFor(SHARES, undefined)).toEqual(SHARES)
  })

  it('let one common word in five give way to what is near in meaning, and every word stand before it', () => {
    const candidates = [word('worded', 1), meaning('meant', 0.42)]
    expect(ids([{ ...word('worded', 1), meaning: 0.2 }, meaning('meant', 0.5)], sharesFor(FIRST_SHARES, 0.2))[0]).toBe(
      'meant',
    )
    expect(ids(candidates, sharesFor(FIRST_SHARES, 1))[0]).toBe('worded')
    expect(ids([{ ...word('worded', 1), meaning: 0.2 }, meaning('meant', 0.5)], sharesFor(FIRST_SHARES, 1))[0]).toBe(
      'worded',
    )
  })
})

describe('a language in Latin letters that the embedder has not learned', () => {
  it('is known less among many texts, where others have the same names and numbers', () => {
    for (const isRomance of [true, false]) {
      expect(knownOfKin(isRomance, 200, 200)).toBeLessThan(knownOfKin(isRomance, 24, 200))
    }
  })

  it('is known less among many where it did not lend English its words', () =>
    expect(knownOfKin(false, 200, 200)).toBeLessThan(knownOfKin(true, 200, 200)))
})
