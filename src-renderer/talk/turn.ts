import type { AgentName, Capture, Citation, ProviderName, Source, TurnEvent } from '../../src-core/contract/index.ts'
import type { Failure } from '../backend/failure.ts'
import type { DraftPicture } from '../pictures/draft-picture.ts'

/** Words that may leave the device only if the learner says so. */
export interface OpenConsent {
  id: string
  to: string
  sends: string
}

/** A turn as the screen follows it, from the moment the learner sent it. */
export interface Turn {
  /** Names it on this screen, from before it has a capture until after. */
  key: string
  /** Null until the core says which session it began. */
  sessionId: string | null
  text: string
  source: Capture['source']
  /** The kept recording of it. */
  audioSha256: string | null
  /** Those that were sent with it. */
  pictures: readonly DraftPicture[]
  /** When it was sent: ISO 8601, by the clock of this screen, until the capture says better. */
  askedAt: string
  /** The stored capture; null until it is durable. */
  capture: Capture | null
  /**
   * `sent`: on its way; `stored`: heard and kept; `thinking`: memory was read; `answering`: words arrive; `adding`: the answer is whole and
   * stored, and other agents are still at work.
   */
  phase: 'sent' | 'stored' | 'thinking' | 'answering' | 'adding' | 'done' | 'stopped' | 'failed'
  /** Agents that are at work now. */
  working: AgentName[]
  /** What waits for the learner's word before it leaves the device. */
  consents: OpenConsent[]
  /** What each does with a tool now, in the tool's words. */
  doing: Partial<Record<AgentName, string>>
  citations: Citation[]
  sources: Source[]
  additions: { agent: AgentName; text: string }[]
  provider: ProviderName | null
  model: string
  answer: string
  failure: Failure | null
}

export function newTurn(
  ask: Pick<Turn, 'key' | 'sessionId' | 'text' | 'source' | 'audioSha256' | 'askedAt'> &
    Partial<Pick<Turn, 'pictures'>>,
): Turn {
  return {
    pictures: [],
    ...ask,
    capture: null,
    phase: 'sent',
    working: [],
    consents: [],
    doing: {},
    citations: [],
    sources: [],
    additions: [],
    provider: null,
    model: '',
    answer: '',
    failure: null,
  }
}

/** A turn that asks again about a stored capture. */
export function askAgain(key: string, capture: Capture): Turn {
  const { sessionId, userText: text, source, audioSha256, createdAt: askedAt } = capture
  return { ...newTurn({ key, sessionId, text, source, audioSha256, askedAt }), capture, phase: 'stored' }
}

export function follow(turn: Turn, event: TurnEvent): Turn {
  switch (event.type) {
    case 'started':
      return { ...turn, capture: event.capture, sessionId: event.capture.sessionId, phase: 'stored' }
    case 'tool':
      return {
        ...turn,
        doing: { ...turn.doing, [event.agent]: event.state === 'running' ? event.about : '' },
      }
    case 'kind':
      return turn
    case 'consent': {
      const others = turn.consents.filter(({ id }) => id !== event.id)
      const { id, to, sends } = event
      return { ...turn, consents: event.state === 'open' ? [...others, { id, to, sends }] : others }
    }
    case 'agent': {
      // The timeline shows what came of them, once the answer is there.
      const others = turn.working.filter((agent) => agent !== event.agent)
      return { ...turn, working: event.state === 'running' ? [...others, event.agent] : others }
    }
    case 'memory':
      return { ...turn, citations: event.citations, provider: event.provider, model: event.model, phase: 'thinking' }
    case 'delta':
      return { ...turn, answer: turn.answer + event.text, phase: 'answering' }
    case 'withdrawn':
      return { ...turn, answer: '', phase: 'thinking' }
    case 'answered':
      return { ...answered(turn, event.capture), phase: 'adding' }
    case 'addition':
      return {
        ...turn,
        citations: event.citations,
        sources: event.sources,
        additions: [...turn.additions, { agent: event.agent, text: event.text }],
      }
    case 'done':
      return { ...answered(turn, event.capture), working: [], consents: [], phase: 'done' }
  }
}

function answered(turn: Turn, capture: Capture): Turn {
  const { answer } = capture
  return {
    ...turn,
    capture,
    answer: answer?.text ?? turn.answer,
    citations: answer?.citations ?? turn.citations,
    sources: answer?.sources ?? turn.sources,
  }
}

/** The learner stopped it, or the core did. What came so far stays in sight. */
export function stopTurn(turn: Turn): Turn {
  return { ...turn, working: [], consents: [], phase: 'stopped' }
}

export function failTurn(turn: Turn, failure: Failure): Turn {
  return { ...turn, failure, working: [], consents: [], phase: 'failed' }
}

/** Whether more may come. */
export function isUnderWay(turn: Turn | null): boolean {
  return turn !== null && turn.phase !== 'done' && turn.phase !== 'stopped' && turn.phase !== 'failed'
}
