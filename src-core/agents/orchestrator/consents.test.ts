import { beforeEach, describe, expect, it } from 'vitest'
import { idMaker, ManualClock, seededRandom } from '../../kernel/index.ts'
import type { TurnEvent } from '../types.ts'
import { type Consents, createConsents } from './consents.ts'

const LEAVING = { to: 'en.wikipedia.org', sends: 'photosynthesis light reactions' }

describe('asking the learner before something leaves', () => {
  let clock: ManualClock
  let consents: Consents
  let events: Extract<TurnEvent, { type: 'consent' }>[]

  beforeEach(() => {
    clock = new ManualClock()
    consents = createConsents({ clock, newId: idMaker(clock, seededRandom(1)), patienceMs: 30_000 })
    events = []
  })

  const ask = (signal = new AbortController().signal) =>
    consents.ask('research', LEAVING, (event) => event.type === 'consent' && events.push(event), signal)

  it.each(['once', 'always', 'no'] as const)('shows exactly what goes to whom, and takes "%s"', async (decision) => {
    const asked = ask()
    const [event] = events
    expect(event).toMatchObject({ agent: 'research', state: 'open', ...LEAVING })
    expect(consents.answer(event?.id ?? '', decision)).toBe(true)
    expect(await asked).toBe(decision)
    expect(events.map(({ state }) => state)).toEqual(['open', decision])
    expect(clock.sleeping).toBe(0)
  })

  it('takes silence for no, and an answer after that for nothing', async () => {
    const asked = ask()
    clock.advance(30_000)
    expect(await asked).toBe('late')
    expect(consents.answer(events[0]?.id ?? '', 'once')).toBe(false)
    expect(events.map(({ state }) => state)).toEqual(['open', 'late'])
  })

  it('closes with the turn', async () => {
    const stop = new AbortController()
    const asked = ask(stop.signal)
    stop.abort()
    expect(await asked).toBe('late')
    expect(await ask(AbortSignal.abort())).toBe('late')
    expect(events).toHaveLength(2)
  })

  it('keeps questions apart', async () => {
    const [first, second] = [ask(), ask()]
    consents.answer(events[1]?.id ?? '', 'once')
    consents.answer(events[0]?.id ?? '', 'no')
    expect(await Promise.all([first, second])).toEqual(['no', 'once'])
  })
})
