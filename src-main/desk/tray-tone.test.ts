import { expect, it } from 'vitest'
import { trayTone } from './tray-tone.ts'

it.each([
  ['darwin', '', true, 'template'],
  ['linux', 'ubuntu:GNOME', false, 'dark'],
  ['linux', 'KDE', false, 'light'],
  ['linux', 'KDE', true, 'dark'],
  ['win32', '', false, 'light'],
  ['win32', '', true, 'dark'],
] as const)('%s %s %s: %s', (platform, desktop, isDark, tone) => expect(trayTone(platform, desktop, isDark)).toBe(tone))
