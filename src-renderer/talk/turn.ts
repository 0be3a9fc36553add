import type { Capture, Citation, ProviderName, TurnEvent } from '../../src-core/contract/index.ts'
import type { Failure } from '../backend/failure.ts'

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
  /** When it was sent: ISO 8601, by the clock of this screen, until the capture says better. */
  askedAt: string
  /** The stored capture; null until it is durable. */
  capture: Capture | null
  /** `sent`: on its way; `stored`: heard and kept; `thinking`: memory was read; `answering`: words arrive. */
  phase: 'sent' | 'stored' | 'thinking' | 'answering' | 'done' | 'stopped' | 'failed'
  citations: Citation[]
  provider: ProviderName | null
  model: string
  answer: string
  failure: Failure | null
}

export function newTurn(ask: Pick<Turn, 'key' | 'sessionId' | 'text' | 'source' | 'audioSha256' | 'askedAt'>): Turn {
  return {
    ...ask,
    capture: null,
    phase: 'sent',
    citations: [],
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
    case 'kind':
    case 'agent':
    case 'consent':
      // The timeline shows what came of them, once the answer is there.
      return turn
    case 'memory':
      return { ...turn, citations: event.citations, provider: event.provider, model: event.model, phase: 'thinking' }
    case 'delta':
      return { ...turn, answer: turn.answer + event.text, phase: 'answering' }
    case 'done':
      return { ...turn, capture: event.capture, answer: event.capture.answer?.text ?? turn.answer, phase: 'done' }
  }
}

/** The learner stopped it, or the core did. What came so far stays in sight. */
export function stopTurn(turn: Turn): Turn {
  return { ...turn, phase: 'stopped' }
}

export function failTurn(turn: Turn, failure: Failure): Turn {
  return { ...turn, failure, phase: 'failed' }
}

/** Whether more may come. */
export function isUnderWay(turn: Turn | null): boolean {
  return turn !== null && turn.phase !== 'done' && turn.phase !== 'stopped' && turn.phase !== 'failed'
}
