import { spawnSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A small disk of the test's own; undefined where the test may not mount one. */
export function mountSmallDisk(megabytes: number): { folder: string; unmount(): void } | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'lva-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  const unmount = () => {
    // A test that failed may still have files open on it.
    spawnSync('umount', ['--lazy', folder])
    rmSync(folder, { recursive: true, force: true })
  }
  if (mounted.status === 0) return { folder, unmount }
  rmSync(folder, { recursive: true })
  return undefined
}

/** Fills what is left of a disk with the file `filler`. */
export function fillDisk(folder: string): void {
  try {
    for (;;) appendFileSync(join(folder, 'filler'), Buffer.alloc(50_000))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}
