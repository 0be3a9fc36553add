import { describe, expect, it } from 'vitest'
import { readText } from './read.ts'

const normals = (text: string) => readText(text).terms.map(({ normal }) => normal)
const relations = (text: string) =>
  readText(text).relations.map(({ from, relation, to }) => `${from} ${relation} ${to}`)

describe('reading what learners say', () => {
  it.each([
    [
      'Today I learned about gradient descent. The learning rate decides how far each step goes, and the loss function says where down is.',
      ['gradient descent', 'learning rate', 'loss function'],
    ],
    [
      "The mathematician Emmy Noether proved Noether's theorem about symmetry. Ohm's law connects voltage and current.",
      ['emmy noether', 'noether theorem', 'symmetry', 'ohm law', 'voltage'],
    ],
    [
      'Die Zellatmung findet in den Mitochondrien statt. Die Glykolyse ist der erste Schritt, danach kommt der Citratzyklus.',
      ['zellatmung', 'mitochondrien', 'glykolyse', 'citratzyklus'],
    ],
    [
      'La fotosíntesis es un proceso de las plantas. El ciclo de Calvin requiere dióxido de carbono y no necesita luz.',
      ['fotosíntesis', 'ciclo de calvin', 'dióxido de carbono', 'planta'],
    ],
  ])('finds the key phrases of "%s"', (text, wanted) => {
    for (const term of wanted) expect(normals(text)).toContain(term)
  })

  it.each([
    ['You need linear algebra before neural networks.', 'linear algebra prerequisite neural network'],
    ['Deep learning builds on neural networks.', 'neural network prerequisite deep learning'],
    ['Machine learning (ML) uses gradient descent.', 'ml uses gradient descent'],
    ['The hippocampus is part of the limbic system.', 'hippocampus part_of limbic system'],
    ['Die Integralrechnung baut auf der Ableitung auf.', 'ableitung prerequisite integralrechnung'],
    ['El ciclo de Calvin requiere dióxido de carbono.', 'dióxido de carbono prerequisite ciclo de calvin'],
  ])('finds what "%s" says', (text, relation) => {
    expect(relations(text)).toContain(relation)
  })

  it.each([
    ['Compare photosynthesis with respiration.', ['photosynthesis', 'respiration']],
    ['Please compare mitosis.', ['mitosis']],
    ['Sketch parabola graphs.', ['parabola graph']],
    ['The sketch shows a parabola graph.', ['sketch', 'parabola graph']],
    ['Vergleiche Photosynthese mit der Zellatmung.', ['photosynthese', 'zellatmung']],
    ['Der Vergleich der Photosynthese mit der Atmung.', ['vergleich', 'photosynthese', 'atmung']],
    ['Compara la fotosíntesis con la respiración.', ['fotosíntesis', 'respiración']],
  ])('takes what is to be done for no part of a name: "%s"', (text, wanted) => {
    expect(normals(text).toSorted()).toEqual(wanted.toSorted())
  })

  it('keeps words with a hyphen whole: the second half alone is another concept', () => {
    const found = normals(
      'Low-dose aspirin is given. High-speed flight needs the Navier-Stokes equations. The two-dimensional boundary-layer equations follow. Pressure-driven flow is slow.',
    )
    expect(found).toEqual(
      expect.arrayContaining([
        'low dose aspirin',
        'high speed flight',
        'navier stokes equation',
        'two dimensional boundary layer equation',
        'pressure driven flow',
      ]),
    )
    for (const half of ['dose aspirin', 'speed flight', 'stokes equation', 'layer equation', 'navier'])
      expect(found).not.toContain(half)
  })

  it('keeps the place and spelling of each term, the sentence of each relation and the explanation', () => {
    const text = 'Hello there.\nEntropy is a measure of disorder. ENTROPY grows. Entropy uses probability theory.'
    const { terms, relations: said } = readText(text)
    for (const { surface, start, end } of terms) expect(text.slice(start, end)).toBe(surface)
    const entropy = terms.find(({ normal }) => normal === 'entropy')
    expect(entropy).toMatchObject({ count: 3, weight: 1, definition: 'Entropy is a measure of disorder.' })
    expect(said.map(({ start, end }) => text.slice(start, end).trim())).toEqual(['Entropy uses probability theory.'])
  })

  it('tells names from terms, and takes nothing for a name where all is shouted', () => {
    const types = new Map(
      readText('We met Ada Lovelace and a Markov chain.').terms.map(({ surface, type }) => [surface, type]),
    )
    expect(types.get('Ada Lovelace')).toBe('name')
    expect(types.get('Markov chain')).toBe('term')
    expect(readText('THIS IS REALLY LOUD MUSIC TODAY.').terms.map(({ type }) => type)).not.toContain('name')
  })

  it.each([
    '',
    '   ',
    '\u0000',
    '🙂🙂',
    '((((((',
    `${'('.repeat(5_000)}A)`,
    'a'.repeat(20_000),
    '我学习机器学习。',
    '\ud800 broken',
    `${'word '.repeat(3_000)}`,
  ])('reads any string (%#)', (text) => {
    const { terms } = readText(text)
    for (const { surface, start, end } of terms) expect(text.slice(start, end)).toBe(surface)
  })
})
