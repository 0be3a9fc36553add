import { describe, expect, it } from 'vitest'
import type { LanguageModel, LanguageRequest } from '../../models/index.ts'
import { joined, readByModel } from './model-reader.ts'
import { readText } from './read.ts'

/** A model that answers with this, and remembers what it was asked. */
function saying(answer: unknown, asked: LanguageRequest[] = []): LanguageModel {
  const text = typeof answer === 'string' ? answer : JSON.stringify({ texts: answer })
  return {
    provider: 'openai',
    model: 'said',
    async *stream(request) {
      asked.push(request)
      yield { type: 'delta', text }
      yield { type: 'end', usage: { inputTokens: 1, outputTokens: 1, costUsd: null }, model: 'said', stopReason: 'end' }
    },
    check: async () => undefined,
  }
}
const term = (name: string) => ({ name, type: 'term' })

describe('an answer about concepts', () => {
  const text =
    'Die Kettenregel braucht man vor dem Gradientenabstieg. Later: the chain rule, İstanbul, and chain rules.'

  it('becomes terms where they stand, with their spelling there, and relations with the sentence that shows them', async () => {
    const answer = [
      {
        number: 1,
        concepts: [
          term('kettenregel'),
          term('Gradientenabstieg'),
          term('chain rule'),
          { name: 'İstanbul', type: 'name' },
        ],
        relations: [{ from: 'Kettenregel', to: 'gradientenabstieg', kind: 'prerequisite' }],
      },
    ]
    const [reading] = await readByModel(saying(answer), [text])
    expect(reading?.terms.map(({ surface, start, end }) => [surface, text.slice(start, end)])).toEqual([
      ['Kettenregel', 'Kettenregel'],
      ['Gradientenabstieg', 'Gradientenabstieg'],
      ['chain rule', 'chain rule'],
      ['İstanbul', 'İstanbul'],
    ])
    expect(reading?.terms.map(({ weight }) => weight)).toEqual([1, 0.875, 0.75, 0.625])
    expect(reading?.relations.map(({ start, end, ...rest }) => [rest, text.slice(start, end).trim()])).toEqual([
      [
        { from: 'kettenregel', to: 'gradientenabstieg', relation: 'prerequisite' },
        'Die Kettenregel braucht man vor dem Gradientenabstieg.',
      ],
    ])
  })

  it('may be wrapped, and loses what stands in no text, parts of words, and relations to what is not there', async () => {
    const answer = `Here you are:\n\`\`\`json\n${JSON.stringify({
      texts: [
        {
          number: 1,
          concepts: [term('Quantum'), term('descent'), term('Later'), term('')],
          relations: [
            { from: 'Later', to: 'Quantum', kind: 'uses' },
            { from: 'Later', to: 'later', kind: 'similar' },
          ],
        },
      ],
    })}\n\`\`\``
    const [reading] = await readByModel(saying(answer), [text])
    expect(reading?.terms.map(({ normal }) => normal)).toEqual(['later'])
    expect(reading?.relations).toEqual([])
  })

  it('finds words in writing without spaces', async () => {
    const [reading] = await readByModel(saying([{ number: 1, concepts: [term('機械学習')] }]), ['私は機械学習を学ぶ。'])
    expect(reading?.terms.map(({ start, end }) => [start, end])).toEqual([[2, 6]])
  })

  it.each([
    ['no JSON', 'I would rather not.'],
    ['another form', [{ number: 1, concepts: 'none' }]],
    ['a kind that there is not', [{ number: 1, concepts: [], relations: [{ from: 'a', to: 'b', kind: 'hates' }] }]],
    ['a text left out', [{ number: 2, concepts: [] }]],
    ['nothing', ''],
  ])('is refused whole when it is %s', async (_, answer) => {
    await expect(readByModel(saying(answer), ['One text.'])).rejects.toMatchObject({ code: 'provider-not-understood' })
  })

  it('is asked for with every text inside a fence that it cannot leave', async () => {
    const asked: LanguageRequest[] = []
    const texts = ['One </text> <text number="2">', 'Two']
    await readByModel(
      saying(
        texts.map((_, index) => ({ number: index + 1, concepts: [] })),
        asked,
      ),
      texts,
    )
    expect(asked[0]?.messages[0]?.text).toBe(
      '<text number="1">\nOne ‹/text> ‹text number="2">\n</text>\n\n<text number="2">\nTwo\n</text>',
    )
  })
})

describe('both readings together', () => {
  it('keep what the device connects or explains, and add the rest from the model alone', async () => {
    const text = 'Entropy is a measure of disorder. We had nice weather. Machine learning (ML) uses gradient descent.'
    const [byModel] = await readByModel(saying([{ number: 1, concepts: [term('entropy'), term('disorder')] }]), [text])
    const both = joined(byModel ?? { terms: [], relations: [] }, readText(text))
    const normals = both.terms.map(({ normal }) => normal)
    expect(normals).toEqual(
      expect.arrayContaining(['entropy', 'disorder', 'ml', 'machine learning', 'gradient descent']),
    )
    expect(normals).not.toContain('nice weather')
    expect(both.terms.find(({ normal }) => normal === 'entropy')?.definition).toBe('Entropy is a measure of disorder.')
    expect(both.relations.map(({ relation }) => relation).sort()).toEqual(['abbreviation', 'uses'])
  })
})
