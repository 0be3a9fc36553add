import { Channel } from '../kernel/index.ts'
import type { LanguageProvider } from '../models/index.ts'
import { analysis } from './analysis/analysis.ts'
import { conversation } from './conversation.ts'
import { exchangesOf, foresee } from './foresight.ts'
import { chooseMode } from './modes/choose-mode.ts'
import type { ConsentDecision } from './orchestrator/consents.ts'
import { createOrchestrator, type Question } from './orchestrator/orchestrate.ts'
import { research } from './research/research.ts'
import { synthesis } from './synthesis/synthesis.ts'
import type { AgentServices, TurnEvent, TurnRequest } from './types.ts'
import { vision } from './vision/vision.ts'

export interface Turns {
  /**
   * Brings along what the first turn of a while has to load (the graph, the indexes, the model of the device), while the learner is still
   * composing it. Never rejects.
   */
  prepare(): Promise<void>
  /**
   * Stores what the learner said, then answers. Aborting `signal`, or leaving the iterator, stops the answer; what came so far is kept.
   * @throws LvaError text-empty, text-too-long before anything is stored; what the provider says after `started`
   */
  send(request: TurnRequest, signal?: AbortSignal): AsyncIterable<TurnEvent>
  /** Answers a stored capture again, with the active provider or the one named; the new answer replaces the old one when it is complete. */
  retry(captureId: string, provider?: LanguageProvider, signal?: AbortSignal): AsyncIterable<TurnEvent>
  /** What the learner said to a `consent` event. False where the question was no longer open. */
  consent(id: string, decision: ConsentDecision): boolean
  /** Ends the turns that a process before this one left unfinished; called once, when the program has started. */
  settle(signal: AbortSignal): Promise<void>
  /** Resolves when no turn is under way: all that were stopped have stored what they keep. */
  idle(): Promise<void>
}

/** What is loaded stays so for longer than this, in milliseconds. */
const PREPARED_FOR_MS = 60_000
/** What it finds is of no use to anybody: the way there is. */
const PROBE = 'What did I say about it before?'

/** In the order in which their answers count. */
const AGENTS = [vision, synthesis, conversation, research, analysis]

export function createTurns(services: AgentServices): Turns {
  const underWay = new Set<Promise<void>>()
  const ofCapture = new Map<string, { stop: AbortController; ended: Promise<void> }>()
  const orchestrator = createOrchestrator(services, AGENTS)

  function run(
    open: (stopping: AbortSignal) => Promise<Omit<Question, 'isAgain'>>,
    isAgain: boolean,
    signal: AbortSignal | undefined,
  ): AsyncIterable<TurnEvent> {
    const stop = new AbortController()
    const events = new Channel<TurnEvent>(() => stop.abort(new DOMException('The reader left.', 'AbortError')))
    const stopping = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
    const waiting = services.firstWords?.begin()
    const tell = (event: TurnEvent) => {
      waiting?.heard(event)
      events.push(event)
    }
    const turn = (async () => {
      try {
        // Beside storing what was said: the first turn brings LangGraph along.
        orchestrator.warm()
        const question = { ...(await open(stopping)), isAgain }
        const { capture } = question
        tell({ type: 'started', capture })
        await alone(capture.id, stop, () => orchestrator.answer(question, tell, stopping))
        events.end()
      } catch (error) {
        events.fail(error)
      } finally {
        waiting?.over()
      }
    })()
    underWay.add(turn)
    void turn.then(() => underWay.delete(turn))
    return events
  }

  /** @throws LvaError as `Pictures.take` */
  async function picturesOf({ pictures = [] }: TurnRequest) {
    if (pictures.length === 0 || !services.pictures) return {}
    return { pictures: await services.pictures.take(pictures) }
  }

  /** Stores what the learner said, and looks up meanwhile what an answer will want to know. */
  async function take(request: TurnRequest, stopping: AbortSignal): Promise<Omit<Question, 'isAgain'>> {
    const before = exchangesOf(services, request.sessionId)
    before.catch(() => undefined)
    const pictures = await picturesOf(request)
    const metadata = await chooseMode(services, request, before)
    const storing = services.vault.captures.add({
      sessionId: request.sessionId ?? services.newId(),
      source: request.source,
      userText: request.text,
      audioSha256: request.audioSha256 ?? null,
      ...pictures,
      metadata: {
        ...metadata,
        ...(request.spokenLanguage !== undefined && { spokenLanguage: request.spokenLanguage }),
      },
    })
    // Asked for after it: the database takes one after the other. Pictures are answered by who looks at them.
    const asked = { text: request.text, mode: metadata.mode ?? 'answer', before }
    const foreseen = pictures.pictures ? undefined : foresee(services, asked, stopping)
    return { capture: await storing, provider: undefined, foreseen }
  }

  /** Whoever asks again for an answer no longer wants the one that is on its way, nor its additions. */
  async function alone(captureId: string, stop: AbortController, answer: () => Promise<void>): Promise<void> {
    const before = ofCapture.get(captureId)
    before?.stop.abort(new DOMException('It is asked again.', 'AbortError'))
    const turn = { stop, ended: (before?.ended ?? Promise.resolve()).then(answer) }
    const settled = { stop, ended: turn.ended.catch(() => undefined) }
    ofCapture.set(captureId, settled)
    try {
      await turn.ended
    } finally {
      if (ofCapture.get(captureId) === settled) ofCapture.delete(captureId)
    }
  }

  /** When something was last prepared, or said, which loads the same. */
  let preparedAt = Number.NEGATIVE_INFINITY

  return {
    async prepare() {
      const now = services.clock.monotonic()
      if (now - preparedAt < PREPARED_FOR_MS) return
      preparedAt = now
      orchestrator.warm()
      const before = exchangesOf(services, null)
      const { known, retrieved } = foresee(
        services,
        { text: PROBE, mode: 'answer', before },
        new AbortController().signal,
      )
      await Promise.allSettled([known, retrieved])
    },
    send(request, signal) {
      preparedAt = services.clock.monotonic()
      return run((stopping) => take(request, stopping), false, signal)
    },
    retry: (captureId, provider, signal) =>
      run(async () => ({ capture: await services.vault.captures.get(captureId), provider }), true, signal),
    consent: orchestrator.consent,
    settle: orchestrator.settle,
    idle: async () => {
      await Promise.all(underWay)
      await orchestrator.idle()
    },
  }
}
