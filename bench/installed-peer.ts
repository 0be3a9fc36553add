import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Folder of a package that something is measured against, from `folder` with a lock file; installed when it is asked for the first time. */
export function installedPeer(folder: string, name: string): string {
  const installed = join(folder, 'node_modules', name)
  if (!existsSync(installed)) {
    console.error(`Installing what this is measured against into ${folder} (once) ...`)
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new Error('the peers could not be installed: is the npm registry in reach?')
  }
  return installed
}
