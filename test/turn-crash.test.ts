import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Agent } from '../src-core/agents/orchestrator/agent.ts'
import { checkpointRows } from '../src-core/agents/orchestrator/checkpoint-rows.ts'
import { createOrchestrator } from '../src-core/agents/orchestrator/orchestrate.ts'
import { idMaker, silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'
import { openVault } from '../src-core/vault/index.ts'
import { answerOf } from './vault-commands.ts'
import { openStoreIn } from './vault-world.ts'

const CHILD = join(import.meta.dirname, 'turn-crash-child.ts')
const DEADLINES = { conversation: 5_000, analysis: 2_000, research: 8_000, vision: 8_000, synthesis: 3_000 }

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'lva-turn-crash-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

/** Lets a process begin a turn and kills it with -9 where it `stands`. @returns the capture that it was to answer */
function beginAndKill(stands: 'answered' | 'asked'): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CHILD, dataDir, stands], { stdio: ['ignore', 'pipe', 'pipe'] })
    let captureId = ''
    let errors = ''
    child.stderr.on('data', (text) => {
      errors += text
    })
    createInterface({ input: child.stdout }).on('line', (line) => {
      captureId ||= line
      child.kill('SIGKILL')
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') resolve(captureId)
      else reject(new Error(`the turn ended by itself with ${code}: ${errors}`))
    })
  })
}

/** The next start: settles what is unfinished. */
async function startAgain(captureId: string) {
  const store = await openStoreIn(dataDir)
  const newId = idMaker(systemClock, systemRandom)
  const vault = await openVault({
    db: store.database,
    clock: systemClock,
    newId,
    log: silentLog,
    limits: { textLength: 100_000 },
  })
  const checkpoints = checkpointRows(store.database, vault.id, () => systemClock.now())
  const asked: string[] = []
  const agent = (name: 'conversation' | 'research', run: Agent['run']): Agent => ({
    name,
    kinds: ['simple'],
    due: 'whole',
    run: (...given) => {
      asked.push(name)
      return run(...given)
    },
  })
  const none = () => Promise.reject(new Error('not asked here'))
  const unfinished = await checkpoints.threads()
  await createOrchestrator(
    {
      vault,
      search: none,
      languageModel: none,
      maxOutputTokens: 100,
      deadlines: DEADLINES,
      checkpoints,
      clock: systemClock,
      newId,
      log: silentLog,
    },
    [agent('conversation', async () => ({ answer: answerOf('Another.') })), agent('research', async () => ({}))],
  ).settle(new AbortController().signal)
  const capture = await vault.captures.get(captureId)
  const left = await checkpoints.threads()
  await vault.close()
  await store.close()
  return { unfinished, capture, asked, left }
}

it('completes a turn whose process was killed after the answer was there, without asking for it again', async () => {
  const captureId = await beginAndKill('answered')
  const { unfinished, capture, asked, left } = await startAgain(captureId)
  expect(unfinished).toEqual([captureId])
  expect(capture.answer?.text).toBe('Because of scattering.')
  expect(capture.answer?.agentsUsed.map(({ agent, outcome }) => [agent, outcome])).toEqual([
    ['conversation', 'done'],
    ['research', 'done'],
  ])
  expect(asked).toEqual(['research'])
  expect(left).toEqual([])
}, 60_000)

it('ends a turn whose process was killed before anybody had answered; what was said waits to be asked again', async () => {
  const captureId = await beginAndKill('asked')
  const { unfinished, capture, asked, left } = await startAgain(captureId)
  expect(unfinished).toEqual([captureId])
  expect(capture).toMatchObject({ userText: 'Why is the sky blue?', answer: null })
  expect(asked).toEqual([])
  expect(left).toEqual([])
}, 60_000)
