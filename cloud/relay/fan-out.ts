import type { Closable, Log } from '../../src-core/kernel/index.ts'
import type { StoredFrame } from './rooms.ts'

/** What happens in an account. */
export type AccountEvent =
  | { type: 'stored'; frame: StoredFrame }
  /** Stored on another node: the frame is in the database. */
  | { type: 'head'; room: string; head: number }
  | { type: 'whisper'; room: string; device: string; sealed: Uint8Array }
  | { type: 'revoked'; device: string }
  /** Other nodes could not be heard for a while: any room may have grown. */
  | { type: 'missed' }

/** What one node tells all others. */
export type NodeEvent = Exclude<AccountEvent, { type: 'missed' }>

/** Tells the sockets of an account what happens in it, on this node and on others. */
export interface FanOut extends Closable {
  publish(accountId: string, event: NodeEvent): void
  /** @returns ends it */
  subscribe(accountId: string, listener: (event: AccountEvent) => void): () => void
}

type Listener = (event: AccountEvent) => void

/** Within this process. */
export function localFanOut(): FanOut & { publishToAll(event: AccountEvent): void } {
  const listeners = new Map<string, Set<Listener>>()
  return {
    publish(accountId, event) {
      for (const listener of listeners.get(accountId) ?? []) listener(event)
    },
    publishToAll(event) {
      for (const account of listeners.values()) for (const listener of account) listener(event)
    },
    subscribe(accountId, listener) {
      const set = listeners.get(accountId) ?? new Set()
      listeners.set(accountId, set.add(listener))
      return () => {
        set.delete(listener)
        if (set.size === 0 && listeners.get(accountId) === set) listeners.delete(accountId)
      }
    },
    close: async () => listeners.clear(),
  }
}

/** What of a Redis client is used here. One that subscribes can do nothing else, so there are two. */
export interface RedisPublisher {
  publish(channel: string, message: string): Promise<unknown>
}
export interface RedisSubscriber {
  subscribe(channel: string): Promise<unknown>
  on(event: 'message', listener: (channel: string, message: string) => void): unknown
  /** Connected, for the first time or anew. */
  on(event: 'ready', listener: () => void): unknown
}

const CHANNEL = 'lva:relay'

/** Between nodes. Frames do not travel: other nodes read them from the database, which is the one place that has their order. */
export async function redisFanOut(
  node: string,
  publisher: RedisPublisher,
  subscriber: RedisSubscriber,
  log: Log,
): Promise<FanOut> {
  const local = localFanOut()
  subscriber.on('message', (_channel, message) => {
    const { from, accountId, event } = JSON.parse(message) as { from: string; accountId: string; event: Sent }
    if (from !== node) local.publish(accountId, received(event))
  })
  await subscriber.subscribe(CHANNEL)
  subscriber.on('ready', () => {
    // What was published while there was no connection is not told again. It is asked for once the channel is heard.
    subscriber.subscribe(CHANNEL).then(
      () => local.publishToAll({ type: 'missed' }),
      (error: unknown) => log.warn({ error }, 'Redis broke off again; it is listened to once it is back'),
    )
  })
  return {
    ...local,
    publish(accountId, event) {
      local.publish(accountId, event)
      publisher
        .publish(CHANNEL, JSON.stringify({ from: node, accountId, event: sent(event) }))
        .catch((error: unknown) => {
          log.warn(
            { error, account: accountId },
            'other nodes were not told; they ask the database once they hear Redis again',
          )
        })
    },
  }
}

type Sent =
  | { type: 'head'; room: string; head: number }
  | { type: 'whisper'; room: string; device: string; sealed: string }
  | { type: 'revoked'; device: string }

function sent(event: NodeEvent): Sent {
  if (event.type === 'stored') return { type: 'head', room: event.frame.room, head: event.frame.position }
  if (event.type === 'whisper') return { ...event, sealed: Buffer.from(event.sealed).toString('base64') }
  return event
}

function received(event: Sent): NodeEvent {
  return event.type === 'whisper' ? { ...event, sealed: Buffer.from(event.sealed, 'base64') } : event
}
