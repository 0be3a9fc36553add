import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
/** What the built app is made of. */
const SOURCES = ['src-core', 'src-main', 'src-renderer', 'migrations', 'electron.vite.config.ts', 'package-lock.json']

/** Changes whenever a source of the built app does. Tests are no source. */
export function sourceHash(): string {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    const isFolder = statSync(join(root, source)).isDirectory()
    const files = isFolder
      ? readdirSync(join(root, source), { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && !entry.name.includes('.test.'))
          .map((entry) => join(entry.parentPath, entry.name))
          .sort()
      : [join(root, source)]
    for (const file of files) hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}
