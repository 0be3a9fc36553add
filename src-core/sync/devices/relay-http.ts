import { z } from 'zod'
import { type Clock, LvaError, withinTime } from '../../kernel/index.ts'
import { joined } from '../bytes.ts'
import { relayUnreachable } from './relay-errors.ts'

/** The relay's HTTP interface as a device uses it (docs/protocol.md §6). */

export interface Credentials {
  email: string
  password: string
}

export interface RelayTokens {
  account: string
  access: string
  refresh: string
  /** Seconds that `access` is good for. */
  expiresIn: number
}

/** What the relay knows of a device. Instants are ISO 8601. */
export interface RelayDevice {
  id: string
  kind: string
  createdAt: string
  lastSeenAt: string
  revokedAt: string | null
}

export interface RelayRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'HEAD' | 'DELETE'
  token?: string
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
  /** Milliseconds for all of it; `ANSWER_MS` where it is left out. */
  withinMs?: number
}

export interface RelayAnswer {
  status: number
  headers: Headers
  bytes: Uint8Array
}

export interface RelayHttpParts {
  fetch: Fetch
  clock: Clock
  /** Ends what is asked, but for the exchange of tokens: its answer is the only one. */
  signal: AbortSignal
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface RelayHttp {
  readonly address: string
  /** Resolves whether the address is new or not: the relay does not tell. @throws LvaError bad-input, too-many-tries, relay-unreachable */
  createAccount(credentials: Credentials): Promise<void>
  /** @throws LvaError sign-in-refused, device-revoked, too-many-tries, relay-unreachable */
  signIn(credentials: Credentials, device: { id: string; kind: string }): Promise<RelayTokens>
  /** @throws LvaError unauthorized where the token is over */
  refresh(refresh: string): Promise<RelayTokens>
  signOut(token: string): Promise<void>
  devices(token: string): Promise<RelayDevice[]>
  revoke(token: string, device: string): Promise<{ epoch: number; lastSequence: number }>
  /** Leaves a message in a mailbox. @throws LvaError pairing-over where it takes no more */
  leave(pairing: string, message: Uint8Array, signal?: AbortSignal): Promise<void>
  messages(pairing: string, after: number, signal?: AbortSignal): Promise<Uint8Array[]>
  /** A request of another part. @throws LvaError relay-unreachable and what the relay refuses with */
  send(path: string, request?: RelayRequest): Promise<RelayAnswer>
}

/** A relay that does not answer for so long is not there. */
const ANSWER_MS = 20_000
/** Above the longest answer of a relay, a piece of a sealed blob. */
const MOST_BYTES = 4 * 2 ** 20

const tokens = z.object({ account: z.string(), access: z.string(), refresh: z.string(), expiresIn: z.number() })
const deviceList = z.array(
  z.object({
    id: z.string(),
    kind: z.string(),
    createdAt: z.string(),
    lastSeenAt: z.string(),
    revokedAt: z.string().nullable(),
  }),
)
const revocation = z.object({ epoch: z.number().int().min(1), lastSequence: z.number().int().min(0) })
const mailbox = z.object({ messages: z.array(z.base64()) })

/** @param address the relay's origin */
export function createRelayHttp(address: string, { fetch, clock, signal: closing }: RelayHttpParts): RelayHttp {
  function send(path: string, request: RelayRequest = {}): Promise<RelayAnswer> {
    return exchange(path, request, request.signal ? AbortSignal.any([request.signal, closing]) : closing)
  }

  async function exchange(path: string, request: RelayRequest, signal: AbortSignal): Promise<RelayAnswer> {
    const { method = 'GET', token, body, headers = {}, withinMs = ANSWER_MS } = request
    const isBytes = body instanceof Uint8Array
    const init: RequestInit = {
      method,
      // A captive portal sends elsewhere; the relay never does.
      redirect: 'error',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isBytes ? (body as BodyInit) : JSON.stringify(body) }),
    }
    const work = async (stop: AbortSignal) => {
      const { ok, status, headers: said, body: stream } = await fetch(`${address}${path}`, { ...init, signal: stop })
      return { ok, status, headers: said, bytes: await read(stream) }
    }
    const { ok, ...answer } = await withinTime(clock, withinMs, signal, work, relayUnreachable(address)).catch(
      (cause: unknown) => {
        signal.throwIfAborted()
        throw cause instanceof LvaError ? cause : relayUnreachable(address, cause)
      },
    )
    if (ok || (method === 'HEAD' && answer.status === 404) || (method === 'PUT' && answer.status === 409)) return answer
    throw refusal(answer, address)
  }

  /** @throws LvaError relay-not-understood where it is longer than any answer of a relay */
  async function read(stream: Response['body']): Promise<Uint8Array> {
    const pieces: Uint8Array[] = []
    let length = 0
    for await (const piece of stream ?? []) {
      length += piece.length
      if (length > MOST_BYTES) throw notUnderstood(address)
      pieces.push(piece)
    }
    return joined(...pieces)
  }

  function take<T>(schema: z.ZodType<T>, { bytes }: RelayAnswer): T {
    const said = schema.safeParse(jsonOf(bytes))
    if (!said.success) throw notUnderstood(address)
    return said.data
  }

  async function ask<T>(schema: z.ZodType<T>, path: string, request?: RelayRequest): Promise<T> {
    return take(schema, await send(path, request))
  }

  return {
    address,
    send,
    createAccount: async (credentials) => {
      await ask(z.object({ created: z.boolean() }), '/v1/accounts', { method: 'POST', body: credentials })
    },
    signIn: (credentials, device) =>
      ask(tokens, '/v1/sessions', { method: 'POST', body: { ...credentials, device } }).catch((error: unknown) => {
        if (!(error instanceof LvaError) || error.code !== 'unauthorized') throw error
        throw new LvaError('sign-in-refused', 'The relay does not know this address with this password.', {
          advice: 'Check both; or create the account first.',
        })
      }),
    refresh: async (refresh) => {
      const request = { method: 'POST', body: { refresh } } as const
      return take(tokens, await exchange('/v1/sessions/refresh', request, new AbortController().signal))
    },
    signOut: async (token) => {
      await send('/v1/sessions', { method: 'DELETE', token })
    },
    devices: (token) => ask(deviceList, '/v1/devices', { token }),
    revoke: (token, device) => ask(revocation, `/v1/devices/${device}/revoke`, { method: 'POST', token }),
    leave: async (pairing, message, signal) => {
      await send(`/v1/pairings/${pairing}`, { method: 'POST', body: message, ...(signal && { signal }) })
    },
    messages: async (pairing, after, signal) => {
      const { messages } = await ask(mailbox, `/v1/pairings/${pairing}?after=${after}`, signal ? { signal } : {})
      return messages.map((text) => Uint8Array.from(Buffer.from(text, 'base64')))
    },
  }
}

