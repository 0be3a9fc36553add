import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LvaError, ManualClock, silentLog } from '../../kernel/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import type { AgentName, Answer, Capture, Vault } from '../../vault/index.ts'
import type { AgentServices, TurnEvent } from '../types.ts'
import type { Agent, AgentHelp } from './agent.ts'
import type { CheckpointRow, CheckpointRows, WriteRow } from './checkpoint-rows.ts'
import { createOrchestrator } from './orchestrate.ts'

const DEADLINES = { conversation: 5_000, analysis: 2_000, research: 8_000, vision: 8_000, synthesis: 3_000 }

const ANSWER: Answer = {
  text: 'Because.',
  provider: 'compatible',
  model: 'scripted',
  inputTokens: 0,
  outputTokens: 0,
  costUsd: 0,
  citations: [],
  agentsUsed: [],
  ending: 'complete',
  createdAt: '2026-01-01T00:00:00.000Z',
}

const MODEL: LanguageModel = {
  provider: 'compatible',
  model: 'scripted',
  async *stream() {
    yield { type: 'delta', text: 'Because.' }
    yield {
      type: 'end',
      usage: { inputTokens: 7, outputTokens: 2, costUsd: 0.5 },
      model: 'scripted-2',
      stopReason: 'end',
    }
  },
  async check() {},
}

function agent(name: AgentName, run: Agent['run'], more: Partial<Agent> = {}): Agent {
  return { name, kinds: ['simple', 'complex', 'insight'], due: 'whole', run, ...more }
}

async function askModel(help: AgentHelp): Promise<void> {
  const model = await help.languageModel()
  for await (const event of model.stream({ system: '', messages: [], passages: [], maxOutputTokens: 9 }))
    if (event.type === 'delta') help.tell(event)
}

const answers = agent('conversation', async (_, help) => {
  await askModel(help)
  return { answer: ANSWER }
})
/** Neither ends nor listens to its signal. */
const hangs = (name: AgentName) => agent(name, () => new Promise(() => undefined))

/** The tables of turns under way, in memory. */
function rowsInMemory(): CheckpointRows & { checkpoints: Map<string, CheckpointRow>; failing: boolean } {
  const checkpoints = new Map<string, CheckpointRow>()
  const writes = new Map<string, WriteRow & { checkpoint: string }>()
  return {
    checkpoints,
    failing: false,
    async put(thread, _, row) {
      if (this.failing) throw new LvaError('disk-full', 'Full.')
      checkpoints.set(`${thread}/${row.checkpointId}`, row)
    },
    async putWrites(thread, _, checkpoint, rows) {
      for (const row of rows)
        writes.set(`${thread}/${checkpoint}/${row.taskId}/${row.position}`, { ...row, checkpoint })
    },
    async get(thread, namespace, id) {
      return (await this.list(thread, namespace)).find((row) => id === undefined || row.checkpointId === id)
    },
    async list(thread) {
      const keys = [...checkpoints.keys()].filter((key) => key.startsWith(`${thread}/`))
      return keys
        .sort()
        .reverse()
        .map((key) => checkpoints.get(key) as CheckpointRow)
    },
    async writes(thread, _, checkpoint) {
      return [...writes].filter(([key]) => key.startsWith(`${thread}/${checkpoint}/`)).map(([, row]) => row)
    },
    async threads() {
      return [...new Set([...checkpoints.keys()].map((key) => key.split('/')[0] as string))]
    },
    async delete(thread) {
      for (const map of [checkpoints, writes])
        for (const key of [...map.keys()]) if (key.startsWith(`${thread}/`)) map.delete(key)
    },
  }
}

