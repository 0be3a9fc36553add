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
import { type AgentName, openVault } from '../src-core/vault/index.ts'
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
function beginAndKill(stands: 'asked' | 'answered' | 'found'): Promise<string> {
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
  const agent = (name: AgentName, run: Agent['run'], more: Partial<Agent> = {}): Agent => ({
    name,
    kinds: ['simple'],
    due: 'whole',
    ...more,
    run: (...given) => {
      asked.push(name)
      return run(...given)
    },
  })
  const none = () => Promise.reject(new Error('not asked here'))
  const { answer: before } = await vault.captures.get(captureId)
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
    [
      agent('conversation', async () => ({ answer: answerOf('Another.') })),
      agent('research', async () => ({ addition: 'Another.' })),
      agent('synthesis', async ({ soFar }) => ({ addition: `${soFar.additions.length} came before.` }), {
        afterOthers: ['simple'],
      }),
    ],
  ).settle(new AbortController().signal)
  const capture = await vault.captures.get(captureId)
  const left = await checkpoints.threads()
  await vault.close()
  await store.close()
  return { unfinished, before, capture, asked, left }
}

it('keeps an answer whose process was killed while others were at work, and has these add to it at the next start', async () => {
  const captureId = await beginAndKill('answered')
  const { unfinished, before, capture, asked, left } = await startAgain(captureId)
  expect(unfinished).toEqual([captureId])
  expect(before?.text).toBe('Because of scattering.')
  expect(capture.answer?.text).toBe('Because of scattering.')
  expect(capture.answer?.agentsUsed.map(({ agent, outcome }) => [agent, outcome]).sort()).toEqual([
    ['conversation', 'done'],
    ['research', 'done'],
    ['synthesis', 'done'],
  ])
  expect(asked).toEqual(['research', 'synthesis'])
  expect(left).toEqual([])
}, 60_000)

it('keeps answer and findings whose process was killed before synthesis had ended, and asks only synthesis again', async () => {
  const captureId = await beginAndKill('found')
  const { unfinished, before, capture, asked, left } = await startAgain(captureId)
  expect(unfinished).toEqual([captureId])
  expect(before?.text).toBe('Because of scattering.')
  expect(asked).toEqual(['synthesis'])
  expect(capture.answer?.additions?.map(({ agent, text }) => [agent, text])).toEqual([
    ['research', 'Rayleigh explained it.'],
    ['synthesis', '1 came before.'],
  ])
  expect(left).toEqual([])
}, 60_000)

it('ends a turn whose process was killed before anybody had answered; what was said waits to be asked again', async () => {
  const captureId = await beginAndKill('asked')
  const { capture, asked, left } = await startAgain(captureId)
  expect(capture).toMatchObject({ userText: 'Why is the sky blue?', answer: null })
  expect(asked).toEqual([])
  expect(left).toEqual([])
}, 60_000)
