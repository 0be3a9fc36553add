import { Channel, LvaError } from '../../kernel/index.ts'
import type { PeriodTopics } from '../../memory/index.ts'
import { createAllowance, detectLanguage, type LanguageProvider } from '../../models/index.ts'
import type { Answer, Capture } from '../../vault/index.ts'
import { Meter } from '../orchestrator/metered-model.ts'
import type { AgentServices, TurnEvent } from '../types.ts'
import { type Gathered, leftOpenBy, numbered, sumUp } from './insight.ts'
import { SYNTHESIS_PHRASES } from './phrases.ts'

/** What is summed up: one session, or one day (`2026-11-26`) by the clock of this machine. */
export type SummaryOf = { session: string } | { day: string }

/** It is not stored, and so never out of date. */
export interface Summary
  extends Pick<
    Answer,
    'text' | 'citations' | 'provider' | 'model' | 'inputTokens' | 'outputTokens' | 'costUsd' | 'ending'
  > {
  followUps: string[]
  /** Ids of the cards that come from it; those that were in the deck before are among them. */
  cards: string[]
}

export type SummaryEvent =
  | Pick<Extract<TurnEvent, { type: 'memory' }>, 'type' | 'citations' | 'provider' | 'model'>
  | { type: 'delta'; text: string }
  | { type: 'done'; summary: Summary }

export interface Summaries {
  /**
   * Sums up with the active provider or the one named. Aborting `signal`, or leaving the iterator, stops it.
   * @throws LvaError not-found, nothing-to-sum-up, turn-budget-reached, what the provider says
   */
  make(of: SummaryOf, provider?: LanguageProvider, signal?: AbortSignal): AsyncIterable<SummaryEvent>
  /** Resolves when none is under way. */
  idle(): Promise<void>
}

type Services = Pick<
  AgentServices,
  'vault' | 'concepts' | 'languageModel' | 'maxOutputTokens' | 'turnUsd' | 'clock' | 'log'
>

const MOST_TOPICS = 6
const PASSAGES_OF_A_TOPIC = 2
/** Captures that are looked through for open questions, and quoted where no concept is known of them yet. */
const MOST_CAPTURES = 100
const MOST_OPEN = 2
const MOST_QUOTED = 6
const LONGEST_QUOTE = 400

export function createSummaries(services: Services): Summaries {
  const underWay = new Set<Promise<void>>()
  return {
    make(of, provider, signal) {
      const stop = new AbortController()
      const events = new Channel<SummaryEvent>(() => stop.abort(new DOMException('The reader left.', 'AbortError')))
      const stopping = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
      const work = summarize(services, of, provider, stopping, (event) => events.push(event)).then(
        () => events.end(),
        (error: unknown) => events.fail(error),
      )
      underWay.add(work)
      void work.then(() => underWay.delete(work))
      return events
    },
    idle: async () => void (await Promise.all(underWay)),
  }
}

async function summarize(
  services: Services,
  of: SummaryOf,
  provider: LanguageProvider | undefined,
  signal: AbortSignal,
  tell: (event: SummaryEvent) => void,
): Promise<void> {
  const { vault, clock, log, maxOutputTokens } = services
  const gathered = await gather(services, of)
  signal.throwIfAborted()
  const meter = new Meter(createAllowance(services.turnUsd ?? Number.POSITIVE_INFINITY), () => undefined)
  const { sumUpSession, sumUpDay } = SYNTHESIS_PHRASES[gathered.language]
  const { answer, followUps, cards } = await sumUp(gathered, 'session' in of ? sumUpSession : sumUpDay, provider, {
    languageModel: async (name) => meter.over(await services.languageModel(name)),
    ...{ maxOutputTokens, signal, clock },
    tell: (event) => {
      if (event.type === 'delta' || event.type === 'memory') tell(event)
    },
  })
  if (!answer) throw nothingKept()
  let proposed: string[] = []
  if (cards && !signal.aborted) {
    try {
      proposed = (await vault.cards.propose(cards)).map(({ id }) => id)
    } catch (error) {
      log.warn({ error }, 'the cards of a summary could not be proposed')
    }
  }
  const { text, citations, model, inputTokens, outputTokens, costUsd, ending } = answer
  tell({
    type: 'done',
    summary: {
      ...{ text, citations, provider: answer.provider, model, inputTokens, outputTokens, costUsd, ending },
      ...{ followUps: followUps ?? [], cards: proposed },
    },
  })
}

async function gather({ vault, concepts }: Services, of: SummaryOf): Promise<Gathered> {
  const { from, to, sessionId } = await stretchOf(vault, of)
  const between = { from: from.toISOString(), to: to.toISOString(), ...(sessionId !== undefined && { sessionId }) }
  const [kept, captures] = await Promise.all([
    concepts?.topics({ ...between, topics: MOST_TOPICS, passages: PASSAGES_OF_A_TOPIC, without: '' }),
    vault.captures.list({ ...between, order: 'oldest' }, { limit: MOST_CAPTURES }),
  ])
  const own = captures.items.filter(({ answer }) => answer?.kind !== 'insight')
  const named = kept && numbered(kept)
  const { topics, citations } = named && named.topics.length > 0 ? named : numbered(wordForWord(own))
  if (topics.length === 0) throw nothingKept()
  return {
    language: detectLanguage(topics.flatMap(({ passages }) => passages.map(({ text }) => text)).join('\n')),
    ...{ from, to, topics, citations, gaps: [] },
    kept: kept ?? { captures: own.length, notes: 0, documents: 0, topics: [] },
    open: own.flatMap(leftOpenBy).slice(0, MOST_OPEN),
  }
}

async function stretchOf(vault: Services['vault'], of: SummaryOf) {
  if ('day' in of) {
    const [year = 0, month = 1, day = 1] = of.day.split('-').map(Number)
    return { from: new Date(year, month - 1, day), to: new Date(year, month - 1, day + 1), sessionId: undefined }
  }
  const session = await vault.sessions.get(of.session)
  const first = await vault.captures.list({ sessionId: of.session, order: 'oldest' }, { limit: 1 })
  return {
    from: new Date(first.items[0]?.createdAt ?? session.createdAt),
    to: new Date(Date.parse(session.lastAt) + 1),
    sessionId: of.session,
  }
}

/** What was said just now is not read for concepts yet: its beginnings are quoted. */
function wordForWord(captures: readonly Capture[]): Pick<PeriodTopics, 'topics'> {
  return {
    topics: captures
      .filter(({ userText }) => userText.trim() !== '')
      .slice(0, MOST_QUOTED)
      .map(({ id, userText, createdAt }) => {
        const start = userText.length - userText.trimStart().length
        const text = userText.slice(start, start + LONGEST_QUOTE).trimEnd()
        const place = { kind: 'capture', captureId: id, field: 'userText', when: createdAt } as const
        return {
          ...{ conceptId: id, name: '', texts: 1 },
          passages: [{ ...place, start, end: start + text.length, text }],
        }
      }),
  }
}

function nothingKept(): LvaError {
  return new LvaError('nothing-to-sum-up', 'Nothing that could be summed up was kept there.', {
    advice: 'Say or write something first, or choose another session or day.',
  })
}
