import { spawn } from 'node:child_process'
import { mkdirSync, rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const ROOT = resolve(import.meta.dirname, '../..')
const LOCK = join(ROOT, '.cache/building')
/** A build takes less; whoever held the lock longer was killed. */
const STALE_MS = 300_000
const LOOK_AGAIN_MS = 200

let built: Promise<void> | undefined

/**
 * The file of a program as learners run it, built once for all tests from the sources as they are: tests that start many of them wait a
 * quarter less than for one that is compiled from source at each start.
 * @throws Error when the build fails, which has said why
 */
export async function builtProgram(name: 'cli' | 'serve'): Promise<string> {
  built ??= build()
  await built
  return join(ROOT, 'out/main', `${name}.js`)
}

/** One worker builds, the others wait for it. */
async function build(): Promise<void> {
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  while (!isTaken()) await sleep(LOOK_AGAIN_MS)
  try {
    const builder = spawn(process.execPath, [join(ROOT, 'scripts/ensure-built.ts')], { stdio: 'inherit' })
    const code = await new Promise((resolve) => builder.once('close', resolve))
    if (code !== 0) throw new Error(`The app could not be built (exit ${code}).`)
  } finally {
    rmSync(LOCK, { recursive: true, force: true })
  }
}

function isTaken(): boolean {
  try {
    mkdirSync(LOCK)
    return true
  } catch {
    const since = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs
    if (since !== undefined && Date.now() - since > STALE_MS) rmSync(LOCK, { recursive: true, force: true })
    return false
  }
}
