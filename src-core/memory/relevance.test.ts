import { describe, expect, it } from 'vitest'
import { agreementOf, asksForSomething, type Judged, RELEVANT, relevanceTo } from './relevance.ts'

const passage = (text: string, language: string, cosine?: number): Judged => ({
  text,
  language,
  heading: [],
  cosine,
})
const relevanceOf = (question: string, judged: Judged, learned: string[]) => relevanceTo(question, learned)(judged)
const EXAM = passage('My statistics exam with Professor Lindqvist is on the 12th of December.', 'en', 0.5)

describe('agreementOf', () => {
  it('counts words by their stems and beginnings, and not those of asking', () => {
    expect(agreementOf('What did I say about the stats exams?', EXAM, ['en'])).toMatchObject({ covered: 1, common: 2 })
    expect(agreementOf('when is my chemistry exam?', EXAM, ['en'])).toMatchObject({ covered: 0.5, common: 1 })
  })

  it('tells names and numbers that are lacking', () => {
    expect(agreementOf('is the exam with Okafor on the 12th?', EXAM, ['en']).lacking).toBe(0.5)
    expect(agreementOf('is the exam with Lindqvist on 19 December?', EXAM, ['en']).lacking).toBeCloseTo(1 / 3)
  })

  it('also looks into the titles that a passage stands under', () => {
    const page = { ...passage('It boils at 357 degrees.', 'en'), heading: ['Mercury'] }
    expect(agreementOf('when does mercury boil?', page, ['en']).covered).toBe(1)
  })

  it('says whether the embedder knows the language', () => {
    expect(
      agreementOf('Was ist der Median?', passage('Der Median liegt in der Mitte.', 'de', 0.5), ['en']),
    ).toMatchObject({
      isLearned: false,
      covered: 1,
    })
  })
})

describe('relevanceTo', () => {
  it('lets meaning decide in a language that the embedder has learned', () => {
    const question = 'who tests what I know of probability?'
    expect(relevanceOf(question, { ...EXAM, cosine: 0.6 }, ['en'])).toBeGreaterThan(0.9)
    expect(relevanceOf(question, { ...EXAM, cosine: 0.1 }, ['en'])).toBeLessThan(0.1)
  })

  it('does not believe a high cosine in one that it has not', () => {
    const median = passage('La mediana es el valor del centro.', 'es', 0.55)
    expect(relevanceOf('¿Qué países forman el Mercosur?', median, ['en'])).toBeLessThan(RELEVANT)
    expect(relevanceOf('¿Qué valor es la mediana?', median, ['en'])).toBeGreaterThan(RELEVANT)
  })

  it('takes whatever has every word that was typed', () => {
    const water = passage('It splits water, and the oxygen comes from there.', 'en', 0.2)
    expect(relevanceOf('water', water, ['en'])).toBeGreaterThanOrEqual(RELEVANT)
    expect(relevanceOf('water oxygen', water, ['en'])).toBeGreaterThanOrEqual(RELEVANT)
    expect(relevanceOf('water in Peru', water, ['en'])).toBeLessThan(RELEVANT)
  })

  it('takes words alone where meaning was not compared', () => {
    const cell = passage('The mitochondria make energy for the cell.', 'en')
    expect(relevanceOf('what do mitochondria do in a cell?', cell, ['en'])).toBeGreaterThanOrEqual(RELEVANT)
    expect(
      relevanceOf('what do mitochondria do in a cell?', passage('The cell tower is tall.', 'en'), ['en']),
    ).toBeLessThan(RELEVANT)
  })
})

it.each([
  ['what did I say?', false],
  ['Was habe ich gesagt?', false],
  ['', false],
  ['what did I say about cells?', true],
])('%j asks for something: %s', (question, expected) => expect(asksForSomething(question)).toBe(expected))
