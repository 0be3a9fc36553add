import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Agent, AgentHelp, Finding } from '../src-core/agents/orchestrator/agent.ts'
import { checkpointRows } from '../src-core/agents/orchestrator/checkpoint-rows.ts'
import { createOrchestrator, type Orchestrator } from '../src-core/agents/orchestrator/orchestrate.ts'
import { idMaker, silentLog, systemClock, systemRandom } from '../src-core/kernel/index.ts'
import type { LanguageModel } from '../src-core/models/index.ts'
import { type AgentName, openVault } from '../src-core/vault/index.ts'
import { answerOf } from '../test/vault-commands.ts'
import { openStoreIn } from '../test/vault-world.ts'
import { bench, quantile, REPOSITORY, rounded } from './harness.ts'

const TURNS = 100
const WARM_UP = 20
/** p95 that the orchestrator may add to a turn, in milliseconds. */
const LIMIT_MS = 50
const FAR_MS = 60_000
const WORDS = 8

const QUOTE = 'Lord Rayleigh explained the blue sky in 1871.'

/** A model that says its words over so many milliseconds. */
function scriptedModel(delayMs: number): LanguageModel {
  return {
    provider: 'compatible',
    model: 'scripted',
    async *stream() {
      for (let word = 0; word < WORDS; word += 1) {
        await sleep(delayMs / WORDS)
        yield { type: 'delta', text: 'word ' }
      }
      yield {
        type: 'end',
        usage: { inputTokens: 1, outputTokens: WORDS, costUsd: 0 },
        model: 'scripted',
        stopReason: 'end',
      }
    },
    async check() {},
  }
}

/** How long agents worked in the turn that runs: those of one stage count as their slowest. */
const worked = new Map<AgentName, number>()

/** An agent that asks a model of known delay and hands over `finding`. */
function scriptedAgent(name: AgentName, delayMs: number, finding: Finding, more: Partial<Agent> = {}): Agent {
  const model = scriptedModel(delayMs)
  return {
    name,
    kinds: ['simple', 'complex', 'insight'],
    due: 'first-words',
    async run(_, help: AgentHelp) {
      const begun = performance.now()
      for await (const event of model.stream({ system: '', messages: [], passages: [], maxOutputTokens: 9 }))
        if (event.type === 'delta' && finding.answer) help.tell(event)
      worked.set(name, performance.now() - begun)
      return finding
    },
    ...more,
  }
}

const conversation = scriptedAgent('conversation', 120, { answer: answerOf('Because of scattering.') })
const research = scriptedAgent(
  'research',
  200,
  {
    addition: 'Rayleigh explained it in 1871 [1].',
    sources: [{ number: 1, kind: 'wikipedia', title: 'Sky', url: null, quote: QUOTE, at: '2026-01-01T00:00:00.000Z' }],
  },
  { onlyAdds: true },
)
const synthesis = scriptedAgent(
  'synthesis',
  80,
  { addition: 'Both say that short waves scatter.', followUps: ['And at dusk?'] },
  { afterOthers: ['simple', 'complex', 'insight'] },
)
const analysis = scriptedAgent('analysis', 40, {}, { onlyAdds: true })
const behind = { ...analysis, inBackground: analysis.kinds }

/** The turns that are measured, with the stages whose slowest agents are their own time. */
const SHAPES: { what: string; agents: Agent[]; stages: AgentName[][] }[] = [
  { what: 'one agent', agents: [conversation, behind], stages: [['conversation']] },
  {
    what: 'three beside one another',
    agents: [conversation, research, analysis],
    stages: [['conversation', 'research', 'analysis']],
  },
  {
    what: 'three, then synthesis',
    agents: [conversation, research, analysis, synthesis],
    stages: [['conversation', 'research', 'analysis'], ['synthesis']],
  },
]

