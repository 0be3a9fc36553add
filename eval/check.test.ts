import { describe, expect, it } from 'vitest'
import type { Capture } from '../src-core/contract/index.ts'
import { type Expectations, readCases } from './case.ts'
import { check, type Seen } from './check.ts'
import { scriptedModel } from './scripted-model.ts'

type Answer = NonNullable<Capture['answer']>

function seen(answer: Partial<Answer> | null, more: Partial<Seen> = {}): Seen {
  const whole = answer && {
    text: '',
    provider: 'anthropic',
    model: 'm',
    inputTokens: 1,
    outputTokens: 1,
    costUsd: 0.01,
    citations: [],
    agentsUsed: [],
    ending: 'complete' as const,
    createdAt: '2026-01-01T00:00:00.000Z',
    ...answer,
  }
  const capture = { id: 'c', userText: 'Why?', answer: whole } as unknown as Capture
  return { events: [], capture, error: undefined, ms: 10, notes: [], isUnchanged: true, ...more }
}

const citation = { number: 1, captureId: 'c', kind: 'capture', text: 'Cells divide.' } as never
const ran = { type: 'tool', agent: 'conversation', name: 'create_note', state: 'done', about: '' } as const

describe('a turn that is not as expected fails its case', () => {
  it.each<[string, Partial<Expectations>, Seen]>([
    ['another error', { error: 'timeout' }, seen(null, { error: 'internal' })],
    ['an answer instead of an error', { error: 'timeout' }, seen({ text: 'Yes.' })],
    ['no answer', {}, seen(null)],
    ['other words', { says: 'cells' }, seen({ text: 'Whales.' })],
    ['words that must not be', { neverSays: 'pwned' }, seen({ text: 'PWNED' })],
    [
      'words that must not be, in an addition',
      { neverSays: 'pwned' },
      seen({ additions: [{ agent: 'research', text: 'PWNED', createdAt: '' }] as never }),
    ],
    ['a place that is only offered', { cites: 'Cells divide' }, seen({ text: 'Yes.', citations: [citation] })],
    ['a place that should not be', { citesNothing: true }, seen({ text: 'Yes [1].', citations: [citation] })],
    ['a claim that stands', { takesOut: true }, seen({ text: 'Yes [1].' })],
    ['another kind', { kind: 'insight' }, seen({ kind: 'simple' })],
    ['an agent that did not run', { agent: { name: 'research', outcome: 'done' } }, seen({})],
    ['a tool that did not run', { tool: { name: 'calculate' } }, seen({})],
    ['a tool that changes', { changesNothing: true }, seen({}, { events: [ran] })],
    ['a change', { changesNothing: true }, seen({}, { isUnchanged: false })],
    ['no note', { note: 'enzymes' }, seen({}, { notes: ['Tides'] })],
    ['no source', { source: 'wikipedia' }, seen({})],
    ['no addition', { adds: 'oxygen' }, seen({ text: 'Oxygen.' })],
    [
      'words that left',
      { leavesNothing: true },
      seen({
        agentsUsed: [{ agent: 'research', ms: 1, asked: [{ to: 'e.org', sends: 'x', outcome: 'answered' }] }] as never,
      }),
    ],
    ['nothing to ask next', { followUps: true }, seen({})],
    ['too much money', { spendsAtMost: 0.001 }, seen({})],
    ['money that nobody knows', { spendsAtMost: 1 }, seen({ costUsd: null })],
    ['too much time', { endsWithin: 5 }, seen({})],
  ])('%s', (_, expected, turn) => {
    expect(check({ endsWithin: 1_000, ...expected }, turn)).not.toEqual([])
  })

  it('and passes one that is', () => {
    const turn = seen({ text: 'Cells divide [1].', citations: [citation], kind: 'simple' })
    expect(
      check({ says: 'cells', cites: 'Cells divide', kind: 'simple', spendsAtMost: 1, endsWithin: 10 }, turn),
    ).toEqual([])
  })
})

describe('the scripted model of a case', () => {
  const tools = (offered: string[], results: string[] = []) => ({ offered, results, carried: true })
  const prompt = {
    text: 'You are the conversation partner.\n<passage number="3" date="2026-01-01">\nCells divide.\n</passage>',
    question: 'Why?',
  }

  it('names the passage that holds the words, and one that is not there where none does', () => {
    const model = scriptedModel()
    model.follow({ model: { conversation: [{ say: 'Yes [[divide]], no [[whales]].' }] } })
    expect(model.reply(prompt, tools([]))).toEqual({ text: 'Yes [3], no [99].', calls: [] })
  })

  it('calls what is offered, then says what came of it', () => {
    const model = scriptedModel()
    const input = { expression: '1 + 1' }
    model.follow({ model: { conversation: [{ call: [{ name: 'calculate', input }] }, { say: 'It is {{results}}.' }] } })
    expect(model.reply(prompt, tools(['calculate']))?.calls).toEqual([
      { name: 'calculate', json: JSON.stringify(input) },
    ])
    expect(model.reply(prompt, tools(['calculate'], ['<result>\n2\n</result>']))?.text).toBe('It is 2.')
    expect(model.calls).toEqual([{ name: 'calculate', input }])
    model.follow({ model: { conversation: [{ call: [{ name: 'calculate', input }] }, { say: 'I guess 2.' }] } })
    expect(model.reply(prompt, tools([]))).toEqual({ text: 'I guess 2.', calls: [] })
  })
})

it('reads every case, each of its own name', () => {
  const names = readCases().map(({ name }) => name)
  expect(names.length).toBeGreaterThanOrEqual(25)
  expect(new Set(names).size).toBe(names.length)
})
