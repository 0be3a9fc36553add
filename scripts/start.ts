import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { EXIT } from '../src-main/exit-codes.ts'
import { ensureBuilt } from './ensure-built.ts'
import { findElectron } from './find-electron.ts'

/**
 * `npm start`: builds what is not built, then opens the app in a window of its own; where there is no Electron or it does not come up,
 * the same app opens in the default browser, and this terminal says so with the address.
 */
const root = resolve(import.meta.dirname, '..')
/** A window that ends with an error this early never came up. */
const COMES_UP_MS = 15_000

ensureBuilt()
const electron = await findElectron()
const problem = 'program' in electron ? await openWindow(electron.program) : electron.missing
if (problem !== undefined) {
  process.argv.push('--note', `No window of its own: ${problem}.`)
  await import(new URL('../out/main/serve.js', import.meta.url).href)
}

/** Resolves when the window has been closed: with nothing, or with the reason why it never opened. */
function openWindow(program: string): Promise<string | undefined> {
  const begun = performance.now()
  // Set in the terminals of editors that are Electron apps themselves; it would make Electron a plain Node.
  const { ELECTRON_RUN_AS_NODE: _unwanted, ...environment } = process.env
  const child = spawn(program, [root], { stdio: 'inherit', env: environment })
  // Ctrl-C reaches Electron too, which closes everything in order; this process only waits for that.
  process.on('SIGINT', () => undefined)
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return new Promise((resolve) => {
    const end = (reason: string | undefined) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.removeAllListeners(signal)
      resolve(reason)
    }
    child.on('error', () => end('Electron could not be started'))
    child.on('exit', (code, signal) => {
      const never = performance.now() - begun < COMES_UP_MS && (signal !== null || (code !== 0 && code !== EXIT.shown))
      process.exitCode = code ?? 1
      end(never ? 'Electron could not open its window' : undefined)
    })
  })
}
