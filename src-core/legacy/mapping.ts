import { createHash } from 'node:crypto'
import type { Answer, ImportedCapture } from '../vault/index.ts'
import type { MissingExchange } from './redis/exchanges.ts'
import { captureIdOf, type V1Row } from './row.ts'
import { readEpoch, readTimestamp } from './timestamps.ts'

export const FLAGS = [
  'apology-rate-limit',
  'apology-api-error',
  'apology-error',
  'blank-user',
  'blank-answer',
  'timestamp-missing',
  'timestamp-numeric',
  'timestamp-unreadable',
  'metadata-unreadable',
  'text-malformed',
  'session-renamed',
] as const

export type Flag = (typeof FLAGS)[number]
export type ApologyFlag = Extract<Flag, `apology-${string}`>

/** v1's three failure replies, which it stored as answers, by SHA-256 of their UTF-8. */
export const APOLOGIES: ReadonlyMap<string, ApologyFlag> = new Map([
  ['7d02e7e0a27992ec2b7572e0a73418696fb9eab4b5a81e8049c7edf550a9eead', 'apology-rate-limit'],
  ['aed7c07f745e2c94184369307f912f5a9322bc824278ac96006b723afaa875dc', 'apology-api-error'],
  ['1f01f076340ef0cffbd4dd1265757d3bd44bd7903d0f481a825116aedd20bae7', 'apology-error'],
])

/** UTF-16 code units that a session id may have in the vault. */
const LONGEST_SESSION_ID = 512
const LONG_AGO = '1970-01-01T00:00:00.000Z'

export interface Mapped {
  row: V1Row
  capture: ImportedCapture
  flags: Flag[]
}

/** Turns the rows of one source, in the order of their ids, into captures of one import (docs/import-v1.md §2). */
export class Mapper {
  readonly #importId: string
  readonly #apologies: ReadonlyMap<string, ApologyFlag>
  /** Stands in for timestamps that cannot be read: that of the row before. */
  #instant: string

  /** @param firstInstant the first timestamp of the source that can be read, or null when there is none */
  constructor(importId: string, apologies: ReadonlyMap<string, ApologyFlag>, firstInstant: string | null) {
    this.#importId = importId
    this.#apologies = apologies
    this.#instant = firstInstant ?? LONG_AGO
  }

  map(row: V1Row): Mapped {
    const flags: Flag[] = []
    const createdAt = this.#instantOf(row, flags)
    const metadata = readMetadata(row.metadata, flags)
    const sessionId = sessionIdOf(row.sessionId)
    const apology = row.agentSha256 === null ? undefined : this.#apologies.get(row.agentSha256)
    const isBlank = row.agentText.trim() === ''
    if (apology) flags.push(apology)
    if (row.userText.trim() === '') flags.push('blank-user')
    if (isBlank) flags.push('blank-answer')
    if (row.malformed) flags.push('text-malformed')
    if (sessionId !== row.sessionId) flags.push('session-renamed')
    const v1 = {
      id: row.id,
      checksum: row.checksum,
      timestamp: row.timestamp,
      ...(metadata === undefined ? {} : { metadata }),
      ...(sessionId === row.sessionId ? {} : { sessionId: row.sessionId }),
      ...(apology || (isBlank && row.agentText !== '') ? { agentText: row.agentText } : {}),
      ...(flags.length === 0 ? {} : { flags }),
    }
    return {
      row,
      flags,
      capture: {
        id: captureIdOf(row),
        sessionId,
        createdAt,
        userText: row.userText,
        answer: apology || isBlank ? null : answerOf(row.agentText, createdAt),
        metadata: { import: this.#importId, v1 },
      },
    }
  }

  #instantOf(row: V1Row, flags: Flag[]): string {
    const instant = instantOf(row)
    if (row.timestamp === null) flags.push('timestamp-missing')
    else if (row.timestampIsNumber) flags.push('timestamp-numeric')
    else if (instant === null) flags.push('timestamp-unreadable')
    if (instant !== null) this.#instant = instant
    return this.#instant
  }
}

/** The instant that the row itself names, or null. */
export function instantOf({ timestamp, timestampIsNumber }: V1Row): string | null {
  if (timestamp === null) return null
  return timestampIsNumber ? readEpoch(timestamp) : readTimestamp(timestamp)
}

/** An exchange that only Redis had, as a capture. */
export function captureOfExchange(
  exchange: MissingExchange,
  importId: string,
  apologies: typeof APOLOGIES,
): ImportedCapture {
  const { timestamp, user, agent } = exchange
  const sessionId = sessionIdOf(exchange.sessionId)
  const createdAt = readTimestamp(timestamp) ?? LONG_AGO
  const checksum = sha256(JSON.stringify([exchange.sessionId, timestamp, user, agent]))
  const apology = apologies.get(sha256(agent))
  return {
    id: `v1r-${checksum.slice(0, 32)}`,
    sessionId,
    createdAt,
    userText: user,
    answer: apology || agent.trim() === '' ? null : answerOf(agent, createdAt),
    metadata: {
      import: importId,
      v1: {
        redis: true,
        checksum,
        timestamp,
        ...(sessionId === exchange.sessionId ? {} : { sessionId: exchange.sessionId }),
        ...(apology ? { agentText: agent, flags: [apology] } : {}),
      },
    },
  }
}

function answerOf(text: string, createdAt: string): Answer {
  return {
    text,
    provider: 'v1',
    model: '',
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
    citations: [],
    agentsUsed: [],
    ending: 'complete',
    createdAt,
  }
}

function sessionIdOf(id: string): string {
  const fits = id.length > 0 && id.length <= LONGEST_SESSION_ID
  return fits ? id : `v1-session-${sha256(id).slice(0, 32)}`
}

/** A JSON object as it is, any other text as text; undefined where there is none. */
function readMetadata(text: string | null, flags: Flag[]): unknown {
  if (text === null) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch {
    // Told by the flag; the text is kept.
  }
  flags.push('metadata-unreadable')
  return text
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
