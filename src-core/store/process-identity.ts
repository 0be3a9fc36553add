import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * When a process was started, in words that stay the same while it runs: with its number it says for certain which process is meant, as
 * numbers are used again. On Linux clock ticks since boot and the boot's id (proc(5)), on macOS what `ps` prints.
 * @returns undefined when there is no such process, and where the system does not tell
 */
export function processStart(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStart(pid)
  if (process.platform === 'darwin') return macStart(pid)
  return undefined
}

/** False when no process of this number runs on this machine. */
export function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch (error) {
    // Somebody else's process may not be signalled, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  // One that has ended and whose parent has not asked how, holds nothing any more.
  return process.platform !== 'linux' || linuxStat(pid)?.state !== 'Z'
}

function linuxStart(pid: number): string | undefined {
  const ticks = linuxStat(pid)?.startTicks
  return ticks && `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}/${ticks}`
}

/** Fields 3 and 22 of /proc/PID/stat. */
function linuxStat(pid: number): { state: string | undefined; startTicks: string | undefined } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The second field is the program's name in brackets, which may hold spaces and brackets; the third follows it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0], startTicks: fields[22 - 3] }
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

function macStart(pid: number): string | undefined {
  try {
    const printed = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C', TZ: 'UTC', PATH: '/bin:/usr/bin' },
    })
    return printed.trim() || undefined
  } catch (error) {
    // ps ends with 1 when there is no such process.
    if (isAbsent(error) || (error as { status?: number }).status === 1) return undefined
    throw error
  }
}

function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES'
}
