import { type ErrorCode, isLvaError, LvaError } from '../../kernel/index.ts'
import { createAllowance } from '../../models/index.ts'
import type { AgentName, Answer, NewCard, TurnKind } from '../../vault/index.ts'
import { modeOf } from '../modes/mode-of.ts'
import type { AgentServices, TurnEvent } from '../types.ts'
import type { Agent, Outcome, Task } from './agent.ts'
import type { Consents } from './consents.ts'
import { asAddition, joined, NOTHING_FOUND, wholeAnswer } from './findings.ts'
import type { TurnSteps } from './graph.ts'
import type { SpokenKind } from './kind-cues.ts'
import type { KindOfTurn, KindReader, ReadKind } from './kinds.ts'
import { Meter } from './metered-model.ts'
import type { Question } from './orchestrate.ts'
import { type Chain, type Plan, planOf } from './plan.ts'
import { runAgent } from './run-agent.ts'

/** What whoever asks the same provider next would meet as well: it is said at once, and nothing is asked twice. */
const MEETS_ALL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'provider-key-missing',
  'provider-key-refused',
  'provider-model-unknown',
  'provider-rate-limited',
  'provider-circuit-open',
  'budget-reached',
  'turn-budget-reached',
  'network-down',
])

export interface TurnParts {
  services: AgentServices
  agents: readonly Agent[]
  kinds: KindReader
  consents: Consents
  question: Question
  tell(event: TurnEvent): void
  /** Aborted when the learner stops the turn. */
  signal: AbortSignal
  /** Called when there is something that a crash must not lose. */
  keep(): void
  /** Takes what goes on after the turn. */
  goesOn(work: Promise<void>): void
  /** What a process before this one had found. */
  before?: readonly Outcome[]
}

export interface Turn {
  /** Each is taken once, so that a turn whose graph breaks can go on without it. */
  steps: TurnSteps
  /** @throws why there is no answer: the failure of the agent that comes first in the registry */
  mustBeAnswered(): void
}

