import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Embedder } from '../../src-core/models/index.ts'

export interface OpenedEmbedder {
  embedder: Embedder
  close(): Promise<void>
}

/** Strings that have broken tokenizers, wires and regular expressions before. */
const AWKWARD = [
  '',
  ' ',
  '\n\t\r',
  '\0',
  '\u0001\u0002\u007f\u0085',
  '\ud800',
  '\udc00 lone halves \ud83d',
  '\u202e right to left \u2066',
  'Zalgo t\u0336e\u0335x\u0334t\u0338'.repeat(50),
  '日本語のテキスト、العربية, ภาษาไทย',
  '👩‍👩‍👧‍👦🏳️‍🌈',
  '[CLS] [SEP] [PAD] [MASK] [UNK]',
  '<script>alert(1)</script>',
  "'; drop table captures; --",
  'a'.repeat(10_000),
]

/** What every embedder must do. `near` are two texts of one meaning, `far` is one of another. */
export function embedderSuite(
  name: string,
  open: () => Promise<OpenedEmbedder>,
  meaning: { near: [string, string]; far: string },
): void {
  describe(`${name} is an embedder`, () => {
    let opened: OpenedEmbedder
    const embed = (texts: string[]) => opened.embedder.embed(texts)
    const one = async (text: string) => (await embed([text]))[0] as Float32Array

    beforeAll(async () => {
      opened = await open()
    })
    afterAll(() => opened.close())

    it('gives a vector of unit length for any string', async () => {
      const vectors = await embed(AWKWARD)
      expect(vectors).toHaveLength(AWKWARD.length)
      for (const vector of vectors) {
        expect(vector).toBeInstanceOf(Float32Array)
        expect(vector).toHaveLength(opened.embedder.info.dimensions)
        expect(Math.hypot(...vector)).toBeCloseTo(1, 4)
      }
      await fc.assert(
        fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 4 }), async (texts) => {
          const random = await embed(texts)
          expect(random.map((vector) => Math.round(Math.hypot(...vector) * 1e4))).toEqual(texts.map(() => 1e4))
        }),
        { numRuns: 10, seed: 7 },
      )
    })

    it('embeds three megabytes within the limit of its tokens', async () => {
      const sentence = 'The mitochondrion is the powerhouse of the cell. '
      const long = sentence.repeat(Math.ceil(3e6 / sentence.length))
      const [whole, beginning] = await embed([long, long.slice(0, 20_000)])
      expect(Math.hypot(...(whole as Float32Array))).toBeCloseTo(1, 4)
      expect(cosine(whole as Float32Array, beginning as Float32Array)).toBeCloseTo(1, 4)
    })

    it('answers in the order of the texts, whatever their lengths', async () => {
      const texts = Array.from(
        { length: 70 },
        (_, index) => `${'many words '.repeat((index * 37) % 29)}number ${index}`,
      )
      const together = await embed(texts)
      for (const index of [0, 1, 33, 69]) {
        expect(cosine(together[index] as Float32Array, await one(texts[index] as string))).toBeCloseTo(1, 4)
      }
    })

    it('gives the same vector each time', async () => {
      expect(await one('attention is all you need')).toEqual(await one('attention is all you need'))
    })

    it('answers no texts with no vectors', async () => {
      expect(await embed([])).toEqual([])
    })

    it('puts like texts nearer than unlike ones', async () => {
      const [a, b, c] = (await embed([...meaning.near, meaning.far])) as [Float32Array, Float32Array, Float32Array]
      expect(cosine(a, b)).toBeGreaterThan(cosine(a, c) + 0.2)
    })

    it('stops when it is told to, before and during the work', async () => {
      const stop = new AbortController()
      const texts = Array.from({ length: 2_000 }, (_, index) => `a text that takes some time, number ${index}`)
      const running = opened.embedder.embed(texts, { signal: stop.signal })
      stop.abort()
      // An embedder may be so fast that it had finished; one that stops says so by this code alone.
      await running.catch((error) => expect(error).toMatchObject({ code: 'cancelled' }))
      await expect(opened.embedder.embed(['x'], { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'cancelled',
      })
      expect(await one('still here')).toHaveLength(opened.embedder.info.dimensions)
    })
  })
}

/** The cosine of two vectors of unit length. */
export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}
