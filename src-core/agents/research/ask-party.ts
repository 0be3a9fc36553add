import { LvaError } from '../../kernel/index.ts'
import type { GuardedFetch, GuardedRequest } from '../../net/index.ts'

const BYTES_PER_KB = 1_024

/** How sources reach the net. */
export interface Reach {
  fetch: GuardedFetch
  /** Largest answer, in KB of 2^10 bytes. */
  answerKb: number
  /** Milliseconds for one request. */
  timeoutMs: number
}

/** Whom an error is about. */
export interface Party {
  /** As a sentence names it. */
  name: string
  /** Whether it is asked with a key. */
  hasKey: boolean
}

/**
 * Asks, and gives the text of the answer.
 * @throws LvaError source-key-refused, source-rate-limited, source-unavailable, source-refused, and what the guard throws
 */
export async function textFrom(
  { fetch, answerKb, timeoutMs }: Reach,
  party: Party,
  request: Omit<GuardedRequest, 'limitBytes' | 'timeoutMs' | 'textOnly'>,
): Promise<string> {
  const { status, bytes, retryAfterSeconds } = await fetch({
    ...request,
    textOnly: true,
    limitBytes: answerKb * BYTES_PER_KB,
    timeoutMs,
  })
  if (status >= 400) throw refusal(party, status, retryAfterSeconds)
  return new TextDecoder().decode(bytes)
}

/** As `textFrom`, read as JSON. @throws LvaError source-not-understood as well */
export async function jsonFrom(...[reach, party, request]: Parameters<typeof textFrom>): Promise<unknown> {
  const text = await textFrom(reach, party, { accept: 'application/json', ...request })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw notUnderstood(party, error)
  }
}

export function notUnderstood({ name }: Party, cause?: unknown): LvaError {
  return new LvaError('source-not-understood', `${name} answered in a form that is not known here.`, {
    advice: 'Check its address in Settings, Research.',
    params: { name },
    ...(cause === undefined ? {} : { cause }),
  })
}

function refusal({ name, hasKey }: Party, status: number, retryAfterSeconds: number | undefined): LvaError {
  const params = { name, status, ...(retryAfterSeconds !== undefined && { retryAfterSeconds }) }
  if (hasKey && (status === 401 || status === 403)) {
    return new LvaError('source-key-refused', `${name} does not accept the key.`, {
      advice: 'Copy it again from the provider into Settings, Research, and test it there.',
      params,
    })
  }
  if (status === 429) {
    return new LvaError('source-rate-limited', `${name} takes no more questions for now.`, {
      advice: 'Wait a while and ask again.',
      params,
    })
  }
  if (status >= 500) {
    return new LvaError('source-unavailable', `${name} has trouble of its own.`, { advice: 'Ask again later.', params })
  }
  return new LvaError('source-refused', `${name} refused the question (${status}).`, {
    advice:
      'Check its address in Settings, Research. A SearXNG must allow the format json in its settings (search.formats).',
    params,
  })
}
