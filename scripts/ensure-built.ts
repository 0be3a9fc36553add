import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { sourceHash } from './source-hash.ts'

const root = resolve(import.meta.dirname, '..')

/** Builds the app unless `out/` was built from exactly these sources. Ends the program when the build fails. */
export function ensureBuilt(): void {
  if (builtFrom() === sourceHash()) return
  console.error('Building the app (only after its sources have changed) ...')
  // Standard output belongs to whoever needs the build, such as a bench with `--json`.
  const stdio = ['ignore', process.stderr, 'inherit'] as const
  // Not as a test runner would have it.
  const env = { ...process.env, NODE_ENV: 'production' }
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.ts')], {
    stdio: [...stdio],
    cwd: root,
    env,
  })
  if (status !== 0) process.exit(status ?? 1)
}

function builtFrom(): string | undefined {
  try {
    return readFileSync(join(root, 'out', 'built'), 'utf8')
  } catch {
    return undefined // never built
  }
}

if (import.meta.main) ensureBuilt()
