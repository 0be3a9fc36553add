import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom, systemClock } from '../src-core/kernel/index.ts'

const KILLS = 9
/** A round takes about as long on a quiet machine. */
const ROUND_MS = 4_000
const CHILD = join(import.meta.dirname, 'backup-crash-child.ts')

let root: string
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lva-backup-crash-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Runs the child; kills it with -9 so many milliseconds after its first line, or lets it end. @returns the lines that it printed */
function run(what: 'loop' | 'look', seed: number, killAfterMs?: number): Promise<string[]> {
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
      if (code === 0 || (signal === 'SIGKILL' && killAfterMs !== undefined)) resolve(out.trim().split('\n'))
      else reject(new Error(`the child ended with ${code ?? signal}: ${errors}`))
    })
  })
}

it(`loses nothing, and leaves nothing half made, after ${KILLS} kills in the middle of backing up, restoring and exchanging`, async () => {
  const random = seededRandom(66)
  const said: string[] = []
  for (let kill = 0; kill < KILLS; kill += 1) said.push(...(await run('loop', kill, random.fraction() * ROUND_MS)))
  const found = JSON.parse((await run('look', KILLS)).at(-1) ?? '')
  expect(said.length).toBeGreaterThanOrEqual(KILLS)
  // Each is there once; of each child one more may be there that it could not tell of.
  expect(found.captures).toEqual(expect.arrayContaining(said))
  expect(new Set(found.captures).size).toBe(found.captures.length)
  expect(found.captures.length).toBeLessThanOrEqual(said.length + KILLS)
  expect(found.standings.length).toBeGreaterThan(0)
  expect(new Set(found.standings)).toEqual(new Set(['good']))
  const data = join(root, 'data')
  expect(existsSync(join(data, 'swap.json'))).toBe(false)
  expect(readdirSync(join(data, 'scratch'))).toEqual([])
  expect(readdirSync(join(root, 'backups')).filter((name) => name.endsWith('.partial'))).toEqual([])
}, 300_000)