export function openTurn({
  services,
  agents,
  kinds,
  consents,
  question,
  tell,
  signal,
  keep,
  goesOn,
  before = [],
}: TurnParts): Turn {
  const { vault, clock, log } = services
  const { capture } = question
  const failures = new Map<string, unknown>()
  const pointless = new AbortController()
  const context = {
    services,
    tell,
    consents,
    allowance: createAllowance(services.turnUsd ?? Number.POSITIVE_INFINITY),
    signal: AbortSignal.any([signal, pointless.signal]),
    begun: clock.monotonic(),
  }
  /** What asking for the turn's kind used. */
  const asking = new Meter(context.allowance, () => undefined)
  /** In the order in which they ended. */
  const ended = [...before].sort((a, b) => a.endedAt.localeCompare(b.endedAt))
  /** Chains of this stage that run. */
  let running: Chain[] = []
  let hasMoreStages = false
  let early: Promise<unknown> | undefined
  /** What the language model says of a turn in doubt: that it looks back, or nothing. Never rejects. */
  let looksBack: Promise<KindOfTurn | undefined> | undefined
  /** Aborted when the turn is over, whatever became of it. */
  const over = new AbortController()
  /** Who adds what the learner kept over time, and what the turn is known to be since. */
  let lookedBack: { agent: AgentName; kind: KindOfTurn } | undefined
  let additionsTold = 0
  let isAnswered = false
  const background = {
    signal: new AbortController(),
    /** The first words of an answer are there, or all of it. */
    mayBegin: Promise.withResolvers<void>(),
    outcomes: [] as Outcome[],
    works: [] as Promise<unknown>[],
  }
  signal.addEventListener('abort', () => {
    if (!isAnswered) background.signal.abort(signal.reason)
  })

  const taskOf = (kind: KindOfTurn, soFar = NOTHING_FOUND): Task => ({ ...question, kind: kind.kind, soFar })
  const findsOut = modeOf(capture) !== 'answer'
  const mayTell = (agent: Agent, kind: TurnKind) =>
    !findsOut || agent.helpsToFindOut || agent.inBackground?.includes(kind) || kind === 'visual'
  const mayTakePart = (kind: TurnKind) => agents.filter((agent) => agent.kinds.includes(kind) && mayTell(agent, kind))
  /** Whom the learner hears first, in a turn of this kind. */
  const firstToAnswer = (kind: TurnKind) => {
    const names = planOf(kind, mayTakePart(kind)).first.flatMap(([name]) => name ?? [])
    return names.find((name) => !agentNamed(name).onlyAdds)
  }

  /**
   * Where somebody else may have to look back, nobody waits to know: what can be answered at once is, and the language model says meanwhile
   * whether what the learner kept over time belongs to it.
   */
  async function beginInDoubt({ kind, nearly }: ReadKind): Promise<KindOfTurn> {
    const between = [kind, nearly] as [SpokenKind, SpokenKind]
    const [atOnce] = between.filter((one) => one !== 'insight')
    if (!atOnce || !between.includes('insight') || firstToAnswer(atOnce) === firstToAnswer('insight'))
      return { kind, by: 'device' }
    // Whoever answers asks for it as well, and says why there is none.
    const model = await services.languageModel(question.provider).catch(() => undefined)
    if (!model || model.provider === 'offline') return { kind, by: 'device' }
    const stop = AbortSignal.any([signal, over.signal])
    const asked = kinds.choose(capture.userText, between, async () => asking.over(model), stop)
    looksBack = asked.then(
      (chosen) => ((chosen ?? kind) === 'insight' ? { kind: 'insight', by: chosen ? 'model' : 'device' } : undefined),
      () => undefined,
    )
    return { kind: atOnce, by: 'device' }
  }

  /** Whoever sums up a time, beside an answer that is there. */
  function lookingBack(agent: Agent): Agent {
    const quietly =
      (run: Agent['run']): Agent['run'] =>
      async (task, help) => {
        const tell = (event: TurnEvent) => {
          if (event.type !== 'delta' && event.type !== 'memory') help.tell(event)
        }
        return asAddition(await run({ ...task, kind: 'insight' }, { ...help, tell }), task.soFar.nextNumber)
      }
    return { ...agent, run: quietly(agent.run), ...(agent.standIn && { standIn: quietly(agent.standIn) }) }
  }

  const planFor = once(async (kind: KindOfTurn) => {
    const candidates = mayTakePart(kind.kind)
    const isWanted = await Promise.all(
      candidates.map((agent) => agent.isWanted?.({ capture, kind: kind.kind }, services) ?? true),
    )
    return planOf(
      kind.kind,
      candidates.filter((_, at) => isWanted[at]),
    )
  })

  /** What runs over the answer and what was found with it. Whoever looks back does nothing else. */
  async function afterAnswer({ afterwards }: Plan): Promise<Chain[]> {
    const kind = await looksBack
    const agent = kind && firstToAnswer(kind.kind)
    if (!agent) return afterwards
    if (!lookedBack) tell({ type: 'kind', ...kind })
    lookedBack = { agent, kind }
    return [...afterwards.filter(([name]) => name !== agent), [agent]]
  }

  const placeOf = (run: Outcome['run']) => agents.findIndex(({ name }) => name === run.agent)

  function agentNamed(name: AgentName): Agent {
    const agent = agents.find((one) => one.name === name)
    if (!agent) throw new LvaError('internal', `There is no ${name} agent any more.`)
    return agent
  }

  function runInBackground(names: readonly AgentName[], kind: KindOfTurn): void {
    const aside = { ...context, signal: background.signal.signal }
    background.works = names.map(async (name) => {
      await background.mayBegin.promise
      if (aside.signal.aborted) return
      const { error: _, ...outcome } = await runAgent(agentNamed(name), taskOf(kind), aside)
      background.outcomes.push(outcome)
    })
  }

  /** The agents of a chain one after the other, until one has answered. One that is late is stood in for. */
  async function runChain(chain: Chain, task: Task): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    const queue = chain.map((name) =>
      task.soFar.answer && lookedBack?.agent === name ? lookingBack(agentNamed(name)) : agentNamed(name),
    )
    let hasSpoken = false
    const listening = (event: TurnEvent) => {
      hasSpoken ||= event.type === 'delta'
      tell(event)
      if (hasSpoken) background.mayBegin.resolve()
    }
    for (let agent = queue.shift(); agent; agent = queue.shift()) {
      const { error, ...outcome } = await runAgent(agent, task, { ...context, tell: listening })
      if (error !== undefined && !failures.has(agent.name)) failures.set(agent.name, error)
      outcomes.push(outcome)
      ended.push(outcome)
      if (outcome.finding?.answer) background.mayBegin.resolve()
      if (outcome.finding?.answer || context.signal.aborted) break
      if (isLvaError(error) && MEETS_ALL.has(error.code)) break
      const { standIn, ...rest } = agent
      if (outcome.run.outcome === 'late' && standIn) queue.unshift({ ...rest, run: standIn })
      if (hasSpoken && queue.length > 0) tell({ type: 'withdrawn' })
      hasSpoken = false
    }
    return outcomes
  }

  /** Some agents have ended: what the learner can see now, they see. */
  async function tellNew(kind: KindOfTurn): Promise<void> {
    const found = joined(ended)
    const isWaiting = running.length > 0 || hasMoreStages
    if (!found.answer) {
      if (running.every((chain) => chain.every((name) => agentNamed(name).onlyAdds))) pointless.abort()
      return
    }
    if (isWaiting && !early) {
      keep()
      early = vault.captures.answer(capture.id, recorded(kind, found.answer)).then(
        (answered) => tell({ type: 'answered', capture: answered }),
        // Stored again in the end, which says what is wrong.
        (error: unknown) => log.warn({ error, capture: capture.id }, 'an answer is stored later than it was there'),
      )
    }
    await early
    for (const { agent, text } of found.additions.slice(additionsTold)) {
      const { citations, sources } = found
      tell({ type: 'addition', agent, text, citations, sources })
    }
    additionsTold = Math.max(additionsTold, found.additions.length)
  }

  function recorded(begun: KindOfTurn, answer: Answer): Answer {
    const { kind } = lookedBack?.kind ?? begun
    const outcomes = [...ended, ...background.outcomes]
    const runs = outcomes.map(({ run }) => run)
    const [analysis] = outcomes.flatMap(({ finding }) => finding?.analysis ?? [])
    const used = [...runs, asking.usage]
    const sum = (of: 'inputTokens' | 'outputTokens') => used.reduce((total, run) => total + (run[of] ?? 0), 0)
    return {
      ...answer,
      kind,
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      costUsd: used.some(({ costUsd }) => costUsd === null)
        ? null
        : used.reduce((total, { costUsd }) => total + (costUsd ?? 0), 0),
      agentsUsed: runs.sort((a, b) => (a.startedMs ?? 0) - (b.startedMs ?? 0) || placeOf(a) - placeOf(b)),
      ...(analysis && { analysis }),
    }
  }

  /** What ran in the background is recorded when it has ended, unless there is another answer by then. */
  async function recordBackground(kind: KindOfTurn, answer: Answer): Promise<void> {
    try {
      await Promise.all(background.works)
      const { answer: present } = await vault.captures.get(capture.id)
      if (present?.createdAt !== answer.createdAt) return
      await vault.captures.answer(capture.id, recorded(kind, answer))
    } catch (error) {
      log.warn({ error, capture: capture.id }, 'what ran in the background of a turn is not recorded')
    }
  }

  /** Candidates until the learner keeps them; an answer without them is whole. */
  async function proposeCards(cards: readonly NewCard[]): Promise<void> {
    try {
      await vault.cards.propose(cards)
    } catch (error) {
      log.warn({ error, capture: capture.id }, 'the cards of a turn could not be proposed')
    }
  }

  const steps: TurnSteps = {
    classify: once(async () => {
      const kind: KindOfTurn = capture.pictures?.length
        ? { kind: 'visual', by: 'device' }
        : await beginInDoubt(await kinds.read(capture.userText, signal))
      tell({ type: 'kind', ...kind })
      return kind
    }),

    stage: onceEach(
      (stage: number) => String(stage),
      async (stage, kind: KindOfTurn) => {
        const plan = await planFor(kind)
        if (stage === 0) runInBackground(plan.background, kind)
        hasMoreStages = stage === 0 && (plan.afterwards.length > 0 || looksBack !== undefined)
        const mayGoOn = stage === 1 && joined(ended).answer !== null && !signal.aborted
        const chains = stage === 0 ? plan.first : mayGoOn ? await afterAnswer(plan) : []
        running = [...chains]
        return chains
      },
    ),

    run: onceEach(
      (chain: Chain) => chain.join(),
      async (chain, kind: KindOfTurn, found: readonly Outcome[]) => {
        const outcomes = await runChain(chain, taskOf(kind, joined(found)))
        running = running.filter((other) => other.join() !== chain.join())
        await tellNew(kind)
        return outcomes
      },
    ),

    reply: once(async (kind) => {
      over.abort()
      await early
      const found = wholeAnswer(joined(ended))
      if (!found) return
      const answer = recorded(kind, found)
      const answered = await vault.captures.answer(capture.id, answer)
      isAnswered = true
      log.info({ capture: capture.id, agents: answer.agentsUsed.length }, 'answered a turn')
      tell({ type: 'done', capture: answered })
      background.mayBegin.resolve()
      if (background.outcomes.length < background.works.length) goesOn(recordBackground(kind, found))
      const cards = ended.flatMap(({ finding }) => finding?.cards ?? [])
      if (cards.length > 0) goesOn(proposeCards(cards))
    }),
  }

  return {
    steps,
    mustBeAnswered() {
      if (isAnswered) return
      signal.throwIfAborted()
      const [failure] = agents.filter(({ name }) => failures.has(name)).map(({ name }) => failures.get(name))
      throw failure ?? new LvaError('internal', 'No agent answered.')
    },
  }
}

/** The turn without LangGraph: the same steps, nothing kept between them. */
export async function runPlainly(steps: TurnSteps): Promise<void> {
  const kind = await steps.classify()
  let outcomes: Outcome[] = []
  for (let stage = 0; ; stage += 1) {
    const chains = await steps.stage(stage, kind)
    if (chains.length === 0) break
    const before = outcomes
    outcomes = [...before, ...(await Promise.all(chains.map((chain) => steps.run(chain, kind, before)))).flat()]
  }
  await steps.reply(kind)
}

function once<Given extends unknown[], Made>(make: (...given: Given) => Promise<Made>) {
  let made: Promise<Made> | undefined
  return (...given: Given): Promise<Made> => {
    made ??= make(...given)
    return made
  }
}

/** @param name what one call is known by */
function onceEach<Of, Given extends unknown[], Made>(
  name: (of: Of) => string,
  make: (of: Of, ...given: Given) => Promise<Made>,
) {
  const made = new Map<string, Promise<Made>>()
  return (of: Of, ...given: Given): Promise<Made> => {
    const known = made.get(name(of)) ?? make(of, ...given)
    made.set(name(of), known)
    return known
  }
}
