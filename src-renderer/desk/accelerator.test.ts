import { describe, expect, it } from 'vitest'
import { type PressedKeys, pressedKeys, printedKeys } from './accelerator.ts'

const press = (code: string, key: string, held = ''): PressedKeys => ({
  code,
  key,
  ctrlKey: held.includes('c'),
  metaKey: held.includes('m'),
  altKey: held.includes('a'),
  shiftKey: held.includes('s'),
})

describe('keys that are pressed', () => {
  it.each([
    [press('Space', ' ', 'cs'), false, 'CommandOrControl+Shift+Space'],
    [press('F9', 'F9'), false, 'F9'],
    [press('F12', 'F12', 'ms'), false, 'Super+Shift+F12'],
    [press('KeyQ', 'Q', 'as'), false, 'Alt+Shift+Q'],
    // A French keyboard has A where others have Q.
    [press('KeyQ', 'a', 'c'), false, 'CommandOrControl+A'],
    // Cyrillic letters are no keys for Electron; their place is.
    [press('KeyS', 'ы', 'c'), false, 'CommandOrControl+S'],
    [press('Digit2', '"', 'cs'), false, 'CommandOrControl+Shift+2'],
    [press('ArrowUp', 'ArrowUp', 'c'), false, 'CommandOrControl+Up'],
    [press('KeyK', 'k', 'm'), true, 'CommandOrControl+K'],
    [press('KeyK', 'k', 'cm'), true, 'CommandOrControl+Control+K'],
    [press('KeyK', '˚', 'ca'), true, 'Control+Alt+K'],
  ])('%j on a Mac: %s', (event, isMac, keys) => expect(pressedKeys(event, isMac)).toEqual({ keys }))

  it.each([
    [press('KeyA', 'a')],
    [press('KeyA', 'A', 's')],
    [press('Space', ' ')],
    [press('KeyQ', '@', 'ca')],
    [press('Slash', '/', 'c')],
    [press('Enter', 'Enter', 'c')],
  ])('%j would be taken from every program, or is no key', (event) =>
    expect(pressedKeys(event, false)).toBe('unsuitable'),
  )

  it.each([
    press('ControlLeft', 'Control', 'c'),
    press('ShiftLeft', 'Shift', 's'),
    press('AltRight', 'AltGraph', 'ca'),
  ])('%j waits for its key', (event) => expect(pressedKeys(event, false)).toBe('unfinished'))

  it('are shown as they are printed', () => {
    expect(printedKeys('CommandOrControl+Shift+Space', false)).toEqual(['Ctrl', 'Shift', 'Space'])
    expect(printedKeys('CommandOrControl+Control+K', true)).toEqual(['⌘', '⌃', 'K'])
    expect(printedKeys('', false)).toEqual([])
  })
})
