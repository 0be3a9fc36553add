import { describe, expect, it } from 'vitest'
import { analyse, soughtContent, soughtTerms } from './terms.ts'

const spanish = new Set(['es', 'en'])

describe('the words of content of a query', () => {
  it('leaves out function words of the languages of the memory, although the query is too short to say its own', () => {
    expect(soughtTerms('el planeta más caliente', spanish).terms).toContain('el')
    const content = soughtContent('el planeta más caliente', spanish)
    expect(content).toHaveLength(2)
    const has = new Set(analyse('Venus es el planeta que tiene la superficie más caliente de todos.').terms.split(' '))
    for (const forms of content) expect(forms.some((form) => has.has(form))).toBe(true)
  })

  it('takes what a slip was read as for the word, and a word that is said twice once', () => {
    const alternatives = new Map([['photosyntesis', ['photosynthesis']]])
    const content = soughtContent('Photosyntesis photosyntesis', new Set(['en']), { alternatives })
    expect(content).toHaveLength(1)
    const has = analyse('We spoke of photosynthesis today.').terms.split(' ')
    expect(content[0]?.some((form) => has.includes(form))).toBe(true)
  })

  it('is none of a query without words', () => expect(soughtContent('🙂 …', spanish)).toEqual([]))
})
