import { expect, it } from 'vitest'
import { asksByPortal, letKeysComeByPortal } from './wayland.ts'

it.each([
  ['linux', { XDG_SESSION_TYPE: 'wayland', WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['linux', { XDG_SESSION_TYPE: 'wayland' }, false],
  ['linux', { XDG_SESSION_TYPE: 'x11', WAYLAND_DISPLAY: 'wayland-0' }, false],
  ['linux', {}, false],
  ['darwin', { XDG_SESSION_TYPE: 'wayland', WAYLAND_DISPLAY: 'wayland-0' }, false],
] as const)('%s %j: %s', (platform, environment, is) => expect(asksByPortal(platform, environment)).toBe(is))

it('keys by the portal are switched on beside other features', () => {
  const switches = new Map<string, string>()
  const line = {
    getSwitchValue: (name: string) => switches.get(name) ?? '',
    appendSwitch: (name: string, value = '') => void switches.set(name, value),
  }
  letKeysComeByPortal(line)
  expect(switches.get('enable-features')).toBe('GlobalShortcutsPortal')
  switches.set('enable-features', 'Others')
  letKeysComeByPortal(line)
  expect(switches.get('enable-features')).toBe('Others,GlobalShortcutsPortal')
})
