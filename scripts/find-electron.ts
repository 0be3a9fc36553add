import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where Electron's own installer fetches the program from, unless the environment names a mirror. */
const USUAL_PLACE = 'https://github.com/electron/electron/releases/'
const REACH_MS = 4_000
const FETCH_MS = 5 * 60_000

/** Electron's program, or why there is none. */
export type FoundElectron = { program: string } | { missing: string }

/**
 * Finds the program of the installed `electron` package; fetches it once, with the package's own installer, where its place can be
 * reached.
 */
export async function findElectron(): Promise<FoundElectron> {
  const needs = missingSurroundings()
  if (needs) return { missing: needs }
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const program = installedProgram(folder)
  if (program) return { program }
  if (!(await canReach(mirror() ?? USUAL_PLACE)))
    return { missing: 'Electron is not installed and its download cannot be reached' }
  console.log('Fetching Electron, once (about 110 MB) ...')
  if (!(await install(folder))) return { missing: 'Electron could not be fetched' }
  const fetched = installedProgram(folder)
  return fetched ? { program: fetched } : { missing: 'Electron could not be fetched' }
}

function missingSurroundings(): string | undefined {
  if (process.platform !== 'linux') return undefined
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) return 'there is no display for a window'
  // Chromium refuses to run as root with its sandbox, and this app does not run without it.
  if (process.getuid?.() === 0 && !process.env.ELECTRON_OVERRIDE_DIST_PATH)
    return 'a window is not opened for the root user'
  return undefined
}

/** As the package itself looks it up (electron/index.js). */
function installedProgram(folder: string): string | undefined {
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const named = join(folder, 'path.txt')
  const name = existsSync(named) ? readFileSync(named, 'utf8') : override ? 'electron' : undefined
  if (!name) return undefined
  const program = join(override ?? join(folder, 'dist'), name)
  return existsSync(program) ? program : undefined
}

function mirror(): string | undefined {
  return process.env.ELECTRON_MIRROR || process.env.npm_config_electron_mirror || undefined
}

/** Any answer counts: only a machine without a way there is to be spared the installer's own long patience. */
async function canReach(address: string): Promise<boolean> {
  try {
    await fetch(address, { method: 'HEAD', redirect: 'manual', signal: AbortSignal.timeout(REACH_MS) })
    return true
  } catch {
    return false
  }
}

function install(folder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const installer = spawn(process.execPath, [join(folder, 'install.js')], {
      stdio: 'ignore',
      timeout: FETCH_MS,
      killSignal: 'SIGKILL',
    })
    installer.on('exit', (code) => resolve(code === 0))
    installer.on('error', () => resolve(false))
  })
}
