import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** Runs a program. @returns what it printed @throws where it is missing, fails, or takes too long */
export type RunProgram = (program: string, parameters: readonly string[]) => Promise<string>

const PATIENCE = 2_000

export const runProgram: RunProgram = async (program, parameters) =>
  (await promisify(execFile)(program, [...parameters], { timeout: PATIENCE, windowsHide: true })).stdout

/** Whoever shows icons of programs on Linux has this name on the session's bus (freedesktop.org StatusNotifierItem). */
const WATCHER = 'org.kde.StatusNotifierWatcher'

/**
 * Whether there is a bar that shows icons of programs. Electron does not tell: under GNOME without an extension an icon is made and never seen.
 * Where nobody can be asked it is taken that there is none, since a window that is hidden could not be brought back.
 */
export async function showsTrayIcons(platform: NodeJS.Platform, run: RunProgram = runProgram): Promise<boolean> {
  if (platform !== 'linux') return true
  const bus = ['--session', '--print-reply', '--dest=org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner']
  try {
    return /\bboolean true\b/.test(await run('dbus-send', [...bus, `string:${WATCHER}`]))
  } catch {
    return false
  }
}
