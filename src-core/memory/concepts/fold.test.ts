import { describe, expect, it } from 'vitest'
import { type Facts, fold, type MentionFact, type TermFact } from './fold.ts'
import { normalTerm, termId } from './terms.ts'

const NO_CORRECTIONS: Facts['corrections'] = { terms: new Map(), names: new Map(), hidden: new Set(), links: [] }
const idOf = (surface: string) => termId(normalTerm(surface))

/** What texts say, each text a list of terms; `short` for those in capitals. */
function factsOf(texts: string[][], more: Partial<Facts> = {}): Facts {
  const terms = new Map<string, TermFact>()
  const mentions: MentionFact[] = []
  for (const [place, surfaces] of texts.entries()) {
    for (const surface of surfaces) {
      const type = /^\p{Lu}{2,}$/u.test(surface) ? 'short' : 'term'
      const known = terms.get(surface)
      const seen = { firstAt: Math.min(place, known?.firstAt ?? place), lastAt: place }
      const count = (known?.count ?? 0) + 1
      const names = { termId: idOf(surface), normal: normalTerm(surface), surface }
      terms.set(surface, { ...names, type, count, weight: count, definition: null, ...seen })
      mentions.push({ source: `capture:${place}`, sessionId: null, termId: idOf(surface), weight: 1, at: place })
    }
  }
  return { terms: [...terms.values()], mentions, cues: [], corrections: NO_CORRECTIONS, ...more }
}
const cue = (from: string, to: string, relation: string, source = 'capture:0') => ({
  source,
  from: idOf(from),
  to: idOf(to),
  relation,
  at: 0,
})
const groups = (facts: Facts) =>
  fold(facts)
    .concepts.map(({ variants }) => variants.map(({ text }) => text).sort())
    .filter((variants) => variants.length > 1)

describe('folding spellings', () => {
  it.each([
    ['spaces', [['data base'], ['database'], ['database']], ['data base', 'database']],
    ['British and American', [['colour space'], ['color space']], ['color space', 'colour space']],
    [
      'a slip written once',
      [...Array(5).fill(['gradient descent']), ['gradeint descent']],
      ['gradeint descent', 'gradient descent'],
    ],
    ['initials in the same text', [['support vector machine', 'SVM']], ['SVM', 'support vector machine']],
  ])('brings %s together and keeps each as it was written', (_, texts, variants) => {
    expect(groups(factsOf(texts as string[][]))).toEqual([variants])
  })

  it.each([
    ['what was written twice', [...Array(5).fill(['gradient descent']), ['gradeint descent'], ['gradeint descent']]],
    ['another letter', [...Array(5).fill(['absorption']), ['adsorption']]],
    ['initials in another text', [['support vector machine'], ['SVM']]],
    ['initials of two', [['support vector machine', 'state verb morphology', 'SVM']]],
  ])('leaves %s apart', (_, texts) => {
    expect(groups(factsOf(texts as string[][]))).toEqual([])
  })

  it('follows what a text says about an abbreviation, wherever it stands, and the longer term gives its id', () => {
    const facts = factsOf([['machine learning'], ['ML']], { cues: [cue('ML', 'machine learning', 'abbreviation')] })
    const { concepts, conceptOf } = fold(facts)
    expect(concepts.map(({ id, captures }) => [id, captures])).toEqual([[idOf('machine learning'), 2]])
    expect(conceptOf.get(idOf('ML'))).toBe(idOf('machine learning'))
  })
})

describe("the learner's word", () => {
  const texts = [
    ['data base', 'query'],
    ['database', 'index'],
    ['query', 'index'],
  ]
  it('splits what was brought together, brings together what was not, names and hides', () => {
    const [spaced, whole, query, index] = ['data base', 'database', 'query', 'index'].map(idOf) as [
      string,
      string,
      string,
      string,
    ]
    const corrections = {
      terms: new Map([
        [spaced, spaced],
        [whole, whole],
        [query, index],
      ]),
      names: new Map([[index, 'Looking up']]),
      hidden: new Set([whole]),
      links: [],
    }
    const { concepts } = fold(factsOf(texts, { corrections }))
    expect(concepts.map(({ id }) => id).sort()).toEqual([spaced, whole, index].sort())
    expect(concepts.find(({ id }) => id === index)?.name).toBe('Looking up')
    expect(concepts.find(({ id }) => id === whole)?.hidden).toBe(true)
  })

  it('ends a circle of moves at its smallest id', () => {
    const [a, b] = ['query', 'index'].map(idOf) as [string, string]
    const terms = new Map([
      [a, b],
      [b, a],
    ])
    const { conceptOf } = fold(factsOf(texts, { corrections: { ...NO_CORRECTIONS, terms } }))
    expect([conceptOf.get(a), conceptOf.get(b)]).toEqual([[a, b].sort()[0], [a, b].sort()[0]])
  })
})

describe('folding relations', () => {
  it('counts the texts that show one, and what stands together more often than by chance', () => {
    const texts = [
      ['algebra', 'matrix'],
      ['algebra', 'matrix'],
      ['cell', 'membrane'],
      ['cell', 'membrane'],
      ['weather'],
    ]
    const cues = [
      cue('algebra', 'matrix', 'prerequisite', 'capture:0'),
      cue('algebra', 'matrix', 'prerequisite', 'capture:1'),
    ]
    const { relations } = fold(factsOf(texts, { cues }))
    expect(relations.find(({ kind }) => kind === 'prerequisite')).toMatchObject({ evidence: 2, weight: 0.75 })
    const related = relations.filter(({ kind }) => kind === 'related')
    expect(related.map(({ fromId, toId }) => [fromId, toId].sort())).toEqual([[idOf('cell'), idOf('membrane')].sort()])
  })

  it('is the same for the same facts in any order', () => {
    const texts = [
      ['algebra', 'matrix', 'SVM'],
      ['support vector machine', 'SVM', 'matrix'],
      ['colour', 'color', 'cell'],
    ]
    const facts = factsOf(texts, { cues: [cue('algebra', 'matrix', 'uses'), cue('color', 'cell', 'part_of')] })
    const turned: Facts = {
      ...facts,
      terms: facts.terms.toReversed(),
      mentions: facts.mentions.toReversed(),
      cues: facts.cues.toReversed(),
    }
    const plain = ({ concepts, relations }: ReturnType<typeof fold>) => [
      concepts.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      relations.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
    ]
    expect(plain(fold(turned))).toEqual(plain(fold(facts)))
  })
})
