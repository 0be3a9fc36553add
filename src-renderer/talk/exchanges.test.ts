import { describe, expect, test } from 'vitest'
import type { Capture } from '../../src-core/contract/index.ts'
import { exchangesOf } from './exchanges.ts'
import { askAgain, failTurn, follow, newTurn, stopTurn } from './turn.ts'

const answered = { text: 'A sum.', ending: 'complete' } as Capture['answer']
const capture = (id: string, answer: Capture['answer'] = answered) =>
  ({ id, sessionId: 's', userText: id, source: 'text', createdAt: '2026-01-01T00:00:00Z', answer }) as Capture
const turn = newTurn({ key: 't1', sessionId: 's', text: 'c', source: 'text', audioSha256: null, askedAt: '' })
const shown = (...input: Parameters<typeof exchangesOf>) =>
  exchangesOf(...input).map(({ key, turn }) => (turn ? `${key}:${turn.phase}` : key))

describe('exchangesOf', () => {
  const list = [capture('b'), capture('a')]

  test('what was just sent stands last, before the core has answered', () => {
    expect(shown(list, turn, 's', new Map())).toEqual(['a', 'b', 't1:sent'])
    expect(shown([], { ...turn, sessionId: null }, undefined, new Map())).toEqual(['t1:sent'])
  })

  test('it keeps its name when its capture arrives, and afterwards', () => {
    const keys = new Map<string, string>()
    const stored = follow(turn, { type: 'started', capture: capture('c', null) })
    expect(shown(list, stored, 's', keys)).toEqual(['a', 'b', 't1:stored'])
    expect(shown([capture('c', null), ...list], stored, 's', keys)).toEqual(['a', 'b', 't1:stored'])
    const done = follow(stored, { type: 'done', capture: capture('c') })
    expect(shown([capture('c'), ...list], done, 's', keys)).toEqual(['a', 'b', 't1'])
    expect(shown([capture('c'), ...list], null, 's', keys)).toEqual(['a', 'b', 't1'])
  })

  test('asking again shows in the place of the capture', () => {
    const again = askAgain('t2', capture('a'))
    expect(shown(list, again, 's', new Map())).toEqual(['t2:stored', 'b'])
    expect(shown(list, failTurn(again, {} as never), 's', new Map())).toEqual(['t2:failed', 'b'])
  })

  test('a stopped answer gives way once the kept part is stored', () => {
    const stopped = stopTurn(follow(turn, { type: 'started', capture: capture('c', null) }))
    expect(shown([capture('c', null)], stopped, 's', new Map())).toEqual(['t1:stopped'])
    expect(shown([capture('c')], stopped, 's', new Map())).toEqual(['t1'])
  })

  test('a turn of another session is not shown, and a deleted one does not come back', () => {
    expect(shown(list, turn, 'other', new Map())).toEqual(['a', 'b'])
    const done = follow(turn, { type: 'done', capture: capture('c') })
    expect(shown(list, done, 's', new Map())).toEqual(['a', 'b'])
    expect(shown([], done, 's', new Map())).toEqual([])
    expect(shown(undefined, done, 's', new Map())).toEqual(['t1'])
  })
})
