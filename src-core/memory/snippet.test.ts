import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { soughtTerms } from './language/terms.ts'
import { marksOf, matchedWords, SNIPPET_LENGTH, type Sought, snippetOf } from './snippet.ts'

const seeking = (query: string): Sought => ({ forms: soughtTerms(query, new Set()).forms })
const shown = (text: string, sought: Sought) =>
  snippetOf(text, marksOf(text, sought))
    .map((piece) => (piece.marked ? `[${piece.text}]` : piece.text))
    .join('')

describe('snippetOf', () => {
  it('marks the words of the query in all their forms', () => {
    expect(shown('Transformers use attention; a transformer attends.', seeking('transforming attention'))).toBe(
      '[Transformers] use [attention]; a [transformer] attends.',
    )
  })

  it('hands markup on as text', () => {
    const text = '<img src=x onerror=alert(1)> attention'
    expect(snippetOf(text, marksOf(text, seeking('alert')))).toEqual([
      { text: '<img src=x onerror=', marked: false },
      { text: 'alert', marked: true },
      { text: '(1)> attention', marked: false },
    ])
  })

  it('shows the stretch with the most different words of the query', () => {
    const filler = 'nothing to see in these words here and there '.repeat(12)
    const text = `gradient ${filler} the gradient descent reaches a minimum ${filler} gradient gradient`
    const snippet = shown(text, seeking('gradient descent minimum'))
    expect(snippet).toContain('[gradient] [descent] reaches a [minimum]')
    expect(snippet.startsWith('…')).toBe(true)
    expect(snippet.endsWith('…')).toBe(true)
  })

  it('shows the beginning where no word stands', () => {
    const text = 'word '.repeat(200)
    expect(shown(text, seeking('other'))).toMatch(/^word .*word…$/)
  })

  it('marks literal text where the query has no words', () => {
    expect(shown('Is it 50% (or more)? (or more)', { forms: new Map(), literal: '(OR more)' })).toBe(
      'Is it 50% [(or more)]? [(or more)]',
    )
  })

  it('marks any literal text, whatever its characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (literal) => {
        const text = `${literal} after`
        const [first] = snippetOf(text, marksOf(text, { forms: new Map(), literal }))
        expect([first?.marked, first?.text.startsWith(literal)]).toEqual([true, true])
      }),
    )
  })

  it('holds for any text and query: an exact slice, no longer than it may be, marks are words of the query', () => {
    const piece = fc.constantFrom(
      'attention',
      'Attentions',
      ' ',
      '\n',
      '👩‍👩‍👧',
      'x'.repeat(300),
      'heads',
      '<b>',
      '\ud800',
      'é',
    )
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 900 }),
      fc.array(piece, { maxLength: 90 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(text, fc.constantFrom('attention heads', 'é', '👩', 'zzz', ''), (body, query) => {
        const sought = seeking(query)
        const marks = marksOf(body, sought)
        const pieces = snippetOf(body, marks)
        const joined = pieces.map((part) => part.text).join('')
        const inner = joined.replace(/^…/, '').replace(/…$/, '')
        expect(body.includes(inner) || body.includes(joined)).toBe(true)
        expect(joined.length).toBeLessThanOrEqual(SNIPPET_LENGTH + 2 + 300)
        for (const part of pieces) {
          expect(part.text).not.toBe('')
          if (part.marked)
            expect([...soughtTerms(part.text, new Set()).forms.keys()].every((form) => sought.forms.has(form))).toBe(
              true,
            )
        }
        if (matchedWords(marks, sought).length > 0) expect(pieces.some((part) => part.marked)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })
})

describe('matchedWords', () => {
  it('names the words as they were typed, in the order of the query', () => {
    const sought = seeking('Attentions and HEADS of state')
    expect(matchedWords(marksOf('a head of attention', sought), sought)).toEqual(['Attentions', 'HEADS'])
  })
})
