import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seededRandom, systemClock } from '../src-core/kernel/index.ts'
import type { Line } from './vault-crash-writer.ts'

const ROUNDS = 20
const WRITER = join(import.meta.dirname, 'vault-crash-writer.ts')

let dataDir: string
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lva-crash-'))
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

/** Runs the writer and kills it with -9 so many milliseconds after it was started, or after it said what it found. */
function runAndKill(seed: number, kill: { after: 'opened' | 'start'; ms: number }): Promise<Line[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WRITER, dataDir, String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] })
    const lines: Line[] = []
    let errors = ''
    const killSoon = () => {
      systemClock.sleep(kill.ms).then(() => child.kill('SIGKILL'), reject)
    }
    if (kill.after === 'start') killSoon()
    child.stderr.on('data', (text) => {
      errors += text
    })
    createInterface({ input: child.stdout }).on('line', (text) => {
      // The kill may cut off the last line.
      if (!text.endsWith('}')) return
      const line: Line = JSON.parse(text)
      lines.push(line)
      if (line.type === 'opened' && kill.after === 'opened') killSoon()
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(lines)
      else reject(new Error(`the writer ended by itself with ${code}: ${errors}`))
    })
  })
}

type State = { text: string; answer: string | null } | 'deleted'

/** What the writer was told is stored, and the one write whose answer it may not have lived to hear. */
class Acknowledged {
  states = new Map<string, State>()
  pending: { id: string; state: State } | undefined

  hear(line: Line): void {
    if (line.type === 'opened') return
    const before = this.states.get(line.id)
    const known = before === undefined || before === 'deleted' ? { text: '', answer: null } : before
    const state: State =
      line.what === 'delete'
        ? 'deleted'
        : line.what === 'answer'
          ? { ...known, answer: line.text }
          : { ...known, text: line.text }
    if (line.type === 'trying') this.pending = { id: line.id, state }
    else {
      this.states.set(line.id, state)
      if (this.pending?.id === line.id) this.pending = undefined
    }
  }

  /** Ids of which what was found is not what was acknowledged. What was found counts from now on. */
  compare(found: Map<string, State>): string[] {
    const lost = [...this.states].filter(([id, state]) => {
      const actual = JSON.stringify(found.get(id) ?? 'deleted')
      const pending = this.pending?.id === id ? JSON.stringify(this.pending.state) : undefined
      return actual !== JSON.stringify(state) && actual !== pending
    })
    for (const id of this.states.keys()) this.states.set(id, found.get(id) ?? 'deleted')
    this.pending = undefined
    return lost.map(([id]) => id)
  }
}

it(`loses nothing acknowledged and keeps tables and documents together through ${ROUNDS} kills`, async () => {
  const random = seededRandom(20)
  const acknowledged = new Acknowledged()
  let checked = 0
  let written = 0
  for (let round = 0; round <= ROUNDS; round++) {
    // Every fifth time already while it opens, reads and rebuilds.
    const whileOpening = round % 5 === 4
    const kill = whileOpening
      ? { after: 'start' as const, ms: 100 + random.fraction() * 900 }
      : { after: 'opened' as const, ms: round === ROUNDS ? 0 : 100 + random.fraction() * 600 }
    const lines = await runAndKill(round, kill)
    const opened = lines.find((line) => line.type === 'opened')
    if (opened) {
      checked += 1
      expect(opened.agrees, `tables equal documents after kill ${round}`).toBe(true)
      const found = new Map<string, State>(opened.captures.map(([id, text, answer]) => [id, { text, answer }]))
      expect(acknowledged.compare(found), `acknowledged and lost by kill ${round}`).toEqual([])
    } else expect(whileOpening).toBe(true)
    for (const line of lines) acknowledged.hear(line)
    written += lines.filter((line) => line.type === 'done').length
  }
  expect(checked).toBeGreaterThanOrEqual(ROUNDS * 0.8)
  expect(written).toBeGreaterThan(ROUNDS)
}, 180_000)
