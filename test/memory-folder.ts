import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs'

/**
 * Where tests keep what they throw away. Thousands of them open a data folder of hundreds of files and wait for the disk with every commit;
 * in a folder that is kept in memory, Linux' own `/dev/shm`, that takes a third of the time.
 */

const IN_MEMORY = '/dev/shm'
/** What the tests of a whole run hold at one time, with room to spare; bytes. In a container the folder often has 64 MB. */
const NEEDED = 6 * 2 ** 30

/** A new folder for `TMPDIR`, in memory where there is room, and what removes it. Undefined where the usual one must do. */
export function memoryFolder(): { folder: string; remove(): void } | undefined {
  if (process.platform !== 'linux' || process.env.TMPDIR !== undefined || !hasRoom()) return undefined
  const folder = mkdtempSync(`${IN_MEMORY}/lva-tests-`)
  // A real Postgres runs as a user of its own, who must come to its folder inside of this one.
  chmodSync(folder, 0o711)
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) }
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
