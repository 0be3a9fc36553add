import type { Capture, Client, ProviderName, Settings, TurnEvent } from '../../src-core/contract/index.ts'
import { toFailure } from '../backend/failure.ts'
import { type DraftPicture, keepPictures } from '../pictures/draft-picture.ts'
import { askAgain, failTurn, follow, isUnderWay, newTurn, stopTurn, type Turn } from './turn.ts'

export interface Ask {
  /** Null begins a new session. */
  sessionId: string | null
  text: string
  source: Capture['source']
  audioSha256: string | null
  pictures?: readonly DraftPicture[]
  /** How to answer; left out, as Settings say. */
  mode?: Settings['talkMode']
}

export interface ConversationOptions {
  turns: Pick<Client['turns'], 'send' | 'retry'>
  pictures: Pick<Client['pictures'], 'add'>
  /** ISO 8601 instant. */
  now(): string
  /** Calls `act` once `ms` milliseconds have passed. Returns what calls it off. */
  after(ms: number, act: () => void): () => void
  /** Each event of the present turn, after the turn has followed it. */
  onEvent(event: TurnEvent, turn: Turn): void
  /** The turn ended, however. */
  onEnd(turn: Turn): void
}

/** A line that stands for less than this, in milliseconds, cannot be read: it is drawn together with what comes after it. */
const MOMENT_MS = 250
/** What tells of the way to the first word, and goes by. */
const PASSING: ReadonlySet<TurnEvent['type']> = new Set(['started', 'kind', 'agent', 'memory'])

/** The first moment of a turn. */
interface Moment {
  /** What has come and is not drawn yet, oldest first. */
  held: TurnEvent[]
  over: PromiseWithResolvers<void>
  /** Calls off its end by time. */
  callOff(): void
}

/**
 * Runs turns, one at a time, whatever place is on the screen meanwhile. A new turn stops the answer of the one before, as one stops
 * talking when the other begins; what is only being added to a whole answer goes on, and is stored with it.
 */
export class Conversation {
  #turn: Turn | null = null
  #count = 0
  #stop: AbortController | undefined
  #moment: Moment | undefined
  readonly #listeners = new Set<() => void>()
  readonly #options: ConversationOptions

  constructor(options: ConversationOptions) {
    this.#options = options
  }

  /** The present turn, or the last one. */
  get turn(): Turn | null {
    return this.#turn
  }

  /** Resolves once the first moment of the present turn is over, before which whatever can wait should not take time from it. */
  untilShown(): Promise<void> {
    return this.#moment?.over.promise ?? Promise.resolve()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Says something. The turn is on the screen before this returns. */
  send(ask: Ask): void {
    const { pictures = [], ...words } = ask
    this.#run(newTurn({ ...ask, key: this.#newKey(), askedAt: this.#options.now() }), async (signal) => {
      // Nothing of a picture leaves this page before it is sent.
      const hashes = await keepPictures(this.#options.pictures, pictures, signal)
      return this.#options.turns.send({ ...words, ...(hashes.length > 0 && { pictures: hashes }) }, { signal })
    })
  }

  /** Asks again for the answer of a stored capture; by another provider when one is named. */
  retry(capture: Capture, provider?: ProviderName): void {
    this.#run(askAgain(this.#newKey(), capture), (signal) =>
      this.#options.turns.retry({ id: capture.id, ...(provider && { provider }) }, { signal }),
    )
  }

  /** Ends the answer where it is; what came so far is kept. */
  stop(): void {
    this.#endMoment()
    const turn = this.#turn
    if (!turn || !isUnderWay(turn)) return
    this.#stop?.abort()
    this.#end(stopTurn(turn))
  }

  #newKey(): string {
    this.#count += 1
    return `turn ${this.#count}`
  }

  #run(turn: Turn, ask: (signal: AbortSignal) => Promise<AsyncIterable<TurnEvent>>): void {
    if (this.#turn?.phase === 'adding') this.#options.onEnd(this.#turn)
    else this.stop()
    const stop = new AbortController()
    this.#stop = stop
    this.#moment = {
      held: [],
      over: Promise.withResolvers(),
      callOff: this.#options.after(MOMENT_MS, () => this.#endMoment()),
    }
    this.#set(turn)
    void this.#follow(turn.key, ask, stop.signal)
  }

  /** Draws what was held, together with what ends the moment. */
  #endMoment(...last: TurnEvent[]): void {
    const moment = this.#moment
    this.#moment = undefined
    moment?.callOff()
    this.#take([...(moment?.held ?? []), ...last])
    moment?.over.resolve()
  }

  async #follow(
    key: string,
    ask: (signal: AbortSignal) => Promise<AsyncIterable<TurnEvent>>,
    signal: AbortSignal,
  ): Promise<void> {
    /** The turn while it is the present one. */
    const present = () => (signal.aborted || this.#turn?.key !== key ? null : this.#turn)
    /** The same with all that came of it. */
    const whole = () => {
      if (present()) this.#endMoment()
      return present()
    }
    try {
      for await (const event of await ask(signal)) {
        if (signal.aborted) return
        // The learner has gone on: what is added is stored, and the list shows it from there.
        if (!present()) continue
        if (this.#moment && PASSING.has(event.type)) {
          this.#moment.held.push(event)
          continue
        }
        this.#endMoment(event)
      }
      const turn = whole()
      if (turn) this.#end(turn.phase === 'done' ? turn : stopTurn(turn))
    } catch (error) {
      const turn = whole()
      if (!turn) return
      const failure = toFailure(error)
      this.#end(failure.code === 'cancelled' ? stopTurn(turn) : failTurn(turn, failure))
    }
  }

  #end(turn: Turn): void {
    this.#set(turn)
    this.#options.onEnd(turn)
  }

  /** Follows what has come, and has it drawn at once. */
  #take(events: readonly TurnEvent[]): void {
    if (!this.#turn || events.length === 0) return
    for (const event of events) {
      this.#turn = follow(this.#turn, event)
      this.#options.onEvent(event, this.#turn)
    }
    this.#set(this.#turn)
  }

  #set(turn: Turn): void {
    this.#turn = turn
    for (const listener of [...this.#listeners]) listener()
  }
}
