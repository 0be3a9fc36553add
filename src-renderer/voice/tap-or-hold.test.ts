import { expect, test } from 'vitest'
import { TapOrHold } from './tap-or-hold.ts'

function setUp(tap: 'toggle' | 'ignore') {
  const calls: string[] = []
  let on = false
  let time = 0
  const key = new TapOrHold({
    talk: {
      isOn: () => on,
      on: () => {
        on = true
        calls.push('on')
      },
      off: () => {
        on = false
        calls.push('off')
      },
      discard: () => {
        on = false
        calls.push('discard')
      },
    },
    now: () => time,
    tap,
  })
  const press = (ms: number) => {
    key.down()
    time += ms
    key.up()
  }
  return { key, calls, press, endByItself: () => (on = false) }
}

test('holding talks until the key is let go', () => {
  const { press, calls } = setUp('toggle')
  press(900)
  expect(calls).toEqual(['on', 'off'])
})

test('one tap begins, the next ends', () => {
  const { press, calls } = setUp('toggle')
  press(80)
  expect(calls).toEqual(['on'])
  press(80)
  expect(calls).toEqual(['on', 'off'])
})

test('a key touched by chance records nothing', () => {
  const { press, calls } = setUp('ignore')
  press(80)
  expect(calls).toEqual(['on', 'discard'])
})

test('a held key that repeats, or a recording that ended by itself, does nothing more', () => {
  const { key, calls, press, endByItself } = setUp('toggle')
  key.down()
  key.down()
  endByItself()
  key.up()
  expect(calls).toEqual(['on'])
  press(900)
  expect(calls).toEqual(['on', 'on', 'off'])
})
