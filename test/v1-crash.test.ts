import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom, systemClock } from '../src-core/kernel/index.ts'
import { fingerprint, makeV1, manyRows } from './v1-fixtures.ts'

const KILLS = 50
const ROWS = 3_000
const IMPORTER = join(import.meta.dirname, 'v1-crash-importer.ts')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-v1-crash-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the importer; kills it with -9 so many milliseconds after it began, or lets it end. @returns its last line */
function run(data: string, what: 'loop' | 'finish', seed: number, killAfterMs?: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const words = [IMPORTER, join(folder, data), join(folder, 'v1.db'), what, String(seed)]
    const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'pipe'] })
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
      else reject(new Error(`the importer ended with ${code ?? signal}: ${errors}`))
    })
  })
}

it(`gives the same vault after ${KILLS} kills in the middle of importing and taking back`, async () => {
  makeV1(join(folder, 'v1.db'), [...manyRows(ROWS)])
  const before = fingerprint(join(folder, 'v1.db'))
  const random = seededRandom(6)
  for (let kill = 0; kill < KILLS; kill += 1) await run('killed', 'loop', kill, random.fraction() * 2_500)
  const killed = JSON.parse(await run('killed', 'finish', KILLS))
  const clean = JSON.parse(await run('clean', 'finish', KILLS + 1))
  expect(killed.captures).toHaveLength(ROWS)
  expect(killed).toEqual(clean)
  expect(killed).toMatchObject({ agrees: true, differences: {}, states: ['complete'] })
  const { beside: _, ...file } = fingerprint(join(folder, 'v1.db')) as Record<string, unknown>
  expect(before).toMatchObject(file)
}, 900_000)
