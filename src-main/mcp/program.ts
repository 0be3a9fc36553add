import { spawnSync } from 'node:child_process'

/** What the core tells a keeper, once. */
export interface ProgramToKeep {
  command: string
  arguments: readonly string[]
  /** All of its environment. */
  environment: Record<string, string>
  folder: string
}

/** What a keeper tells the core, once, when the program runs. */
export interface ProgramStarted {
  pid: number
}

/** A keeper whose program could not be started ends with this code, as shells do. */
export const NOT_STARTED = 127

/** Ends a program and all that it started, which are one group. Nothing happens where none of them runs any more. */
export function endGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'])
    return
  }
  try {
    process.kill(-pid, signal)
  } catch {
    // Nobody of the group is left.
  }
}
