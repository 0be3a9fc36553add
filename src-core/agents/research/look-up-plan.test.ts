import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { planOnDevice, searchWords, wantsFresh } from './look-up-plan.ts'
import { readPlan } from './read-plan.ts'

const ALL = ['address', 'tavily', 'wikipedia', 'arxiv'] as const

describe('what is looked up, chosen on the device', () => {
  it.each([
    [
      'Compare photosynthesis and cellular respiration in detail, please.',
      ['photosynthesis', 'cellular', 'respiration'],
    ],
    ['Look up the latest papers on scaled dot-product attention', ['attention']],
    ['Vergleiche bitte ausführlich die Photosynthese mit der Zellatmung.', ['Photosynthese', 'Zellatmung']],
    ['Compara en detalle la fotosíntesis y la respiración celular', ['fotosíntesis', 'respiración']],
  ])('are the things that the learner speaks of, without the wish itself: %s', (said, words) => {
    const search = searchWords(said)
    for (const word of words) expect(search).toContain(word)
    expect(search).not.toMatch(/compare|compara|vergleich|look up|detail|papers|latest|please|bitte/i)
    expect(search.split(' ').length).toBeLessThanOrEqual(8)
  })

  it('is no more than eight words of theirs, whatever they say', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (said) => {
        const words = searchWords(said).split(' ').filter(Boolean)
        expect(words.length).toBeLessThanOrEqual(8)
        for (const word of words) expect(said).toContain(word)
      }),
    )
  })

  it('goes to the web and Wikipedia, and to arXiv where they speak of research', () => {
    const to = (said: string) => planOnDevice(said, ALL).map(({ source }) => source)
    expect(to('Compare photosynthesis and respiration')).toEqual(['tavily', 'wikipedia'])
    expect(to('What does research say about spaced repetition?')).toEqual(['tavily', 'wikipedia', 'arxiv'])
    expect(planOnDevice('Vergleiche die Photosynthese mit der Zellatmung', ALL)[0]?.language).toBe('de')
  })

  it('is the address alone where one is given', () => {
    expect(planOnDevice('What does https://example.org/a say about cells?', ALL)).toMatchObject([
      { source: 'address', words: 'https://example.org/a' },
    ])
  })

  it('is nothing where nothing is spoken of', () => {
    expect(planOnDevice('', ALL)).toEqual([])
    expect(planOnDevice('?!', ALL)).toEqual([])
  })

  it.each(['the latest results', 'look up cells', 'aktuelle Forschung zu Zellen', 'busca fuentes sobre células'])(
    'is asked for although memory may hold it: %s',
    (said) => expect(wantsFresh(said)).toBe(true),
  )
  it('is not asked for by a plain question', () => expect(wantsFresh('Compare mitosis and meiosis')).toBe(false))
})

describe('a plan that a model wrote', () => {
  it('is read line by line, and holds only what was offered', () => {
    const plan = [
      'Here are the searches:',
      'wikipedia | de | Photosynthese Lichtreaktion',
      'Arxiv | en | quantum coherence in photosynthesis',
      'evil.example | en | secrets',
      'address | en | http://127.0.0.1/',
      'wikipedia | de | Photosynthese Lichtreaktion',
      'wikipedia | x; drop | a | b',
      'tavily | en |',
      `tavily | en | ${'word '.repeat(100)}`,
      'tavily | en | one too many',
    ].join('\n')
    expect(readPlan(plan, ['tavily', 'wikipedia', 'arxiv'])).toEqual([
      { source: 'wikipedia', language: 'de', words: 'Photosynthese Lichtreaktion' },
      { source: 'arxiv', language: 'en', words: 'quantum coherence in photosynthesis' },
      { source: 'wikipedia', language: 'en', words: 'a b' },
      { source: 'tavily', language: 'en', words: 'word '.repeat(12).trim() },
    ])
    expect(readPlan('nothing needs to be looked up', ['wikipedia'])).toEqual([])
  })
})
