import type { Router } from '@orpc/server'
import { StandardRPCHandler } from '@orpc/server/standard'
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer'
import {
  decodeRequestMessage,
  encodeResponseMessage,
  experimental_ServerPeerWithoutCodec as Peer,
} from '@orpc/standard-server-peer'
import { type Clock, type Closable, type Log, Mutex } from '../../kernel/index.ts'
import { type Connection, frameOf } from '../connection.ts'
import type { contract } from '../contract.ts'
import { stoppable } from './stoppable.ts'
import { toWireError } from './wire-errors.ts'

/** What a procedure knows about the client that calls it. */
export interface ClientContext {
  /** What shows the screens of this client. */
  host: 'electron' | 'browser' | 'cli'
}

/** Serves the router to any number of connections. */
export interface ContractServer extends Closable {
  /** Answers on `connection` until it closes; its running calls are then stopped. */
  serve(connection: Connection, context: ClientContext): void
  /** Closes every connection, stops what runs for them, and resolves once all of it has ended, or after five seconds. */
  close(): Promise<void>
}

/** What a call that was told to stop, or cannot be, gets to finish when everything closes. */
const FINISH_MS = 5_000

/** Puts a router behind connections. A frame that is not of the protocol closes its connection. */
export function createContractServer(
  router: Router<typeof contract, ClientContext>,
  log: Log,
  clock: Clock,
): ContractServer {
  const connections = new Map<Connection, Peer>()
  const running = new Set<Promise<unknown>>()
  const track = (work: Promise<unknown>) => {
    running.add(work)
    void work.finally(() => running.delete(work))
  }
  const handler = new StandardRPCHandler<ClientContext>(router, {
    clientInterceptors: [
      async ({ next, path, signal }) => {
        const procedure = path.join('.')
        try {
          const output = await next()
          if (!isAsyncIterable(output)) return output
          const stream = signal ? stoppable(output, signal, track) : output
          return withWireErrors(stream, (error) => toWireError(error, procedure, log))
        } catch (error) {
          throw toWireError(error, procedure, log)
        }
      },
    ],
  })

  return {
    serve(connection, context) {
      const outgoing = new Mutex()
      const incoming = new Mutex()
      const peer = new Peer(([id, type, payload]) =>
        outgoing.run(async () => connection.send(frameOf(await encodeResponseMessage(id, type, payload)))),
      )
      connections.set(connection, peer)
      const handle = createServerPeerHandleRequestFn(handler, { context })
      const fail = (error: unknown) => {
        log.warn({ error }, 'a connection was closed because of what it sent')
        connection.close()
      }
      connection.onFrame((frame) => {
        // Decoding takes longer for some frames: one after the other, or the stop of a call would overtake the call.
        incoming
          .run(() => decodeRequestMessage(frame))
          .then((message) => track(peer.message(message, handle).catch(fail)), fail)
      })
      connection.onClose(() => {
        connections.delete(connection)
        peer.close()
      })
    },
    async close() {
      for (const [connection, peer] of [...connections]) {
        connection.close()
        peer.close()
      }
      const patience = new AbortController()
      const late = clock.sleep(FINISH_MS, patience.signal).catch(() => undefined)
      await Promise.race([late, allDone(running)])
      patience.abort()
    },
  }
}

async function allDone(running: ReadonlySet<Promise<unknown>>): Promise<void> {
  while (running.size > 0) await Promise.allSettled([...running])
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

async function* withWireErrors(
  source: AsyncIterable<unknown>,
  map: (error: unknown) => Error,
): AsyncGenerator<unknown> {
  try {
    yield* source
  } catch (error) {
    throw map(error)
  }
}
