import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LongRecordings } from '../src-core/capture/index.ts'
import { idMaker, silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'
import { readWav } from '../src-core/models/index.ts'

/** A long recording whose program is killed with -9, at any moment. */

const CHILD = join(import.meta.dirname, 'recording-crash-child.ts')
const RATE = 16_000

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lva-recording-crash-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Kills it as soon as it has said that it wrote so many seconds. @returns the last seconds that it said */
function recordAndKill(seconds: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, folder], { stdio: ['ignore', 'pipe', 'pipe'] })
    let told = 0
    let errors = ''
    child.stderr.on('data', (text) => {
      errors += text
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      told = Number(line)
      if (told >= seconds) child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(told)
      else reject(new Error(`the recording ended by itself with ${code}: ${errors}`))
    })
  })
}

it.each([0.25, 1, 7.75])('is whole up to the last piece that was acknowledged: killed after %f s', async (seconds) => {
  const told = await recordAndKill(seconds)
  const documents: Uint8Array[] = []
  const next = new LongRecordings({
    folder,
    async addDocument(wav) {
      documents.push(wav)
      return 'document'
    },
    fileMb: 50,
    clock: systemClock,
    newId: idMaker(systemClock, systemRandom),
    log: silentLog,
  })
  await next.recover()
  expect(documents).toHaveLength(1)
  const { samples } = readWav(documents[0] as Uint8Array, { maxSeconds: 3_600 })
  // Less than a second is lost, and of what was acknowledged nothing.
  expect(samples.length / RATE).toBeGreaterThanOrEqual(told)
  const wrong = samples.findIndex((sample, at) => Math.round(sample * 0x8000) !== at % 30_000)
  expect(wrong).toBe(-1)
  expect(readdirSync(folder)).toEqual([])
  await next.close()
})
