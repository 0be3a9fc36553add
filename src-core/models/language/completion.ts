import { type Clock, LvaError } from '../../kernel/index.ts'
import type { LanguageEvent, LanguageRequest, ToolCall } from '../types.ts'
import { FaultError, readFault } from './faults.ts'
import { explainFault, type Party, silenceError } from './provider-errors.ts'
import type { Meter, SilenceLimits } from './provider-model.ts'
import { hideSecrets } from './secrets.ts'
import { estimateRequestTokens, estimateTokens } from './token-estimate.ts'

export type StopReason = Extract<LanguageEvent, { type: 'end' }>['stopReason']

/** What a wire makes of one event of its provider. */
export type WirePart =
  | { type: 'text'; text: string }
  /** A piece of a call of a tool; pieces with one key belong together. `id` and `name` come with one of them, `json` piece by piece. */
  | {
      type: 'call'
      key: number | string
      id?: string | undefined
      name?: string | undefined
      json?: string | undefined
    }
  /** What must go back to the provider with the results of these calls. */
  | { type: 'carried'; value: unknown }
  /** The provider works but says nothing yet: it thinks, or keeps the connection awake. */
  | { type: 'alive' }
  /** Tokens as the provider counts them; later counts replace earlier ones. */
  | { type: 'usage'; inputTokens?: number | undefined; outputTokens?: number | undefined }
  /** Name of the model that really answers. */
  | { type: 'model'; name: string }
  /** The answer is complete. */
  | { type: 'stop'; reason: StopReason }

/**
 * One call in a provider's own protocol. Aborting `signal` closes the connection. Throws whatever the SDK throws, or a `FaultError`.
 */
export type Wire = (request: LanguageRequest, signal: AbortSignal) => AsyncIterable<WirePart>

export interface CompletionOptions {
  readonly wire: Wire
  readonly party: Party
  readonly clock: Clock
  readonly limits: SilenceLimits
  /** Values that must never leave this folder: keys, passwords. */
  readonly secrets: readonly string[]
}

/** Milliseconds that a provider may take to send its token count after the last text. */
const FAREWELL_MS = 2_000

/** UTF-16 code units for each token asked for, after which a server that ignores the limit is stopped; real answers have about four. */
const LONGEST_TOKEN = 16

/**
 * Runs one attempt: turns the wire's parts into events, watches for silence and cancellation, closes the connection whatever happens, and
 * tells `meter` what was used. Calls of tools are given when the answer is complete and not before, so that a broken one can be asked for
 * again; of an answer that the limit cut none is given, since the last may be half a wish.
 *
 *     wire    text  text  call  call  usage  stop            | silence, fault, cancel
 *     events  delta delta                     tool-call end  | LvaError
 *     meter                      counted| counted as far as known, else estimated; nothing where the provider refused the call
 */
export async function* complete(
  options: CompletionOptions,
  request: LanguageRequest,
  meter?: Meter,
): AsyncGenerator<LanguageEvent> {
  const { wire, party, clock, limits, secrets } = options
  if (request.signal?.aborted) throw cancelled(request.signal)
  const connection = new AbortController()
  const abortion = new Abortion(request.signal)
  const longest = request.maxOutputTokens * LONGEST_TOKEN
  let inputTokens: number | undefined
  let outputTokens: number | undefined
  let model = party.model
  let stopReason: StopReason | undefined
  let carried: unknown
  let heard = false
  let text = ''
  const calls = new Calls()
  let accepted = false
  let refusedOutright = false
  const used = () => ({
    inputTokens: inputTokens ?? estimateRequestTokens(request),
    // A provider that was cut off has counted less than it sent.
    outputTokens: stopReason
      ? (outputTokens ?? estimateTokens(text + calls.written))
      : Math.max(outputTokens ?? 0, estimateTokens(text + calls.written)),
  })
  const parts = wire(request, connection.signal)[Symbol.asyncIterator]()
  try {
    while (true) {
      const hasBegun = heard || calls.written !== ''
      const waitMs = stopReason ? Math.min(FAREWELL_MS, limits.idleMs) : hasBegun ? limits.idleMs : limits.firstTokenMs
      const next = parts.next()
      const outcome = await abortion.race(withinSilence(next, waitMs, clock))
      if (outcome === 'silence') {
        if (stopReason) break
        throw silenceError(party, hasBegun, waitMs)
      }
      if (outcome.done) break
      const part = outcome.value
      accepted = true
      if (part.type === 'text' && !stopReason) {
        const whole = asText(part.text)
        const piece = whole.slice(0, longest - text.length - calls.written.length)
        if (piece !== '') {
          heard = true
          text += piece
          yield { type: 'delta', text: piece }
        }
        if (piece.length < whole.length) {
          stopReason = 'length'
          break
        }
      } else if (part.type === 'call' && !stopReason) {
        calls.add(part)
        if (text.length + calls.written.length > longest) {
          stopReason = 'length'
          break
        }
      } else if (part.type === 'carried') carried = part.value
      else if (part.type === 'usage') {
        inputTokens = asCount(part.inputTokens) ?? inputTokens
        outputTokens = asCount(part.outputTokens) ?? outputTokens
      } else if (part.type === 'model') model = asText(part.name) || model
      else if (part.type === 'stop') stopReason = part.reason
    }
    if (!stopReason) throw new FaultError({ kind: 'cut' })
  } catch (error) {
    if (request.signal?.aborted) throw cancelled(request.signal)
    if (error instanceof LvaError) throw error
    // The answer was complete; what broke afterwards is nobody's concern.
    if (!stopReason) {
      const fault = readFault(error, secrets, clock.now())
      refusedOutright = !accepted && (fault.kind === 'status' || fault.kind === 'connection')
      throw explainFault(fault, party, heard)
    }
  } finally {
    abortion.release()
    connection.abort()
    // Lets the SDK forget the connection. It may fail because of the abort, and nobody waits for it.
    Promise.resolve(parts.return?.()).catch(() => undefined)
    meter?.(refusedOutright ? { inputTokens: 0, outputTokens: 0 } : used())
  }
  const mayCall = request.tools?.length && request.toolChoice !== 'none'
  const wanted = mayCall && (stopReason === 'end' || stopReason === 'tools') ? calls.whole(idsIn(request)) : []
  for (const call of wanted) yield { type: 'tool-call', call }
  yield {
    type: 'end',
    usage: { ...used(), costUsd: null },
    model: hideSecrets(model, secrets).slice(0, 200),
    stopReason: wanted.length > 0 ? 'tools' : stopReason === 'tools' ? 'end' : stopReason,
    ...(wanted.length > 0 && carried !== undefined && { carried }),
  }
}

