import { expect, it } from 'vitest'
import { asksByPortal } from './wayland.ts'

it.each([
  ['linux', { XDG_SESSION_TYPE: 'wayland', WAYLAND_DISPLAY: 'wayland-0' }, true],
  ['linux', { XDG_SESSION_TYPE: 'wayland' }, false],
  ['linux', { XDG_SESSION_TYPE: 'x11', WAYLAND_DISPLAY: 'wayland-0' }, false],
  ['linux', {}, false],
  ['darwin', { XDG_SESSION_TYPE: 'wayland', WAYLAND_DISPLAY: 'wayland-0' }, false],
] as const)('%s %j: %s', (platform, environment, is) => expect(asksByPortal(platform, environment)).toBe(is))
