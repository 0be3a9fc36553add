import { describe, expect, it } from 'vitest'
import type { DeskReport } from '../../src-core/contract/index.ts'
import { together, trayState } from './tray-state.ts'

const quiet: DeskReport = {
  language: 'en',
  listening: false,
  handsFree: false,
  recording: 'off',
  timeline: 'off',
  syncing: false,
  problem: false,
}

describe('the state of the tray', () => {
  it.each([
    ['idle', {}],
    ['syncing', { syncing: true }],
    ['problem', { syncing: true, problem: true }],
    ['listening', { problem: true, listening: true }],
    ['listening', { handsFree: true }],
    ['recording', { listening: true, recording: 'on' }],
    ['recording', { timeline: 'on' }],
    ['idle', { recording: 'paused', timeline: 'paused' }],
  ] as const)('is %s for %j', (state, some) => expect(trayState({ ...quiet, ...some }, 'ready')).toBe(state))

  it('is a problem where the core has failed, and idle before a page has told', () => {
    expect(trayState(quiet, 'failed')).toBe('problem')
    expect(trayState(null, 'starting')).toBe('idle')
  })

  it('is that of all pages', () => {
    expect(together([])).toBeNull()
    expect(
      together([
        { ...quiet, language: 'de', timeline: 'paused' },
        { ...quiet, listening: true, timeline: 'on', recording: 'paused' },
        { ...quiet, problem: true, timeline: 'off' },
      ]),
    ).toEqual({ ...quiet, language: 'de', listening: true, timeline: 'on', recording: 'paused', problem: true })
  })
})
