import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessInfo {
  pid: number
  parent: number
  command: string
}

/** Every process below `root`, children before grandchildren. Linux only. */
export function descendants(root: number): ProcessInfo[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)))
  const found: ProcessInfo[] = []
  let generation = new Set([root])
  while (generation.size > 0) {
    const children = all.filter(({ parent }) => generation.has(parent))
    found.push(...children)
    generation = new Set(children.map(({ pid }) => pid))
  }
  return found
}

/** Those of `processes` that still run. A number that belongs to another program by now does not count. */
export function stillRunning(processes: readonly ProcessInfo[]): ProcessInfo[] {
  return processes.filter(({ pid, command }) => readProcess(pid).some((present) => present.command === command))
}

/** Resolves once none of them runs any more. @throws Error naming those that still do after `ms` */
export async function allGone(processes: readonly ProcessInfo[], ms: number): Promise<void> {
  const until = performance.now() + ms
  while (stillRunning(processes).length > 0) {
    if (performance.now() > until) throw new Error(`still running: ${JSON.stringify(stillRunning(processes))}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Zombies count as gone: nothing of them runs. */
function readProcess(pid: number): ProcessInfo[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (state === 'Z') return []
    return [
      { pid, parent: Number(parent), command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') },
    ]
  } catch {
    return [] // ended while it was looked at
  }
}
