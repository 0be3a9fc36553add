import type { CommandLine } from './command-line.ts'

/** What `boot.ts` found out before the app's first line; the parts of the double read it. */
export interface Launch {
  appPath: string
  /** The app's package.json. */
  manifest: { name?: string; productName?: string; version?: string; main?: string }
  line: CommandLine
}

let present: Launch | undefined

export function setLaunch(launch: Launch): void {
  present = launch
}

export function launch(): Launch {
  if (!present) throw new Error('the Electron double was imported without its boot.ts')
  return present
}
