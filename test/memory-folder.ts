import { chmodSync, mkdtempSync, readdirSync, rmSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { processExists } from '../src-core/store/process-identity.ts'

/**
 * Where tests keep what they throw away. Thousands of them open a data folder of hundreds of files and wait for the disk with every commit;
 * in a folder that is kept in memory, Linux' own `/dev/shm`, that takes a third of the time.
 */

const IN_MEMORY = '/dev/shm'
/** Before the number of the process that made the folder. */
const NAME = 'lva-tests-'
/** What the tests of a whole run hold at one time, with room to spare; bytes. In a container the folder often has 64 MB. */
const NEEDED = 6 * 2 ** 30

/** A new folder for `TMPDIR`, in memory where there is room, and what removes it. Undefined where the usual one must do. */
export function memoryFolder(): { folder: string; remove(): void } | undefined {
  if (process.platform !== 'linux' || process.env.TMPDIR !== undefined || !hasRoom()) return undefined
  removeLeftOvers()
  const folder = mkdtempSync(join(IN_MEMORY, `${NAME}${process.pid}-`))
  // A real Postgres runs as a user of its own, who must come to its folder inside of this one.
  chmodSync(folder, 0o711)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) }
}

/** A run that was interrupted could not remove its own, which would take memory until the machine is started anew. */
function removeLeftOvers(): void {
  for (const name of readdirSync(IN_MEMORY)) {
    const pid = name.startsWith(NAME) ? Number.parseInt(name.slice(NAME.length), 10) : Number.NaN
    if (pid > 0 && !processExists(pid)) removeLeftOver(join(IN_MEMORY, name))
  }
}

function removeLeftOver(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch (error) {
    // A test that fills a small disk of its own mounts it there: where that was interrupted too, it stays, and nobody's tests wait for it.
    console.warn(`${folder} could not be removed: ${String(error)}`)
  }
}

function hasRoom(): boolean {
  try {
    const { bavail, bsize } = statfsSync(IN_MEMORY)
    return bavail * bsize >= NEEDED
  } catch {
    return false // there is no such folder
  }
}

/** Vitest calls this once before all workers, which inherit the environment. @returns what it calls after the last one */
export default function setup(): (() => void) | undefined {
  const memory = memoryFolder()
  if (!memory) return undefined
  process.env.TMPDIR = memory.folder
  return memory.remove
}
