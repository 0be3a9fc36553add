import { existsSync, readFileSync, statSync } from 'node:fs'
import inspector from 'node:inspector'
import { registerHooks } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readCommandLine } from './command-line.ts'
import { setLaunch } from './launch.ts'

/** What Electron's program does before the app's first line. */
const line = readCommandLine(process.argv.slice(2))
if ('version' in line.switches) {
  console.log('v0.0.0-double')
  process.exit(0)
}
if (line.inspect !== undefined) inspector.open(line.inspect, '127.0.0.1')
const given = resolve(line.app[0] ?? '.')
const appPath = folderWithManifest(given)
const manifest = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'))
const entry = statSync(given).isDirectory() ? join(given, manifest.main ?? 'index.js') : given
setLaunch({ appPath, manifest, line })
Object.assign(process, { type: 'browser', defaultApp: true })
Object.defineProperty(process.versions, 'electron', { value: '0.0.0-double' })
process.argv = [process.execPath, ...line.app]

const double = new URL('./electron.ts', import.meta.url).href
registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: double, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
})
for (const script of line.preload) await import(pathToFileURL(resolve(script)).href)
const { startDouble } = await import('./electron.ts')
await import(pathToFileURL(entry).href)
await startDouble()

function folderWithManifest(path: string): string {
  let folder = statSync(path).isDirectory() ? path : dirname(path)
  while (!existsSync(join(folder, 'package.json')) && folder !== dirname(folder)) folder = dirname(folder)
  return folder
}