function notUnderstood(address: string): LvaError {
  return new LvaError('relay-not-understood', `What answers at ${hostOf(address)} is no relay.`, {
    advice: 'Check the address; in a public network, sign in there first.',
    params: { host: hostOf(address) },
  })
}

/** By the status alone: a sentence of the relay's could be of another language, and its disk is not this one's. */
function refusal(answer: RelayAnswer, address: string): LvaError {
  const said = z.object({ code: z.string(), message: z.string(), advice: z.string() }).safeParse(jsonOf(answer.bytes))
  if (!said.success && answer.status < 500) return notUnderstood(address)
  const { message, advice } = said.data ?? { message: '', advice: '' }
  switch (answer.status) {
    case 400:
      return new LvaError('bad-input', message, { advice })
    case 401:
      return new LvaError('unauthorized', message, { advice })
    case 403:
      return new LvaError('device-revoked', message, { advice })
    case 404:
      return new LvaError('not-found', message, { advice })
    case 413:
      return new LvaError('over-quota', message, { advice })
    case 429: {
      const seconds = Number(answer.headers.get('retry-after') ?? 60)
      return new LvaError('too-many-tries', message, { advice, params: { seconds } })
    }
    default:
      return new LvaError('relay-unavailable', `The relay ${hostOf(address)} cannot serve this just now.`, {
        advice: 'Try again in a while; nothing is lost.',
        params: { host: hostOf(address), status: answer.status },
      })
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

function hostOf(address: string): string {
  return new URL(address).host
}
