import { beforeEach, describe, expect, it } from 'vitest'
import { USUAL_KEYS } from '../../src-core/contract/index.ts'
import { GlobalKeys } from './global-keys.ts'

let registered: Map<string, () => void>
let foreign: Set<string>
let suspended: boolean
let pressed: string[]
let keys: GlobalKeys

beforeEach(() => {
  registered = new Map()
  foreign = new Set()
  suspended = false
  pressed = []
  keys = new GlobalKeys(
    {
      register(accelerator, run) {
        if (accelerator.includes('?')) throw new TypeError('conversion failure')
        // As Electron says: registrations fail while suspended.
        if (suspended || foreign.has(accelerator) || registered.has(accelerator)) return false
        registered.set(accelerator, run)
        return true
      },
      unregister: (accelerator) => void registered.delete(accelerator),
      setSuspended: (on) => {
        suspended = on
      },
    },
    (name) => pressed.push(name),
  )
})

describe('keys that work everywhere', () => {
  it('are taken also where they rest because new ones were pressed', () => {
    keys.take(USUAL_KEYS)
    keys.rest(true)
    keys.take({ ...USUAL_KEYS, talk: 'Alt+T' })
    expect(keys.state.talk).toEqual({ keys: 'Alt+T', isRefused: false })
    expect([...registered.keys()]).toContain('Alt+T')
    expect(suspended).toBe(false)
  })

  it('go on resting while other things of the desktop are changed', () => {
    foreign.add(USUAL_KEYS.quick)
    const wanted = { ...USUAL_KEYS, screen: '' }
    keys.take(wanted)
    keys.rest(true)
    keys.take(wanted)
    expect(suspended).toBe(true)
  })

  it('run what they are for, and are let go', () => {
    keys.take(USUAL_KEYS)
    registered.get(USUAL_KEYS.talk)?.()
    registered.get(USUAL_KEYS.quick)?.()
    expect(pressed).toEqual(['talk', 'quick'])
    keys.letGo()
    expect(registered.size).toBe(0)
  })

  it('that another program has are said, and the others work', () => {
    foreign.add(USUAL_KEYS.quick)
    keys.take(USUAL_KEYS)
    expect(keys.state.quick).toEqual({ keys: USUAL_KEYS.quick, isRefused: true })
    expect(keys.state.talk).toEqual({ keys: USUAL_KEYS.talk, isRefused: false })
    foreign.clear()
    keys.take(USUAL_KEYS)
    expect(keys.state.quick.isRefused).toBe(false)
  })

  it('change places, and none is not refused', () => {
    keys.take(USUAL_KEYS)
    keys.take({ ...USUAL_KEYS, quick: USUAL_KEYS.talk, talk: USUAL_KEYS.quick, screen: '' })
    registered.get(USUAL_KEYS.talk)?.()
    expect(pressed).toEqual(['quick'])
    expect([...registered.keys()].sort()).toEqual([USUAL_KEYS.quick, USUAL_KEYS.talk, USUAL_KEYS.timeline].sort())
    expect(keys.state.screen).toEqual({ keys: '', isRefused: false })
  })

  it('that name no key are refused', () => {
    keys.take({ ...USUAL_KEYS, quick: 'Control+?!' })
    expect(keys.state.quick.isRefused).toBe(true)
    expect(registered.size).toBe(3)
  })

  it('rest', () => {
    keys.take(USUAL_KEYS)
    keys.rest(true)
    expect(suspended).toBe(true)
    keys.rest(false)
    expect(suspended).toBe(false)
  })
})
