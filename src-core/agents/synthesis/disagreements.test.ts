import { describe, expect, it } from 'vitest'
import { disagreementsAmong } from './disagreements.ts'

const between = (one: string, other: string) =>
  disagreementsAmong([
    { number: 1, text: one },
    { number: 4, text: other },
  ]).map(({ by, one: first, other: second }) => [by, first.number, first.text, second.number, second.text])

describe('where places disagree', () => {
  it.each([
    ['a year', 'Lord Rayleigh explained the blue sky in 1871.', 'Rayleigh explained the blue sky in 1905.'],
    ['an amount', 'A cell makes 38 molecules of ATP from glucose.', 'From glucose a cell makes 30 molecules of ATP.'],
    ['German', 'Der Test hat 40 Aufgaben über Zellen.', 'Der Test über Zellen hat 45 Aufgaben.'],
    ['Spanish', 'El examen tiene 40 preguntas sobre células.', 'El examen sobre células tiene 45 preguntas.'],
  ])('tells figures that differ: %s', (_, one, other) => {
    expect(between(one, other)).toEqual([['figures', 1, one, 4, other]])
  })

  it.each([
    ['English', 'Viruses are living organisms.', 'Viruses are not living organisms.'],
    ['German', 'Viren sind lebende Organismen.', 'Viren sind keine lebenden Organismen.'],
    ['Spanish', 'Los virus son organismos vivos.', 'Los virus no son organismos vivos.'],
  ])('tells what one says and the other denies: %s', (_, one, other) => {
    expect(between(one, other).map(([by]) => by)).toEqual(['denial'])
  })

  it.each([
    ['the same figure', 'Rayleigh explained the blue sky in 1871.', 'In 1871 Rayleigh explained the blue sky.'],
    ['a figure more', 'Rayleigh explained the blue sky in 1871.', 'In 1871, aged 28, Rayleigh explained the blue sky.'],
    ['another thing', 'The exam has 40 questions.', 'The course takes 12 weeks in spring.'],
    ['a question', 'Viruses are living organisms.', 'Are viruses not living organisms?'],
    ['both deny', 'Viruses are not living organisms.', 'Viruses never were living organisms.'],
  ])('keeps still about %s', (_, one, other) => {
    expect(between(one, other)).toEqual([])
  })

  it('looks at the sentences of long places, and tells a pair of places once', () => {
    const first = 'It was a long day. The exam has 40 questions about cells. The exam has 3 parts about cells.'
    expect(between(first, 'I heard that the exam has 45 questions about cells.')).toHaveLength(1)
  })
})
