import { readFileSync } from 'node:fs'

/** What Linux says of a process (proc(5)). */

const TICKS_PER_SECOND = 100

const procFile = (pid: number, name: string) => readFileSync(`/proc/${pid}/${name}`, 'utf8')

/** Of the processor, user and system, so far; 0 of a process that has not begun. */
export function cpuSeconds(pid: number | undefined): number {
  if (pid === undefined) return 0
  // The name of the program, in brackets, may hold blanks: fields are counted after it (utime is 14, stime 15).
  const fields = procFile(pid, 'stat').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** The most that a process ever had in memory, in MB of 10^6 bytes; 0 of one that has not begun, or has ended. */
export function peakMb(pid: number | undefined): number {
  if (pid === undefined) return 0
  try {
    // One that has ended and is not fetched yet has no such line.
    return Math.round((Number(/VmHWM:\s+(\d+)/.exec(procFile(pid, 'status'))?.[1] ?? 0) * 1024) / 1e6)
  } catch {
    return 0
  }
}

/** Resident megabytes. */
export function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(procFile(pid, 'status'))?.[1]) / 1_024
}