/** Calls of tools while their pieces arrive. */
class Calls {
  readonly #calls = new Map<number | string, { id: string; name: string; json: string }>()
  /** Everything that arrived of them, for limits and estimates. */
  written = ''

  add({ key, id, name, json }: Extract<WirePart, { type: 'call' }>): void {
    const call = this.#calls.get(key) ?? { id: '', name: '', json: '' }
    this.#calls.set(key, call)
    call.id ||= asText(id)
    call.name ||= asText(name)
    call.json += asText(json)
    this.written += asText(name) + asText(json)
  }

  /**
   * In the order in which they began. Local servers may leave ids out, give one to all, or begin anew with each answer: each gets its own,
   * of nine letters and digits, since some take no other length.
   * @param taken ids that stand in the messages
   */
  whole(taken: Iterable<string>): ToolCall[] {
    const seen = new Set(taken)
    return Array.from(this.#calls.values(), ({ id, name, json }) => {
      const own = id === '' || seen.has(id) ? `call${String(seen.size + 1).padStart(5, '0')}` : id
      seen.add(own)
      return { id: own, name, input: parsed(json) }
    })
  }
}

function idsIn({ messages }: LanguageRequest): string[] {
  return messages.flatMap(({ toolCalls = [] }) => toolCalls.map(({ id }) => id))
}

/** A tool without parameters is called with nothing by some. */
function parsed(json: string): unknown {
  if (json.trim() === '') return {}
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** The SDKs do not check what a server sends against their types. */
function asText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined
}

/** Runs a single request that is not a stream, such as a look at the list of models, within `waitMs` and until it is cancelled. */
export async function callOnce<T>(
  options: Omit<CompletionOptions, 'wire' | 'limits'> & { waitMs: number },
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { party, clock, secrets, waitMs } = options
  if (signal?.aborted) throw cancelled(signal)
  const connection = new AbortController()
  const abortion = new Abortion(signal)
  try {
    const outcome = await abortion.race(withinSilence(call(connection.signal), waitMs, clock))
    if (outcome === 'silence') throw silenceError(party, false, waitMs)
    return outcome
  } catch (error) {
    if (signal?.aborted) throw cancelled(signal)
    if (error instanceof LvaError) throw error
    throw explainFault(readFault(error, secrets, clock.now()), party, false)
  } finally {
    abortion.release()
    connection.abort()
  }
}

/** The error for an aborted call: the reason of the abort where it is meant for the learner, such as a time limit, else `cancelled`. */
export function cancelled(signal: AbortSignal): LvaError {
  return signal.reason instanceof LvaError ? signal.reason : new LvaError('cancelled', 'Stopped.')
}

/** Lets a caller's signal end a wait at once, whatever the waited-for call makes of it. */
class Abortion {
  readonly #signal: AbortSignal | undefined
  #end: (() => void) | undefined

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal
  }

  race<T>(work: Promise<T>): Promise<T> {
    const signal = this.#signal
    if (!signal) return work
    return new Promise((resolve, reject) => {
      const end = () => reject(cancelled(signal))
      if (signal.aborted) end()
      this.release()
      this.#end = end
      signal.addEventListener('abort', end, { once: true })
      work.then(resolve, reject)
    })
  }

  release(): void {
    if (this.#end) this.#signal?.removeEventListener('abort', this.#end)
    this.#end = undefined
  }
}

/** The work's result, or `silence` when it takes longer than `ms`. Work that fails after that fails unseen. */
async function withinSilence<T>(work: Promise<T>, ms: number, clock: Clock): Promise<T | 'silence'> {
  const timer = new AbortController()
  try {
    return await Promise.race([work, clock.sleep(ms, timer.signal).then(() => 'silence' as const)])
  } finally {
    timer.abort()
  }
}
