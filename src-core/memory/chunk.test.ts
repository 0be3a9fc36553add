import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CHUNK_TOKENS, chunkText } from './chunk.ts'
import { estimateTokens } from './token-estimate.ts'

const textsOf = (text: string) => chunkText(text).map(({ start, end }) => text.slice(start, end))

/** Sentences of `words` words each, numbered so that each is found again. */
const sentences = (count: number, words: number) =>
  Array.from({ length: count }, (_, index) => `Number ${index} ${'word '.repeat(words - 2).trim()}.`)

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 3_000 }),
  fc.string({ maxLength: 3_000 }),
  fc
    .array(
      fc.constantFrom(
        'One.',
        'Two words!',
        'naïve',
        '学习注意力。',
        '👩‍👩‍👧',
        '\ud800',
        '\udc00',
        '\n\n',
        ' ',
        '\t',
        'x'.repeat(900),
        '12345',
      ),
      {
        maxLength: 400,
      },
    )
    .map((parts) => parts.join('')),
)

describe('chunkText', () => {
  test('keeps a short text whole and leaves out white space around it', () => {
    expect(textsOf('  I am learning how attention works. It is hard!\n')).toEqual([
      'I am learning how attention works. It is hard!',
    ])
  })

  test('finds nothing in white space', () => {
    expect(chunkText('')).toEqual([])
    expect(chunkText(' \n\t  　')).toEqual([])
  })

  test('never cuts a sentence that fits', () => {
    const all = sentences(60, 20)
    const chunks = textsOf(all.join(' '))
    expect(chunks.length).toBeGreaterThan(4)
    for (const sentence of all) expect(chunks.filter((chunk) => chunk.includes(sentence))).toHaveLength(1)
  })

  test('makes chunks of about equal size instead of a small rest', () => {
    const sizes = textsOf(sentences(25, 10).join(' ')).map((chunk) => estimateTokens(chunk))
    expect(sizes).toHaveLength(2)
    expect(Math.min(...sizes)).toBeGreaterThan(Math.max(...sizes) * 0.8)
  })

  test('ends a chunk with its paragraph where one ends near', () => {
    const first = sentences(14, 10).join(' ')
    const second = sentences(11, 10).join(' ')
    expect(textsOf(`${first}\n\n${second}`)).toEqual([first, second])
  })

  test('does not take an abbreviation for the end of a sentence', () => {
    const filler = sentences(20, 11).join(' ')
    for (const chunk of textsOf(`${filler} I met Dr. Smith there, e.g. yesterday. ${filler}`))
      expect(chunk.includes('Dr.')).toBe(chunk.includes('Smith'))
  })

  test('cuts one long sentence after a clause, with a little overlap', () => {
    const clauses = Array.from({ length: 80 }, (_, index) => `clause number ${index} has some words`)
    const text = `${clauses.join(', ')}.`
    const spans = chunkText(text)
    expect(spans.length).toBeGreaterThan(1)
    for (const [index, span] of spans.slice(1).entries()) {
      const before = spans[index] as { start: number; end: number }
      expect(span.start).toBeLessThan(before.end)
      expect(before.end - span.start).toBeLessThan((before.end - before.start) / 3)
      expect(text.slice(before.start, before.end)).toMatch(/,$/)
      expect(text.charAt(span.start - 1)).toBe(' ')
    }
  })

  test('holds for any text: exact places, in order, nothing lost, nothing larger than the budget', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const spans = chunkText(text)
        let covered = 0
        for (const { start, end } of spans) {
          expect(text.slice(covered, Math.max(covered, start)).trim()).toBe('')
          expect(end).toBeGreaterThan(covered)
          covered = end
          const chunk = text.slice(start, end)
          expect(chunk.trim()).toBe(chunk)
          expect(estimateTokens(chunk)).toBeLessThanOrEqual(CHUNK_TOKENS + 1)
          for (const place of [start, end]) {
            const cutsPair =
              /[\ud800-\udbff]/.test(text.charAt(place - 1)) && /[\udc00-\udfff]/.test(text.charAt(place))
            expect(cutsPair).toBe(false)
          }
        }
        expect(text.slice(covered).trim()).toBe('')
      }),
      { numRuns: 300 },
    )
  })

  test.each([
    ['prose', 'The boundary layer grows along the plate. Does it? It does! '.repeat(50_000)],
    ['one word', 'a'.repeat(3_000_000)],
    ['one line of words without an end', 'word '.repeat(600_000)],
    ['Chinese without a full stop', '学习注意力机制'.repeat(430_000)],
    ['one emoji sequence', '👩‍👩‍👧‍👦'.repeat(270_000)],
    ['combining marks', `e${'\u0301'.repeat(3_000_000)}`],
    ['lone surrogates', '\ud800'.repeat(3_000_000)],
    ['line breaks', '\n'.repeat(3_000_000)],
    ['blanks', `a${' '.repeat(3_000_000)}b`],
  ])('cuts 3 MB of %s within seconds', (_, text) => {
    const before = process.cpuUsage()
    const spans = chunkText(text)
    // Of the processor, in microseconds, so that a busy machine does not make it fail.
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000)
    expect(text.slice(spans.at(-1)?.end ?? 0).trim()).toBe('')
    for (const { start, end } of spans) expect(end - start).toBeLessThanOrEqual(2_000)
  })
})
