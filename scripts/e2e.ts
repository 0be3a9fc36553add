import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { memoryFolder } from '../test/memory-folder.ts'
import { findChromium } from './chromium.ts'
import { ensureBuilt } from './ensure-built.ts'

/**
 * Runs the end-to-end tests on the built app in a real Chromium: `npm run test:e2e [-- PLAYWRIGHT ARGUMENTS]`.
 *
 * Where this process may make a network namespace (root on Linux), tests, app and browser run in one that has the loopback device and
 * nothing else: whatever reaches for the network fails, as on a machine without one.
 */
const root = path.resolve(import.meta.dirname, '..')
const OFFLINE = ['unshare', '--net', 'sh', '-c', 'ip link set lo up && exec "$@"', 'offline']

const chromium = findChromium()
const offline =
  process.platform === 'linux' && spawnSync(OFFLINE[0] as string, [...OFFLINE.slice(1), 'true']).status === 0
console.error(
  offline
    ? 'The network is blocked for these tests.'
    : 'The network is not blocked: that needs Linux, root, unshare and ip.',
)

const memory = memoryFolder()
const environment = {
  ...process.env,
  LVA_TEST_CHROMIUM: chromium,
  ...(offline && { LVA_TEST_OFFLINE: '1' }),
  ...(memory && { TMPDIR: memory.folder }),
}
const where = { cwd: root, env: environment }
const PLAYWRIGHT: [string, ...string[]] = [
  process.execPath,
  'node_modules/@playwright/test/cli.js',
  'test',
  ...process.argv.slice(2),
]

function run(command: readonly string[]): number {
  const [program, ...args] = command as [string, ...string[]]
  return spawnSync(program, args, { ...where, stdio: 'inherit' }).status ?? 1
}

/** Whether nothing of what was asked for is in a project. One with a file that does not load is not without tests: its run says why. */
function isWithoutTests(project: readonly string[]): boolean {
  const [program, ...args] = [...PLAYWRIGHT, ...project, '--list']
  const { status, stdout, stderr } = spawnSync(program, args, { ...where, encoding: 'utf8' })
  return status !== 0 && `${stdout}${stderr}`.includes('No tests found')
}

/** One after the other: what must be alone comes when nothing else runs any more. */
const PROJECTS = [
  ['--project', 'beside', '--workers', '2'],
  ['--project', 'alone', '--workers', '1'],
]

ensureBuilt()
// What was asked for may all be in one of them. Of a whole run none is left out, whatever is wrong with it.
const isWhole = process.argv.length === 2
const asked = PROJECTS.filter((project) => isWhole || !isWithoutTests(project))
const codes = (asked.length > 0 ? asked : [[]]).map((project) =>
  run([...(offline ? OFFLINE : []), ...PLAYWRIGHT, ...project]),
)
memory?.remove()
process.exitCode = Math.max(...codes)
