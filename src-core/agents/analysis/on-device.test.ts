import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readText } from '../../memory/index.ts'
import type { Analysis } from '../../vault/index.ts'
import { analysedOnDevice } from './on-device.ts'

interface Labelled {
  text: string
  heldOut: boolean
  intent: Analysis['intent']
  sentiment: Analysis['sentiment']
  difficulty?: Analysis['difficulty']
  /** Left out where the learner says nothing that they do not know yet. */
  openQuestion?: true
}

const SET = resolve(import.meta.dirname, '../../../test/sets/analysis.jsonl')
const heldOut = readFileSync(SET, 'utf8')
  .trim()
  .split('\n')
  .map((line): Labelled => JSON.parse(line))
  .filter((row) => row.heldOut)

const analysed = (text: string) => analysedOnDevice(text, readText(text))

function rightOf<Row extends Labelled>(
  rows: readonly Row[],
  isRight: (analysis: Analysis, row: Row) => boolean,
): number {
  return rows.filter((row) => isRight(analysed(row.text), row)).length / rows.length
}

describe('what the device reads in what was said', () => {
  it('is right about held-out turns in English, German and Spanish', () => {
    expect(heldOut.length).toBeGreaterThan(90)
    expect(rightOf(heldOut, ({ intent }, row) => intent === row.intent)).toBeGreaterThanOrEqual(0.95)
    expect(rightOf(heldOut, ({ sentiment }, row) => sentiment === row.sentiment)).toBeGreaterThanOrEqual(0.9)
    const graded = heldOut.filter(({ difficulty }) => difficulty !== undefined)
    expect(rightOf(graded, ({ difficulty }, row) => difficulty === row.difficulty)).toBeGreaterThanOrEqual(0.9)
    const isOpen = ({ openQuestions }: Analysis, row: Labelled) =>
      openQuestions.length > 0 === (row.openQuestion ?? false)
    expect(rightOf(heldOut, isOpen)).toBeGreaterThanOrEqual(0.97)
  })

  it('takes whole words, unlike the first version', () => {
    const intents = ['Howdy', 'authentication flow', 'I sang a lullabye', 'whatever works'].map(
      (text) => analysed(text).intent,
    )
    expect(intents).toEqual(['statement', 'statement', 'statement', 'statement'])
  })

  it('names who, where, when and how much', () => {
    const text =
      'Marie Curie moved to Paris in 1891 and won 120,000 € on 3 November 2026; see https://example.org/a?b=1. About 45 % of it went.'
    const { entities } = analysed(text)
    expect(entities).toEqual([
      { kind: 'person', text: 'Marie Curie' },
      { kind: 'place', text: 'Paris' },
      { kind: 'date', text: '1891' },
      { kind: 'money', text: '120,000 €' },
      { kind: 'date', text: '3 November 2026' },
      { kind: 'link', text: 'https://example.org/a?b=1' },
      { kind: 'number', text: '45 %' },
    ])
  })

  it('names concepts and keywords, the weightiest first, and what is not known yet word for word', () => {
    const { concepts, keywords, openQuestions } = analysed(
      'Gradient descent follows the gradient of the loss. I still do not understand why gradient descent finds a minimum. What is a saddle point?',
    )
    expect(concepts[0]?.toLowerCase()).toBe('gradient descent')
    expect(keywords.slice(0, 2).map((word) => word.toLowerCase())).toEqual(['gradient', 'descent'])
    expect(openQuestions).toEqual(['I still do not understand why gradient descent finds a minimum.'])
  })

  it.each(['', '   ', '😀', '?', '\u0000', 'a'.repeat(4_000), '((((', '🇩🇪 12'])(
    'is at a loss for nothing: %j',
    (text) => {
      expect(analysed(text)).toMatchObject({ by: 'device', sentiment: 'neutral', difficulty: null, openQuestions: [] })
    },
  )

  it.each([
    'i '.repeat(2_000),
    `what is ${'a '.repeat(1_990)}`,
    '1'.repeat(4_000),
    '1,'.repeat(2_000),
    '((1+'.repeat(1_000),
  ])('comes to an end with words that were made to be slow (%#)', (text) => {
    expect(analysedOnDevice(text, { terms: [], relations: [] })).toMatchObject({ by: 'device', openQuestions: [] })
  })
})