describe('an orchestrated turn', () => {
  let clock: ManualClock
  let capture: Capture
  let rows: ReturnType<typeof rowsInMemory>
  let events: TurnEvent[]
  let services: AgentServices

  beforeEach(() => {
    clock = new ManualClock()
    rows = rowsInMemory()
    events = []
    capture = {
      id: 'c1',
      sessionId: 's',
      createdAt: '2026-01-01T00:00:00.000Z',
      editedAt: null,
      source: 'text',
      userText: 'Why is the sky blue?',
      answer: null,
      audioSha256: null,
      metadata: {},
    }
    const captures = {
      get: async () => ({ ...capture }),
      answer: async (_: string, answer: Answer) => {
        capture = { ...capture, answer }
        return { ...capture }
      },
    }
    services = {
      vault: { captures } as unknown as Vault,
      search: () => Promise.reject(new Error('nobody searches here')),
      languageModel: async () => MODEL,
      maxOutputTokens: 100,
      deadlines: DEADLINES,
      checkpoints: rows,
      clock,
      newId: () => 'id',
      log: silentLog,
    }
  })

  const answer = (agents: Agent[], signal = new AbortController().signal) =>
    createOrchestrator(services, agents).answer(capture, undefined, (event) => events.push(event), signal)
  const running = (name: AgentName) =>
    vi.waitFor(() => expect(events).toContainEqual({ type: 'agent', agent: name, state: 'running' }))
  const ended = (name: AgentName) =>
    vi.waitFor(() =>
      expect(events.some((event) => event.type === 'agent' && event.agent === name && event.run)).toBe(true),
    )

  it('records what each agent took, asked and cost, and adds it up', async () => {
    const looks = agent('research', async (_, help) => {
      await askModel(help)
      await askModel(help)
      return {}
    })
    const counts = agent('analysis', async () => ({}))
    await answer([answers, looks, counts])
    expect(capture.answer).toMatchObject({
      text: 'Because.',
      kind: 'simple',
      inputTokens: 21,
      outputTokens: 6,
      costUsd: 1.5,
      agentsUsed: [
        { agent: 'conversation', outcome: 'done', model: 'scripted-2', inputTokens: 7, outputTokens: 2, costUsd: 0.5 },
        { agent: 'research', outcome: 'done', model: 'scripted-2', inputTokens: 14, outputTokens: 4, costUsd: 1 },
        { agent: 'analysis', outcome: 'done', model: null, inputTokens: 0, outputTokens: 0, costUsd: 0 },
      ],
    })
  })

  it('runs the agents of a turn beside one another, and only those of its kind', async () => {
    let release = () => {}
    const second = new Promise<void>((resolve) => {
      release = resolve
    })
    const waitsForSecond = agent('conversation', async () => {
      await second
      return { answer: ANSWER }
    })
    const releases = agent('analysis', async () => {
      release()
      return {}
    })
    const never = agent('vision', () => Promise.reject(new Error('no picture here')), { kinds: ['visual'] })
    await answer([waitsForSecond, releases, never])
    expect(capture.answer?.agentsUsed.map(({ agent: name }) => name)).toEqual(['conversation', 'analysis'])
  })

  it('leaves out an agent that is late, names it, and keeps to its deadline though it hangs', async () => {
    const turn = answer([answers, hangs('analysis')])
    await running('analysis')
    await ended('conversation')
    clock.advance(DEADLINES.analysis - 1)
    expect(capture.answer).toBeNull()
    clock.advance(1)
    await turn
    expect(capture.answer?.agentsUsed).toMatchObject([
      { agent: 'conversation', outcome: 'done' },
      { agent: 'analysis', outcome: 'late', error: 'timeout', ms: 2_000 },
    ])
  })

  it('leaves out an agent that fails, and says why', async () => {
    const fails = (name: AgentName, code: 'network-down' | 'budget-reached') =>
      agent(name, () => Promise.reject(new LvaError(code, 'No.')))
    await answer([answers, fails('research', 'network-down'), fails('synthesis', 'budget-reached')])
    expect(capture.answer?.agentsUsed).toMatchObject([
      { agent: 'conversation', outcome: 'done' },
      { agent: 'research', outcome: 'failed', error: 'network-down' },
      { agent: 'synthesis', outcome: 'refused', error: 'budget-reached' },
    ])
  })

  it('gives the answer of the second agent where the first has none', async () => {
    const fails = agent('vision', () => Promise.reject(new LvaError('provider-unavailable', 'Down.')))
    await answer([fails, answers])
    expect(capture.answer?.text).toBe('Because.')
  })

  it('ends in time with a timeout when no word comes from the one that answers', async () => {
    const turn = answer([{ ...hangs('conversation'), due: 'first-words' }])
    await running('conversation')
    clock.advance(DEADLINES.conversation)
    await expect(turn).rejects.toMatchObject({ code: 'timeout' })
    expect(capture.answer).toBeNull()
  })

  it('lets an agent go on past its deadline once its first words have come', async () => {
    const goesOn = agent(
      'conversation',
      async (_, help) => {
        await askModel(help)
        await clock.sleep(60_000, help.signal)
        return { answer: ANSWER }
      },
      { due: 'first-words' },
    )
    const turn = answer([goesOn])
    await vi.waitFor(() => expect(events.some(({ type }) => type === 'delta')).toBe(true))
    clock.advance(60_000)
    await turn
    expect(capture.answer?.agentsUsed).toMatchObject([{ outcome: 'done', ms: 60_000 }])
  })

  it('lets an agent take part only where it is wanted', async () => {
    const seen: string[] = []
    const research = (isWanted: boolean) =>
      agent('research', async () => ({}), {
        isWanted: async ({ userText }) => {
          seen.push(userText)
          return isWanted
        },
      })
    await answer([answers, research(false)])
    expect(capture.answer?.agentsUsed.map(({ agent: name }) => name)).toEqual(['conversation'])
    await answer([answers, research(true)])
    expect(capture.answer?.agentsUsed.map(({ agent: name }) => name)).toEqual(['conversation', 'research'])
    expect(seen).toEqual(['Why is the sky blue?', 'Why is the sky blue?'])
  })

  describe('in which something may leave the device', () => {
    const LEAVING = { to: 'en.wikipedia.org', sends: 'sky blue' }
    const asksFirst = agent('research', async (_, help) => {
      const decision = await help.consent(LEAVING)
      const ended = help.asking(LEAVING)
      if (decision === 'no' || decision === 'late') ended({ outcome: 'refused' })
      else ended({ outcome: 'answered' })
      return {}
    })
    const open = () => events.filter((event) => event.type === 'consent')

    beforeEach(() => {
      services = { ...services, consentMs: 30_000 }
    })

    it('waits for the learner on their time, not on that of the agent, and records what was said to whom', async () => {
      const orchestrator = createOrchestrator(services, [answers, asksFirst])
      const turn = orchestrator.answer(capture, undefined, (event) => events.push(event), new AbortController().signal)
      await vi.waitFor(() => expect(open()).toHaveLength(1))
      clock.advance(29_000)
      expect(orchestrator.consent('id', 'once')).toBe(true)
      await turn
      expect(open()).toMatchObject([
        { state: 'open', ...LEAVING },
        { state: 'once', ...LEAVING },
      ])
      expect(capture.answer?.agentsUsed).toMatchObject([
        { agent: 'conversation' },
        { agent: 'research', outcome: 'done', asked: [{ ...LEAVING, outcome: 'answered' }] },
      ])
      expect(orchestrator.consent('id', 'once')).toBe(false)
    })

    it('ends without it when the learner says nothing', async () => {
      const turn = answer([answers, asksFirst])
      await vi.waitFor(() => expect(open()).toHaveLength(1))
      await ended('conversation')
      clock.advance(30_000)
      await turn
      expect(capture.answer?.agentsUsed[1]).toMatchObject({ asked: [{ ...LEAVING, outcome: 'refused' }] })
    })

    it('says of an agent that was late what had gone out', async () => {
      const hangsOutside = agent('research', (_, help) => {
        help.asking(LEAVING)
        return new Promise(() => undefined)
      })
      const turn = answer([answers, hangsOutside])
      await running('research')
      await ended('conversation')
      clock.advance(DEADLINES.research)
      await turn
      expect(capture.answer?.agentsUsed[1]).toMatchObject({
        outcome: 'late',
        asked: [{ ...LEAVING, outcome: 'late' }],
      })
    })
  })

  it('tells nothing more of an agent that was left out', async () => {
    let speak = () => {}
    const mumbles = agent('analysis', async (_, help) => {
      await new Promise<void>((resolve) => {
        speak = resolve
      })
      help.tell({ type: 'delta', text: 'too late' })
      return {}
    })
    const turn = answer([answers, mumbles])
    await running('analysis')
    await ended('conversation')
    clock.advance(DEADLINES.analysis)
    await turn
    speak()
    await Promise.resolve()
    expect(events).not.toContainEqual({ type: 'delta', text: 'too late' })
  })

  it('keeps nothing of a turn that has ended', async () => {
    const seen: number[] = []
    const looks = agent('analysis', async () => {
      await vi.waitFor(() => expect(rows.checkpoints.size).toBeGreaterThan(0))
      seen.push(rows.checkpoints.size)
      return {}
    })
    await answer([answers, looks])
    expect(seen[0]).toBeGreaterThan(0)
    expect(await rows.threads()).toEqual([])
  })

  it('answers all the same, and asks nobody twice, when its state cannot be kept', async () => {
    rows.failing = true
    let asked = 0
    const counted = agent('conversation', async () => {
      asked += 1
      return { answer: ANSWER }
    })
    await answer([counted])
    expect(asked).toBe(1)
    expect(events.filter(({ type }) => type === 'done')).toHaveLength(1)
    expect(capture.answer?.text).toBe('Because.')
  })

  it('lets nothing go to a tracing service, whatever the environment asks for', async () => {
    vi.stubEnv('LANGSMITH_TRACING', 'true')
    vi.stubEnv('LANGCHAIN_TRACING_V2', 'true')
    const sent = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('no network'))
    await answer([answers])
    expect(process.env.LANGSMITH_TRACING).toBeUndefined()
    expect(process.env.LANGCHAIN_TRACING_V2).toBeUndefined()
    expect(sent).not.toHaveBeenCalled()
    sent.mockRestore()
    vi.unstubAllEnvs()
  })

  describe('whose process ended', () => {
    /** A turn that stands where `agents` leave it, with another process' eyes. */
    async function cutOff(agents: Agent[], until: AgentName): Promise<void> {
      void answer(agents)
      await ended(until)
      await vi.waitFor(async () => {
        const [newest] = await rows.list('c1', '')
        expect((await rows.writes('c1', '', newest?.checkpointId ?? '')).length).toBeGreaterThan(1)
      })
    }

    it('is completed at the next start when its answer was there', async () => {
      await cutOff([answers, hangs('research')], 'conversation')
      let askedAgain = 0
      const conversation = agent('conversation', async () => {
        askedAgain += 1
        return { answer: ANSWER }
      })
      await createOrchestrator(services, [conversation, agent('research', async () => ({}))]).settle(
        new AbortController().signal,
      )
      expect(askedAgain).toBe(0)
      expect(capture.answer).toMatchObject({ text: 'Because.', agentsUsed: [{}, { agent: 'research' }] })
      expect(await rows.threads()).toEqual([])
    })

    it('waits to be asked again when nobody had answered', async () => {
      const other = agent('analysis', async () => ({}))
      await cutOff([hangs('conversation'), other], 'analysis')
      await createOrchestrator(services, [answers]).settle(new AbortController().signal)
      expect(capture.answer).toBeNull()
      expect(await rows.threads()).toEqual([])
    })

    it('keeps the answer that is stored already', async () => {
      await cutOff([answers, hangs('research')], 'conversation')
      const stored = { ...ANSWER, text: 'A later one.' }
      capture = { ...capture, answer: stored }
      await createOrchestrator(services, [answers]).settle(new AbortController().signal)
      expect(capture.answer).toEqual(stored)
    })
  })
})
