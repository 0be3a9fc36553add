import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LvaError, ManualClock, silentLog } from '../../kernel/index.ts'
import type { LanguageModel } from '../../models/index.ts'
import type { AgentName, Answer, Capture, Citation, Source, Vault } from '../../vault/index.ts'
import type { AgentServices, TurnEvent } from '../types.ts'
import type { Agent, AgentHelp, Finding, Task } from './agent.ts'
import type { CheckpointRow, CheckpointRows, WriteRow } from './checkpoint-rows.ts'
import { outcomesSoFar } from './graph.ts'
import { kindFeatures } from './kind-features.ts'
import trained from './kind-weights.json' with { type: 'json' }
import { rankKinds } from './kinds.ts'
import { createOrchestrator } from './orchestrate.ts'

const DEADLINES = { conversation: 5_000, analysis: 2_000, research: 8_000, vision: 8_000, synthesis: 3_000 }

/** All texts are alike to an embedder that gives it: their words alone tell them apart. */
const VECTOR = new Float32Array(384)
/** The two likeliest kinds of a text. */
const betweenKinds = (text: string): string[] =>
  rankKinds(kindFeatures(text, VECTOR))
    .slice(0, 2)
    .map(({ kind }) => kind)

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
    createOrchestrator(services, agents).answer(
      { capture, provider: undefined, isAgain: false },
      (event) => events.push(event),
      signal,
    )
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
    expect(events.some(({ type }) => type === 'done')).toBe(false)
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

  it('lets all agents of a turn together spend no more than a turn may, and says who was refused', async () => {
    const asked: string[] = []
    // Costs 0.4 at most, and all of it.
    const model: LanguageModel = {
      ...MODEL,
      async *stream(request) {
        const settle = request.allowance?.reserve(400_000)
        asked.push('once')
        yield* MODEL.stream(request)
        settle?.(400_000)
      },
    }
    services = { ...services, turnUsd: 1, languageModel: async () => model }
    const asks = (name: AgentName) =>
      agent(name, async (_, help) => {
        await askModel(help)
        return { answer: ANSWER }
      })
    await answer([asks('conversation'), asks('research'), asks('synthesis')])
    expect(asked).toHaveLength(2)
    const outcomes = capture.answer?.agentsUsed.map(({ outcome, error }) => error ?? outcome)
    expect(outcomes?.sort()).toEqual(['done', 'done', 'turn-budget-reached'])
    expect(capture.answer?.agentsUsed.find(({ error }) => error)?.outcome).toBe('refused')
  })

  it('takes a wish for a tool for no first word', async () => {
    const wishes: LanguageModel = {
      ...MODEL,
      async *stream() {
        yield { type: 'tool-call', call: { id: 'a', name: 'look', input: {} } }
        yield* MODEL.stream({ system: '', messages: [], passages: [], maxOutputTokens: 1 })
      },
    }
    services.languageModel = async () => wishes
    const looks = agent(
      'conversation',
      async (_, help) => {
        const model = await help.languageModel()
        for await (const event of model.stream({ system: '', messages: [], passages: [], maxOutputTokens: 9 }))
          if (event.type === 'tool-call') break
        help.tell({ type: 'tool', agent: 'conversation', name: 'look', state: 'running', about: '' })
        return new Promise(() => undefined)
      },
      { due: 'first-words' },
    )
    const turn = answer([looks])
    await vi.waitFor(() => expect(events.some(({ type }) => type === 'tool')).toBe(true))
    clock.advance(DEADLINES.conversation)
    await expect(turn).rejects.toMatchObject({ code: 'timeout' })
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'agent', state: 'late', run: expect.objectContaining({ tools: ['look'] }) }),
    )
  })

  it('lets an agent take part only where it is wanted', async () => {
    const seen: string[] = []
    const research = (isWanted: boolean) =>
      agent('research', async () => ({}), {
        isWanted: async ({ capture: { userText } }) => {
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
      const turn = orchestrator.answer(
        { capture, provider: undefined, isAgain: false },
        (event) => events.push(event),
        new AbortController().signal,
      )
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

  it('keeps what was found while others are still at work, and nothing of a turn that has ended', async () => {
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

  it('writes no state where nothing would be gone on with: one agent, whose answer ends the turn', async () => {
    const put = vi.spyOn(rows, 'put')
    const remove = vi.spyOn(rows, 'delete')
    await answer([answers])
    expect(put).not.toHaveBeenCalled()
    expect(remove).not.toHaveBeenCalled()
  })

  it('answers all the same, and asks nobody twice, when its state cannot be kept', async () => {
    rows.failing = true
    let asked = 0
    const counted = agent('conversation', async () => {
      asked += 1
      return { answer: ANSWER }
    })
    await answer([counted, agent('analysis', async () => ({}))])
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

  describe('of several agents', () => {
    const SOURCE: Source = {
      number: 1,
      kind: 'wikipedia',
      title: 'Rayleigh scattering',
      url: 'https://en.wikipedia.org/wiki/Rayleigh_scattering',
      quote: 'Lord Rayleigh explained the blue sky in 1871.',
      at: '2026-01-01T00:00:00.000Z',
    }
    const CITATION: Citation = {
      number: 2,
      captureId: 'old',
      kind: 'capture',
      field: 'userText',
      start: 0,
      end: 20,
      text: 'Short waves scatter.',
      when: '2025-12-01T00:00:00.000Z',
    }
    const answersCiting = agent('conversation', async (_, help) => {
      await askModel(help)
      return { answer: { ...ANSWER, text: 'Short waves scatter [2].', citations: [CITATION] } }
    })
    const looksUp = (addition: string) => agent('research', async () => ({ addition, sources: [SOURCE] }))
    const later = (name: AgentName) => events.findIndex((event) => event.type === 'agent' && event.agent === name)
    const typesOf = () => events.filter(({ type }) => type !== 'agent').map(({ type }) => type)
    /** Ends when the test says so. */
    function waits(name: AgentName, more: Partial<Agent> = {}) {
      let release: (finding: Finding) => void = () => undefined
      const finding = new Promise<Finding>((resolve) => {
        release = resolve
      })
      return { agent: agent(name, () => finding, more), release: (found: Finding) => release(found) }
    }

    it('gives the first words and the whole answer before slower ones have ended, and their addition afterwards', async () => {
      const research = waits('research')
      const turn = answer([answersCiting, research.agent])
      await vi.waitFor(() => expect(events.some(({ type }) => type === 'answered')).toBe(true))
      expect(capture.answer?.text).toBe('Short waves scatter [2].')
      expect(typesOf()).toEqual(['kind', 'delta', 'answered'])
      research.release({ addition: 'Rayleigh explained it in 1871 [1].', sources: [SOURCE] })
      await turn
      expect(typesOf()).toEqual(['kind', 'delta', 'answered', 'addition', 'done'])
    })

    describe('where the device is in doubt whether to look back', () => {
      /** The first of these that may ask about what was learned over time, or not. */
      const doubtful = ['What next?', 'Sum up the day.', 'How is it going?', 'Tell me more', 'Well', 'List it'].find(
        (text) => {
          const [one, two] = rankKinds(kindFeatures(text, VECTOR))
          return one && two && one.probability - two.probability < 0.2 && [one.kind, two.kind].includes('insight')
        },
      ) as string
      const looksBack = agent(
        'synthesis',
        async (_, help) => {
          help.tell({ type: 'delta', text: 'Short waves scatter [1].' })
          return { answer: { ...ANSWER, text: 'Short waves scatter [1].', citations: [{ ...CITATION, number: 1 }] } }
        },
        { kinds: ['insight'] },
      )
      const speaks = { ...answers, insteadOf: { insight: 'synthesis' } } satisfies Agent
      /** A model that is asked for the kind says this, once `when` has come. */
      const opinion = (said: string, when: Promise<unknown> = Promise.resolve()) => {
        services.languageModel = async () => ({
          ...MODEL,
          async *stream(request) {
            const isAskedForKind = request.maxOutputTokens !== 9
            if (isAskedForKind) await when
            yield { type: 'delta', text: isAskedForKind ? said : 'Because.' }
            yield { type: 'end', usage: { inputTokens: 1, outputTokens: 1, costUsd: 0 }, model: 'm', stopReason: 'end' }
          },
        })
      }

      beforeEach(() => {
        capture = { ...capture, userText: doubtful }
        services.embedder = {
          info: { id: trained.embedder, dimensions: VECTOR.length, maxTokens: 256 },
          embed: async () => [VECTOR],
        }
      })

      it('answers at once, and adds what was kept over time once the model says that it is asked for', async () => {
        const said = Promise.withResolvers<void>()
        opinion('insight', said.promise)
        const turn = answer([looksBack, speaks])
        await vi.waitFor(() => expect(capture.answer?.text).toBe('Because.'))
        expect(later('synthesis')).toBe(-1)
        said.resolve()
        await turn
        expect(typesOf()).toEqual(['kind', 'delta', 'answered', 'kind', 'addition', 'done'])
        expect(capture.answer).toMatchObject({
          kind: 'insight',
          text: 'Because.',
          additions: [{ agent: 'synthesis', text: 'Short waves scatter [1].' }],
          citations: [{ number: 1, captureId: 'old' }],
        })
      })

      it('does not look back where the model says that it is not', async () => {
        opinion(betweenKinds(doubtful).find((kind) => kind !== 'insight') as string)
        await answer([looksBack, speaks])
        expect(capture.answer?.additions).toBeUndefined()
        expect(later('synthesis')).toBe(-1)
      })

      it('goes on with what is likeliest where the model cannot be had, and the failure is that of whoever answers', async () => {
        services.languageModel = () => Promise.reject(new LvaError('provider-key-missing', 'No key.'))
        const findsNothing = { ...looksBack, run: async () => ({}) }
        await expect(answer([findsNothing, speaks])).rejects.toMatchObject({ code: 'provider-key-missing' })
        expect(events).toContainEqual({ type: 'kind', kind: betweenKinds(doubtful)[0], by: 'device' })
      })

      it('stops asking for the kind when nobody could answer', async () => {
        let asked: AbortSignal | undefined
        services.languageModel = async () => ({
          ...MODEL,
          async *stream({ signal }) {
            asked = signal
            await new Promise(() => undefined)
            yield { type: 'delta', text: 'insight' }
          },
        })
        const fails = agent('conversation', async () => {
          await vi.waitFor(() => expect(asked).toBeDefined())
          throw new LvaError('provider-stream-cut', 'Cut.')
        })
        const turn = answer([looksBack, { ...fails, insteadOf: { insight: 'synthesis' } }])
        await expect(turn).rejects.toMatchObject({ code: 'provider-stream-cut' })
        expect(asked?.aborted).toBe(true)
      })

      it('asks nobody where no model is set up, and takes what is likeliest', async () => {
        const stream = vi.fn(MODEL.stream)
        services.languageModel = async () => ({ ...MODEL, provider: 'offline', stream })
        await answer([
          looksBack,
          agent('conversation', async () => ({ answer: ANSWER }), { insteadOf: { insight: 'synthesis' } }),
        ])
        expect(stream).not.toHaveBeenCalled()
        expect(events.filter(({ type }) => type === 'kind')).toMatchObject([
          { kind: betweenKinds(doubtful)[0], by: 'device' },
        ])
      })
    })

    it('numbers what others found after the citations of the answer, whoever ended first', async () => {
      const conversation = waits('conversation')
      const turn = answer([conversation.agent, looksUp('Rayleigh explained it in 1871 [1].')])
      await ended('research')
      expect(events.some(({ type }) => type === 'addition')).toBe(false)
      conversation.release({ answer: { ...ANSWER, text: 'Short waves scatter [2].', citations: [CITATION] } })
      await turn
      expect(capture.answer?.additions).toMatchObject([
        { agent: 'research', text: 'Rayleigh explained it in 1871 [3].' },
      ])
      expect(capture.answer?.sources).toEqual([{ ...SOURCE, number: 3 }])
      expect(events).toContainEqual(
        expect.objectContaining({ type: 'addition', text: 'Rayleigh explained it in 1871 [3].' }),
      )
    })

    it('takes a number out of an addition whose source does not say it, and one that was never there', async () => {
      await answer([answersCiting, looksUp('Rayleigh explained it in 1905 [1]. Nobody disagrees [2].')])
      expect(capture.answer?.additions?.[0]?.text).toBe('Rayleigh explained it in 1905 [?]. Nobody disagrees [?].')
    })

    it('lets one begin after the others, with what they found under the numbers that the learner sees', async () => {
      let seen: Task['soFar'] | undefined
      const joins = agent(
        'synthesis',
        async ({ soFar }) => {
          seen = soFar
          return {
            addition: 'Short waves scatter [2], which Rayleigh explained in 1871 [3]. Red waves pass [4].',
            citations: [{ ...CITATION, number: 4, captureId: 'other', text: 'Red waves pass.', end: 15 }],
            followUps: ['And why are sunsets red?', 'And why are sunsets red?'],
          }
        },
        { afterOthers: ['simple'] },
      )
      await answer([joins, answersCiting, looksUp('Rayleigh explained it in 1871 [1].')])
      expect(later('synthesis')).toBeGreaterThan(later('research'))
      expect(seen).toMatchObject({ nextNumber: 4, additions: [{ agent: 'research' }] })
      expect(capture.answer).toMatchObject({
        citations: [{ number: 2 }, { number: 4, captureId: 'other' }],
        followUps: ['And why are sunsets red?'],
        additions: [{}, { text: 'Short waves scatter [2], which Rayleigh explained in 1871 [3]. Red waves pass [4].' }],
      })
    })

    it('asks one that answers in the place of another only where that has nothing', async () => {
      const instead = { ...answers, insteadOf: { simple: 'vision' as const } }
      let vision: Finding = { answer: { ...ANSWER, text: 'A picture of the sky.' } }
      const sees = agent('vision', async () => vision)
      await answer([sees, instead])
      expect(capture.answer?.agentsUsed.map(({ agent: name }) => name)).toEqual(['vision'])
      vision = {}
      await answer([sees, instead])
      expect(capture.answer?.text).toBe('Because.')
      expect(capture.answer?.agentsUsed.map(({ agent: name }) => name)).toEqual(['vision', 'conversation'])
      await answer([{ ...sees, isWanted: async () => false }, instead])
      expect(capture.answer?.agentsUsed.map(({ agent: name }) => name)).toEqual(['conversation'])
    })

    it('takes words back that were spoken before another had to answer in their place', async () => {
      const breaksOff = agent('vision', async (_, help) => {
        help.tell({ type: 'delta', text: 'I see a' })
        throw new LvaError('provider-stream-cut', 'Cut.')
      })
      await answer([breaksOff, { ...answers, insteadOf: { simple: 'vision' } }])
      expect(typesOf()).toEqual(['kind', 'delta', 'withdrawn', 'delta', 'done'])
    })

    it('has a late one stood in for, and records both', async () => {
      const turn = answer([
        {
          ...hangs('conversation'),
          due: 'first-words',
          standIn: async () => ({ answer: { ...ANSWER, text: 'By memory.' } }),
        },
      ])
      await running('conversation')
      clock.advance(DEADLINES.conversation)
      await turn
      expect(capture.answer?.text).toBe('By memory.')
      expect(capture.answer?.agentsUsed).toMatchObject([
        { agent: 'conversation', outcome: 'late' },
        { agent: 'conversation', outcome: 'done' },
      ])
    })

    it('waits longer for one that could be stood in for when the learner asks again', async () => {
      services = { ...services, deadlines: { ...DEADLINES, again: 60_000 } }
      const conversation = waits('conversation', {
        standIn: async () => ({ answer: { ...ANSWER, text: 'By memory.' } }),
      })
      const turn = createOrchestrator(services, [conversation.agent]).answer(
        { capture, provider: undefined, isAgain: true },
        (event) => events.push(event),
        new AbortController().signal,
      )
      await running('conversation')
      clock.advance(59_000)
      conversation.release({ answer: ANSWER })
      await turn
      expect(capture.answer?.text).toBe('Because.')
    })

    it('waits for none in the background, and records it when it has ended', async () => {
      const analysis = waits('analysis', { inBackground: ['simple'] })
      const orchestrator = createOrchestrator(services, [answers, analysis.agent])
      await orchestrator.answer(
        { capture, provider: undefined, isAgain: false },
        (event) => events.push(event),
        new AbortController().signal,
      )
      expect(events.at(-1)).toMatchObject({ type: 'done' })
      expect(capture.answer?.agentsUsed.map(({ agent: name }) => name)).toEqual(['conversation'])
      analysis.release({})
      await orchestrator.idle()
      expect(capture.answer?.agentsUsed.map(({ agent: name }) => name)).toEqual(['conversation', 'analysis'])
    })

    it('proposes the cards that agents made once the answer is there, and is whole where they cannot be kept', async () => {
      const card = { front: 'What is it?', back: 'The sky.', source: null }
      const propose = vi.fn(async () => [])
      Object.assign(services.vault, { cards: { propose } })
      const orchestrator = createOrchestrator(services, [answers, agent('analysis', async () => ({ cards: [card] }))])
      const turn = { capture, provider: undefined, isAgain: false }
      await orchestrator.answer(turn, (event) => events.push(event), new AbortController().signal)
      await orchestrator.idle()
      expect(propose).toHaveBeenCalledWith([card])
      propose.mockRejectedValue(new LvaError('disk-full', 'Full.'))
      await orchestrator.answer(turn, (event) => events.push(event), new AbortController().signal)
      await orchestrator.idle()
      expect(events.filter(({ type }) => type === 'done')).toHaveLength(2)
    })

    it('does not record a background run in an answer that came later', async () => {
      const analysis = waits('analysis', { inBackground: ['simple'] })
      const orchestrator = createOrchestrator(services, [answers, analysis.agent])
      await orchestrator.answer(
        { capture, provider: undefined, isAgain: false },
        () => undefined,
        new AbortController().signal,
      )
      const other = { ...ANSWER, text: 'Asked again.', createdAt: '2026-01-02T00:00:00.000Z' }
      capture = { ...capture, answer: other }
      analysis.release({})
      await orchestrator.idle()
      expect(capture.answer).toEqual(other)
    })

    it('keeps what came when the learner stops while others are still at work, and asks nobody more', async () => {
      const stop = new AbortController()
      const synthesis = vi.fn(async () => ({}))
      const listens = agent(
        'analysis',
        (_, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      )
      const turn = answer(
        [
          answersCiting,
          looksUp('Rayleigh explained it in 1871 [1].'),
          listens,
          agent('synthesis', synthesis, { afterOthers: ['simple'] }),
        ],
        stop.signal,
      )
      await vi.waitFor(() => expect(events.some(({ type }) => type === 'addition')).toBe(true))
      stop.abort()
      await turn
      expect(capture.answer).toMatchObject({
        text: 'Short waves scatter [2].',
        additions: [{ agent: 'research' }],
        agentsUsed: [{ outcome: 'done' }, { outcome: 'done' }, { agent: 'analysis', outcome: 'stopped' }],
      })
      expect(synthesis).not.toHaveBeenCalled()
    })

    it('leaves one behind that does not stop when it is told to', async () => {
      const stop = new AbortController()
      const turn = answer([answers, hangs('research')], stop.signal)
      await ended('conversation')
      stop.abort()
      clock.advance(1_000)
      await turn
      expect(capture.answer?.agentsUsed).toMatchObject([{}, { agent: 'research', outcome: 'stopped' }])
    })

    it('ends a turn at once when the only one that could answer fails, whatever others are at', async () => {
      const listens = agent(
        'research',
        (_, { signal }) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
        { onlyAdds: true },
      )
      const fails = agent('conversation', () => Promise.reject(new LvaError('provider-key-refused', 'No.')))
      await expect(answer([fails, listens])).rejects.toMatchObject({ code: 'provider-key-refused' })
      expect(capture.answer).toBeNull()
    })
  })

  describe('whose process ended', () => {
    /** A turn that stands where `agents` leave it, with another process' eyes. */
    async function cutOff(agents: Agent[], until: AgentName): Promise<void> {
      void answer(agents)
      await ended(until)
      await vi.waitFor(async () => {
        const outcomes = await outcomesSoFar(rows, 'c1')
        expect(outcomes.map(({ run }) => run.agent)).toContain(until)
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
      expect(capture.answer?.text).toBe('Because.')
      expect(capture.answer?.agentsUsed.map(({ agent: name }) => name).sort()).toEqual(['conversation', 'research'])
      expect(await rows.threads()).toEqual([])
    })

    it('waits to be asked again when nobody had answered', async () => {
      const other = agent('analysis', async () => ({}))
      void answer([hangs('conversation'), other])
      await ended('analysis')
      await createOrchestrator(services, [answers]).settle(new AbortController().signal)
      expect(capture.answer).toBeNull()
      expect(await rows.threads()).toEqual([])
    })

    it('goes on after its answer was stored, with what is still to be added', async () => {
      const adds = agent('synthesis', async ({ soFar }) => ({ addition: `${soFar.additions.length} before me.` }), {
        afterOthers: ['simple'],
      })
      const looks = agent('research', async () => ({ addition: 'It was looked up.' }))
      await cutOff([answers, looks, { ...hangs('synthesis'), afterOthers: ['simple'] }], 'research')
      expect(capture.answer?.text).toBe('Because.')
      await createOrchestrator(services, [answers, looks, adds]).settle(new AbortController().signal)
      expect(capture.answer?.additions?.map(({ text }) => text)).toEqual(['It was looked up.', '1 before me.'])
      expect(await rows.threads()).toEqual([])
    })

    it('keeps the answer that is stored already', async () => {
      await cutOff([answers, hangs('research')], 'conversation')
      const stored = { ...ANSWER, text: 'A later one.', createdAt: '2026-01-02T00:00:00.000Z' }
      capture = { ...capture, answer: stored }
      await createOrchestrator(services, [answers]).settle(new AbortController().signal)
      expect(capture.answer).toEqual(stored)
    })
  })
})
