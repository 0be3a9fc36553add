import { spawnSync } from 'node:child_process'
import { existsSync, lstatSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'electron-vite'
import { sourceHash } from './source-hash.ts'

/**
 * `npm run build`: bundles main, preload and page into `out/`, makes the prepared database that a first start copies, and puts the
 * command `lva` where `npx` finds it.
 */
const root = resolve(import.meta.dirname, '..')
const out = join(root, 'out')
process.chdir(root)
const hash = sourceHash()

rmSync(join(out, 'built'), { force: true })
process.env.NODE_ENV = 'production'
await build({ logLevel: 'warn' })
const template = spawnSync(process.execPath, [join(root, 'scripts/build-template.ts')], { stdio: 'inherit' })
if (template.status !== 0) process.exit(template.status ?? 1)
linkCommand()
// Written last: only a build that came to its end counts.
writeFileSync(join(out, 'built'), hash)

/** npm links the commands of dependencies, not of the package itself. */
function linkCommand(): void {
  const folder = join(root, 'node_modules', '.bin')
  mkdirSync(folder, { recursive: true })
  if (process.platform === 'win32') {
    writeFileSync(join(folder, 'lva.cmd'), '@node "%~dp0\\..\\..\\bin\\lva.mjs" %*\r\n')
    return
  }
  const link = join(folder, 'lva')
  if (existsSync(link) || lstatSync(link, { throwIfNoEntry: false })) rmSync(link)
  symlinkSync(join('..', '..', 'bin', 'lva.mjs'), link)
}