await bench({
  name: 'coordination',
  about:
    'What the orchestrator adds to its agents: a turn minus the slowest agent of each of its stages, with scripted models, a real store and vault; and what LangGraph takes to import.',
  async run() {
    const dataDir = mkdtempSync(join(tmpdir(), 'lva-coordination-'))
    const store = await openStoreIn(dataDir)
    const newId = idMaker(systemClock, systemRandom)
    const vault = await openVault({
      db: store.database,
      clock: systemClock,
      newId,
      log: silentLog,
      limits: { textLength: 100_000 },
    })

    /** @returns milliseconds that one turn took beyond its agents, and until its first word beyond nothing */
    async function added(orchestrator: Orchestrator, stages: AgentName[][]): Promise<number> {
      const capture = await vault.captures.add({ sessionId: newId(), source: 'text', userText: 'Why is the sky blue?' })
      worked.clear()
      const begun = performance.now()
      let done = Number.NaN
      await orchestrator.answer(
        { capture, provider: undefined, isAgain: false },
        ({ type }) => {
          if (type === 'done') done = performance.now() - begun
        },
        new AbortController().signal,
      )
      await orchestrator.idle()
      const own = stages.reduce((sum, names) => sum + Math.max(...names.map((name) => worked.get(name) ?? 0)), 0)
      return done - own
    }

    const measured: { what: string; ms: number[] }[] = []
    let firstMs = Number.NaN
    try {
      for (const { what, agents, stages } of SHAPES) {
        const orchestrator = createOrchestrator(
          {
            vault,
            search: () => Promise.reject(new Error('nobody searches here')),
            languageModel: () => Promise.reject(new Error('the agents bring their models')),
            maxOutputTokens: 100,
            deadlines: { conversation: FAR_MS, analysis: FAR_MS, research: FAR_MS, vision: FAR_MS, synthesis: FAR_MS },
            checkpoints: checkpointRows(store.database, vault.id, () => systemClock.now()),
            clock: systemClock,
            newId,
            log: silentLog,
          },
          agents,
        )
        const ms: number[] = []
        for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
          const took = await added(orchestrator, stages)
          if (Number.isNaN(firstMs)) firstMs = took
          if (turn >= WARM_UP) ms.push(took)
        }
        measured.push({ what, ms })
      }
    } finally {
      await vault.close()
      await store.close()
      rmSync(dataDir, { recursive: true, force: true })
    }
    const graph = importCost('src-core/agents/orchestrator/graph.ts')
    const orchestrator = importCost('src-core/agents/orchestrator/orchestrate.ts')
    const p95 = (ms: number[]) => quantile(ms, 0.95)
    const slowest = Math.max(...measured.map(({ ms }) => p95(ms)))
    return {
      figures: {
        ratio: rounded(slowest / LIMIT_MS, 2),
        p50Ms: rounded(Math.max(...measured.map(({ ms }) => quantile(ms, 0.5))), 1),
        p95Ms: rounded(slowest, 1),
        firstTurnMs: rounded(firstMs, 0),
        importMs: rounded(graph.ms - orchestrator.ms, 0),
        importMb: rounded(graph.mb - orchestrator.mb, 0),
        turns: TURNS,
      },
      table: [
        ...measured.map(({ what, ms }) => ({
          what: `added to a turn: ${what}`,
          p50: rounded(quantile(ms, 0.5), 1),
          p95: rounded(p95(ms), 1),
          p99: rounded(quantile(ms, 0.99), 1),
          unit: 'ms',
        })),
        { what: 'the first turn of a process', p50: rounded(firstMs, 0), p95: '', p99: '', unit: 'ms' },
        { what: 'importing the graph with LangGraph', p50: rounded(graph.ms, 0), p95: '', p99: '', unit: 'ms' },
        {
          what: 'importing the orchestrator without it',
          p50: rounded(orchestrator.ms, 0),
          p95: '',
          p99: '',
          unit: 'ms',
        },
        { what: 'memory of LangGraph', p50: rounded(graph.mb - orchestrator.mb, 0), p95: '', p99: '', unit: 'MB' },
      ],
      targets: [{ figure: 'ratio', atMost: 1 }],
    }
  },
})

/** In a process of its own: the median of three. */
function importCost(module: string): { ms: number; mb: number } {
  const child = join(import.meta.dirname, 'import-cost.ts')
  const runs = [1, 2, 3].map((): { ms: number; mb: number } =>
    JSON.parse(execFileSync(process.execPath, [child, resolve(REPOSITORY, module)], { encoding: 'utf8' })),
  )
  return {
    ms: quantile(
      runs.map(({ ms }) => ms),
      0.5,
    ),
    mb: quantile(
      runs.map(({ mb }) => mb),
      0.5,
    ),
  }
}
