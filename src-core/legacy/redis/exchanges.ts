import { instantOf } from '../mapping.ts'
import type { V1Source } from '../source.ts'
import { readTimestamp } from '../timestamps.ts'

/** An exchange that v1 held in Redis. */
export interface MissingExchange {
  sessionId: string
  /** As it was written: naive UTC with microseconds. */
  timestamp: string
  user: string
  agent: string
}

/** What Redis held of v1's sessions. */
export interface RedisContexts {
  exchanges: MissingExchange[]
  sessions: number
  /** Sessions of the telephone, whose caller's number is left out. */
  phoneNumbers: number
  /** Keys of v1 whose value is not what v1 writes. */
  unreadable: number
}

/** SQLite was written milliseconds after Redis, in whole seconds. */
const SAME_MS = 60_000

/** Reads v1's keys; all others are nobody's business. */
export function readContexts(entries: Iterable<readonly [key: string, value: string]>): RedisContexts {
  const contexts: RedisContexts = { exchanges: [], sessions: 0, phoneNumbers: 0, unreadable: 0 }
  for (const [key, value] of entries) {
    // The id in the middle may hold colons.
    const parts = /^session:([\s\S]*):(context|metadata)$/.exec(key)
    if (!parts) continue
    const [, sessionId = '', kind] = parts
    let json: unknown
    try {
      json = JSON.parse(value)
    } catch {
      contexts.unreadable += 1
      continue
    }
    if (kind === 'metadata') {
      if (isObject(json) && typeof json.from_number === 'string') contexts.phoneNumbers += 1
      continue
    }
    if (!Array.isArray(json)) {
      contexts.unreadable += 1
      continue
    }
    contexts.sessions += 1
    for (const item of json) {
      const isExchange =
        isObject(item) &&
        typeof item.timestamp === 'string' &&
        typeof item.user === 'string' &&
        typeof item.agent === 'string'
      if (isExchange) {
        const { timestamp, user, agent } = item as Record<string, string> as Omit<MissingExchange, 'sessionId'>
        contexts.exchanges.push({ sessionId, timestamp, user: wellFormed(user), agent: wellFormed(agent) })
      } else contexts.unreadable += 1
    }
  }
  return contexts
}

/** Those whose row SQLite does not have. A row stands for one exchange only. */
export async function missingFrom(source: V1Source, exchanges: readonly MissingExchange[]): Promise<MissingExchange[]> {
  const missing: MissingExchange[] = []
  for (const [sessionId, group] of Map.groupBy(exchanges, (exchange) => exchange.sessionId)) {
    const rows = await source.rowsOfSession(sessionId)
    for (const exchange of group) {
      const at = Date.parse(readTimestamp(exchange.timestamp) ?? '')
      const place = rows.findIndex((row) => {
        if (row.userText !== exchange.user || row.agentText !== exchange.agent) return false
        const rowAt = Date.parse(instantOf(row) ?? '')
        return !(Math.abs(rowAt - at) > SAME_MS)
      })
      if (place < 0) missing.push(exchange)
      else rows.splice(place, 1)
    }
  }
  return missing
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** As the vault would store it, so that it compares equal with what the vault gives back. */
function wellFormed(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}
