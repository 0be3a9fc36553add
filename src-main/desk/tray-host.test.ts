import { expect, it, vi } from 'vitest'
import { runProgram, showsTrayIcons } from './tray-host.ts'

it('macOS and Windows always have a bar, and are not asked', async () => {
  const run = vi.fn()
  expect(await showsTrayIcons('darwin', run)).toBe(true)
  expect(await showsTrayIcons('win32', run)).toBe(true)
  expect(run).not.toHaveBeenCalled()
})

it.each([
  ['method return time=1.2 sender=org.freedesktop.DBus\n   boolean true\n', true],
  ['method return time=1.2 sender=org.freedesktop.DBus\n   boolean false\n', false],
  ['', false],
])('on Linux the bus tells: %j', async (answer, is) => {
  const run = vi.fn(async () => answer)
  expect(await showsTrayIcons('linux', run)).toBe(is)
  expect(run).toHaveBeenCalledWith('dbus-send', expect.arrayContaining(['string:org.kde.StatusNotifierWatcher']))
})

it('where nobody can be asked there is none', async () => {
  expect(await showsTrayIcons('linux', (_, parameters) => runProgram('lva-no-such-program', parameters))).toBe(false)
})
