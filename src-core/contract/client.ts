import { createORPCClient, ORPCError } from '@orpc/client'
import { StandardRPCLink } from '@orpc/client/standard'
import type { ContractRouterClient } from '@orpc/contract'
import {
  decodeResponseMessage,
  encodeRequestMessage,
  experimental_ClientPeerWithoutCodec as Peer,
} from '@orpc/standard-server-peer'
import { errorFromWire, LvaError, Mutex } from '../kernel/index.ts'
import type { Carrier } from './carrier.ts'
import { frameOf, MAX_FRAME_BYTES } from './connection.ts'
import type { contract } from './contract.ts'
import { wireError } from './schemas.ts'

/**
 * Every procedure of the contract as a function. Each throws `LvaError`; streaming ones answer an async iterator, and leaving its
 * loop, or aborting the signal that was handed in, stops the work in the core.
 */
export type Client = ContractRouterClient<typeof contract>

export interface ClientOptions {
  /** Longest wait of a call for a line that is just being opened, in milliseconds; then it fails with `disconnected`. */
  lineTimeoutMs?: number
}

/**
 * A client that rides on `carrier`. Calls made while the line is being opened wait for it. A line that is lost fails the calls and
 * streams on it with `disconnected`; none is repeated by itself, because the core may have done it.
 */
export function createClient(carrier: Carrier, options: ClientOptions = {}): Client {
  const lines = new Lines(carrier, options.lineTimeoutMs ?? 20_000)
  const link = new StandardRPCLink<Record<never, never>>(
    {
      async call(request) {
        const line = await lines.open(request.signal)
        const { body, ...response } = await line.peer.request(request)
        return {
          ...response,
          body: async () => (isAsyncIterator(body) ? mapErrors(body, (error) => line.lost ?? error) : body),
        }
      },
    },
    {
      url: 'http://orpc',
      interceptors: [
        async (call) => {
          const toOurs = (error: unknown) => toClientError(error, call.signal)
          try {
            const output = await call.next()
            return isAsyncIterator(output) ? mapErrors(output, toOurs) : output
          } catch (error) {
            throw toOurs(error)
          }
        },
      ],
    },
  )
  return createORPCClient<Client>(link)
}

/** One opening of the carrier, with the oRPC peer that lives as long. */
interface Line {
  readonly peer: Peer
  /** Why it ended, once it has. */
  lost?: LvaError
}

/** Follows the carrier: a new line each time it opens. */
class Lines {
  readonly #carrier: Carrier
  readonly #timeoutMs: number
  #line: Line | undefined

  constructor(carrier: Carrier, timeoutMs: number) {
    this.#carrier = carrier
    this.#timeoutMs = timeoutMs
    let incoming = new Mutex()
    carrier.onFrame((frame) => {
      const line = this.#line
      if (!line) return
      // Decoding a Blob takes longer than decoding text: one after the other, or a late event would overtake an early one.
      void incoming
        .run(async () => line.peer.message(await decodeResponseMessage(frame)))
        .catch((error) => end(line, toClientError(error)))
    })
    carrier.onState((state) => {
      if (this.#line) end(this.#line, lineError(state))
      this.#line = undefined
      if (state !== 'open') return
      incoming = new Mutex()
      this.#line = this.#newLine()
    })
    if (carrier.state === 'open') this.#line = this.#newLine()
  }

  #newLine(): Line {
    const outgoing = new Mutex()
    const peer = new Peer(([id, type, payload]) =>
      outgoing.run(async () => {
        const frame = frameOf(await encodeRequestMessage(id, type, payload))
        if (frame.length > MAX_FRAME_BYTES) throw tooLarge(frame.length)
        await this.#carrier.send(frame)
      }),
    )
    return { peer }
  }

  /** The present line, or the one that opens within the time. */
  async open(signal: AbortSignal | undefined): Promise<Line> {
    if (this.#line) return this.#line
    if (this.#carrier.state !== 'connecting') throw lineError(this.#carrier.state)
    await new Promise<void>((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer)
        stop()
        signal?.removeEventListener('abort', onAbort)
        act()
      }
      const onAbort = () => settle(() => reject(signal?.reason))
      const timer = setTimeout(() => settle(() => reject(lineError('connecting'))), this.#timeoutMs)
      const stop = this.#carrier.onState((state) => {
        if (state === 'open') settle(resolve)
        else if (state !== 'connecting') settle(() => reject(lineError(state)))
      })
      if (signal?.aborted) onAbort()
      else signal?.addEventListener('abort', onAbort)
    })
    return this.open(signal)
  }
}

/** The calls and streams on `line` fail; a stream whose reader was busy learns of it at its next step. */
function end(line: Line, why: LvaError): void {
  line.lost = why
  line.peer.close({ reason: why })
}

function lineError(state: Carrier['state']): LvaError {
  if (state === 'unauthorized')
    return new LvaError('unauthorized', 'This page is not allowed to talk to the program any more.', {
      advice: 'Open the address that the terminal printed.',
    })
  return new LvaError('disconnected', 'The connection to the program was lost.', {
    advice: 'Wait for it to come back, then try again; if it does not, start the program again.',
  })
}

function tooLarge(bytes: number): LvaError {
  const mb = Math.round(bytes / 1e6)
  return new LvaError('bad-input', `This is too large to be handed over at once (${mb} MB).`, {
    advice: `Split it into parts of less than ${Math.floor(MAX_FRAME_BYTES / 1e6)} MB.`,
    params: { mb },
  })
}

/**
 * Turns whatever a call throws into the LvaError that the core meant.
 * @param signal of the call: what the link throws once it is aborted depends on what was under way, and always means that
 */
function toClientError(error: unknown, signal?: AbortSignal): LvaError {
  if (error instanceof LvaError) return error
  if (error instanceof ORPCError) {
    const wire = wireError.safeParse(error.data)
    if (wire.success) return errorFromWire(wire.data)
  }
  if (signal?.aborted || (error instanceof Error && error.name === 'AbortError'))
    return new LvaError('cancelled', 'Stopped.', { cause: error })
  return new LvaError('internal', 'The program answered something that this client does not understand.', {
    advice: 'Reload the window; if it keeps happening, run "lva doctor" and report what it prints.',
    cause: error,
  })
}

function isAsyncIterator(value: unknown): value is AsyncIterator<unknown> & AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value && 'next' in value
}

/** The same stream with other errors. Leaving it ends also a step that is under way, quietly. */
function mapErrors(
  source: AsyncIterator<unknown>,
  map: (error: unknown) => unknown,
): AsyncIteratorObject<unknown, unknown, unknown> {
  let left = false
  const leave = async () => {
    left = true
    await source.return?.()
  }
  const iterator = {
    async next(): Promise<IteratorResult<unknown>> {
      try {
        return await source.next()
      } catch (error) {
        if (left) return { done: true, value: undefined }
        throw map(error)
      }
    },
    async return(value?: unknown) {
      await leave()
      return { done: true as const, value }
    },
    async throw(error: unknown): Promise<IteratorResult<unknown>> {
      await leave()
      throw error
    },
    [Symbol.asyncIterator]: () => iterator,
    [Symbol.asyncDispose]: leave,
  }
  return iterator
}
