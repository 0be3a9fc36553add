import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom, systemClock } from '../src-core/kernel/index.ts'

const KILLS = 12
/** A round takes about as long on a quiet machine. */
const ROUND_MS = 4_000
const CHILD = join(import.meta.dirname, 'backup-crash-child.ts')

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lva-backup-crash-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Runs the child; kills it with -9 so many milliseconds after it began, or lets it end. @returns its last line */
function run(what: 'loop' | 'look', seed: number, killAfterMs?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, root, what, String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let errors = ''
    child.stderr.on('data', (text) => {
      errors += text
    })
    child.stdout.on('data', (text) => {
      const began = out === ''
      out += text
      if (began && killAfterMs !== undefined) systemClock.sleep(killAfterMs).then(() => child.kill('SIGKILL'), reject)
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (code === 0 || (signal === 'SIGKILL' && killAfterMs !== undefined))
        resolve(out.trim().split('\n').at(-1) ?? '')
      else reject(new Error(`the child ended with ${code ?? signal}: ${errors}`))
    })
  })
}

it(`loses nothing, and leaves nothing half made, after ${KILLS} kills in the middle of backing up, restoring and exchanging`, async () => {
  const random = seededRandom(66)
  for (let kill = 0; kill < KILLS; kill += 1) await run('loop', kill, 300 + random.fraction() * ROUND_MS)
  const found = JSON.parse(await run('look', KILLS))
  // Every round adds one sentence and then exchanges the data for a copy that has it too.
  const rounds = found.captures.map((text: string) => text.split('.').map(Number)).reverse()
  expect(rounds.length).toBeGreaterThan(3)
  for (const [at, [seed, number]] of rounds.entries()) {
    const [lastSeed, lastNumber] = rounds[at - 1] ?? [-1, -1]
    expect(seed > lastSeed ? number : number - lastNumber, `after ${lastSeed}.${lastNumber}: ${seed}.${number}`).toBe(
      seed > lastSeed ? 0 : 1,
    )
  }
  expect(found.recordings).toBeGreaterThanOrEqual(rounds.length - KILLS)
  expect(found.standings.length).toBeGreaterThan(0)
  expect(new Set(found.standings)).toEqual(new Set(['good']))
  const data = join(root, 'data')
  expect(existsSync(join(data, 'swap.json'))).toBe(false)
  expect(existsSync(join(data, 'scratch'))).toBe(false)
  expect(readdirSync(join(root, 'backups')).filter((name) => name.endsWith('.partial'))).toEqual([])
}, 300_000)
