import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawStatements } from './rules.ts'

interface Labelled {
  language: string
  heldOut: boolean
  text: string
  statements: { kind: string; text: string }[]
}

const SET = readFileSync(fileURLToPath(new URL('../../../test/sets/learner-statements.jsonl', import.meta.url)), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Labelled)

/** A statement counts as right when it is what the label says, of that kind, word for word. */
function judge(sentences: readonly Labelled[]) {
  let [right, drawn, wanted] = [0, 0, 0]
  const wrong: string[] = []
  const missed: string[] = []
  for (const { text, statements } of sentences) {
    const found = drawStatements(text)
    const isRight = (each: { kind: string; text: string }) =>
      statements.some((label) => label.kind === each.kind && label.text === each.text)
    right += found.filter(isRight).length
    drawn += found.length
    wanted += statements.length
    wrong.push(...found.filter((each) => !isRight(each)).map((each) => `${each.kind}: ${each.text} | ${text}`))
    const isFound = (label: { kind: string; text: string }) =>
      found.some((each) => each.kind === label.kind && each.text === label.text)
    missed.push(...statements.filter((label) => !isFound(label)).map(({ text: words }) => words))
  }
  return { precision: right / drawn, recall: right / wanted, wrong, missed }
}

describe('statements about the learner', () => {
  for (const [name, sentences] of [
    ['the sentences for choosing', SET.filter(({ heldOut }) => !heldOut)],
    ['the held-out sentences', SET.filter(({ heldOut }) => heldOut)],
  ] as const) {
    it(`are right at least nine times in ten on ${name}`, () => {
      expect(sentences.length).toBeGreaterThan(80)
      const { precision, recall, wrong, missed } = judge(sentences)
      console.info(`${name}: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}`)
      if (process.env.LVA_SHOW) console.info({ wrong, missed })
      expect(precision).toBeGreaterThanOrEqual(0.9)
      expect(recall).toBeGreaterThanOrEqual(0.8)
    })
  }

  it('are spans of the text, word for word and apart, whatever the text is', () => {
    const piece = fc.constantFrom(
      'I prefer ',
      'ich wohne in ',
      'vivo en ',
      'my goal is to ',
      '"',
      "'",
      '`',
      '> ',
      '. ',
      ', ',
      '\n',
      '?',
      '😀',
      'tea',
      'ß’s ',
    )
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 40 }),
        (pieces) => {
          const text = pieces.join('')
          const drawn = drawStatements(text)
          let last = 0
          for (const { text: statement, start, end } of drawn) {
            expect(text.slice(start, end)).toBe(statement)
            expect(start).toBeGreaterThanOrEqual(last)
            last = end
          }
        },
      ),
      { seed: 4, numRuns: 300 },
    )
  })

  it('keep the language of the learner and say what they are about, where only one can be true', () => {
    expect(drawStatements('I’m Ada. I live in Bonn, can you help? My favourite composer is Bach.')).toMatchObject([
      { text: 'I live in Bonn', about: 'home' },
      { text: 'My favourite composer is Bach', about: 'favourite:composer' },
    ])
  })

  it('are not looked for beyond a page, and not more than five', () => {
    expect(drawStatements(`${'x '.repeat(3_000)}. I live in Bonn.`)).toEqual([])
    expect(drawStatements('I prefer tea. '.repeat(20))).toHaveLength(5)
  })
})
