import { lookup as systemLookup } from 'node:dns'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { LookupFunction } from 'node:net'
import { type Clock, isLvaError, LvaError, withinTime } from '../kernel/index.ts'
import { checkedAddress, hostOf, type Openness, refusedNetwork } from './checked-address.ts'
import { isOpenAddress } from './open-address.ts'
import { readBody } from './read-body.ts'

const MOST_REDIRECTS = 5

/** Says who asks, and nothing of the learner or the machine. */
export const USER_AGENT = "LearningVoiceAgent/2 (a learning program on one person's own computer)"

export interface GuardedRequest {
  address: string
  method?: 'GET' | 'POST'
  /** Their names in small letters. With any of them, or a body, redirects lead nowhere but within the origin. */
  headers?: Record<string, string>
  body?: string
  /** Most bytes of the answer, packed and unpacked. */
  limitBytes: number
  /** Milliseconds for all of it, redirects included. */
  timeoutMs: number
  /** Refuses answers that are no text, by their type and by their first bytes. */
  textOnly?: boolean
  accept?: string
  /** The origin of a server that the learner typed in; it may be on this machine or its network. */
  trustedOrigin?: string
  signal?: AbortSignal | undefined
}

export interface GuardedAnswer {
  /** 200 to 299, or 400 and above. */
  status: number
  bytes: Uint8Array
  /** Where it was in the end, after redirects. */
  address: string
  /** Without its parameters, in small letters; '' where the server does not say. */
  type: string
  /** Seconds after which the server wants to be asked again, where it says so. */
  retryAfterSeconds: number | undefined
}

/**
 * Fetches over http or https from the open web alone. A name is resolved once for each connection, and the connection goes to the very
 * address that was checked and is looked at again when it stands, so that a name cannot point elsewhere a moment later; each redirect is
 * checked like the first address, and there are at most 5. No cookies.
 * @throws LvaError address-refused, address-unreachable, answer-too-large, answer-not-text, timeout, cancelled
 */
export type GuardedFetch = (request: GuardedRequest) => Promise<GuardedAnswer>

export interface GuardParts extends Pick<Openness, 'isAllowed'> {
  clock: Clock
  /** Resolves names; the system's where it is left out. */
  lookup?: typeof systemLookup
}

export function createGuardedFetch({
  clock,
  isAllowed = isOpenAddress,
  lookup = systemLookup,
}: GuardParts): GuardedFetch {
  return async (request) => {
    const late = new LvaError('timeout', 'The page did not come in time.', { advice: 'Try again later.' })
    const { timeoutMs, signal = new AbortController().signal } = request
    try {
      return await withinTime(clock, timeoutMs, signal, (stop) => fetched(request, { isAllowed, lookup, stop }), late)
    } catch (error) {
      throw error === late ? late : knownError(error, signal)
    }
  }
}

export interface GuardedDownload {
  address: string
  /** Bytes that are there already: the rest is asked for. */
  from: number
  /** Milliseconds in which something must come. */
  idleMs: number
  trustedOrigin?: string | undefined
  signal: AbortSignal
}

/** The beginning of a file that comes in pieces. */
export interface GuardedPieces {
  /** 200, 206, or 400 and above. */
  status: number
  /** Where in the file the pieces begin; a server may not know how to send a part. */
  from: number
  pieces: AsyncIterable<Uint8Array>
}

/**
 * Downloads a file of any size, guarded like `GuardedFetch`. Reading the pieces throws the same errors; leaving them ends the connection.
 * @throws LvaError address-refused, address-unreachable, timeout, cancelled
 */
export type OpenDownload = (request: GuardedDownload) => Promise<GuardedPieces>

export function createOpenDownload({
  clock,
  isAllowed = isOpenAddress,
  lookup = systemLookup,
}: GuardParts): OpenDownload {
  return async ({ address, from, idleMs, trustedOrigin, signal }) => {
    const late = new LvaError('timeout', 'The server sent nothing for a while.', { advice: 'Try again later.' })
    const over = new AbortController()
    const stop = AbortSignal.any([signal, over.signal])
    const known = (error: unknown) => (error === late ? late : knownError(error, signal))
    try {
      const request = { address, range: from, ...(trustedOrigin !== undefined && { trustedOrigin }) }
      const { response } = await withinTime(
        clock,
        idleMs,
        stop,
        (inTime) => follow(request, { isAllowed, lookup, stop: inTime }),
        late,
      )
      const { statusCode: status = 0, headers } = response
      const begins = /^bytes (\d+)-/.exec(headers['content-range'] ?? '')?.[1]
      const pieces = async function* () {
        const iterator = response[Symbol.asyncIterator]()
        try {
          for (;;) {
            const next = await withinTime(clock, idleMs, stop, () => iterator.next(), late)
            if (next.done) return
            yield next.value as Uint8Array
          }
        } catch (error) {
          throw known(error)
        } finally {
          over.abort()
          response.destroy()
        }
      }
      return { status, from: status === 206 ? Number(begins ?? Number.NaN) : 0, pieces: pieces() }
    } catch (error) {
      throw known(error)
    }
  }
}

function knownError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new LvaError('cancelled', 'Stopped.', { cause: error })
  // The check of a connection may come wrapped in the error of the socket.
  const own = isLvaError(error)
    ? error
    : isLvaError((error as { cause?: unknown })?.cause)
      ? (error as Error).cause
      : undefined
  return own ?? unreachable('The address could not be reached.', 0, error)
}

interface Way {
  isAllowed: (ip: string) => boolean
  lookup: typeof systemLookup
  stop: AbortSignal
}

async function fetched(request: GuardedRequest, way: Way): Promise<GuardedAnswer> {
  const { response, address } = await follow(request, way)
  const { statusCode = 0, headers } = response
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const retryAfter = Number(headers['retry-after'])
  return {
    status: statusCode,
    bytes: await readBody(response, type, request),
    address,
    type,
    retryAfterSeconds: headers['retry-after'] !== undefined && retryAfter >= 0 ? retryAfter : undefined,
  }
}

/** What is asked, without what becomes of the answer. `range`: the first byte that is wanted, of a file that comes as it is. */
type Question = Pick<GuardedRequest, 'address' | 'method' | 'headers' | 'body' | 'accept' | 'trustedOrigin'> & {
  range?: number
}

/** Follows redirects to the answer, whose body is yet to come. */
async function follow(request: Question, way: Way): Promise<{ response: IncomingMessage; address: string }> {
  const openness = { trustedOrigin: request.trustedOrigin, isAllowed: way.isAllowed }
  const first = checkedAddress(request.address, openness)
  const isPrivate = request.body !== undefined || Object.keys(request.headers ?? {}).length > 0
  let next = first
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    way.stop.throwIfAborted()
    const response = await send(next, request, way)
    const { statusCode = 0, headers } = response
    if (statusCode >= 300 && statusCode < 400) {
      response.destroy()
      if (headers.location === undefined || !URL.canParse(headers.location, next)) {
        throw unreachable(`The address answered with ${statusCode}.`, statusCode)
      }
      next = checkedAddress(new URL(headers.location, next).href, openness)
      // A key or a question is for whom it was meant.
      if (isPrivate && next.origin !== first.origin)
        throw unreachable('The address leads to another server.', statusCode)
      continue
    }
    return { response, address: next.href }
  }
  throw unreachable('The address leads from one to the next without end.', 310)
}

function send(url: URL, request: Question, { isAllowed, lookup, stop }: Way): Promise<IncomingMessage> {
  const isTrusted = url.origin === request.trustedOrigin
  const checked: LookupFunction = (name, options, answer) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error) return answer(error, '', 0)
      const [address] = found
      const isOpen = address !== undefined && (isTrusted || found.every((one) => isAllowed(one.address)))
      if (!isOpen) return answer(refusedNetwork() as NodeJS.ErrnoException, '', 0)
      if (options.all) answer(null, found)
      else answer(null, address.address, address.family)
    })
  }
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((resolve, reject) => {
    const call = open(
      url,
      {
        method: request.method ?? 'GET',
        signal: stop,
        lookup: checked,
        // A connection of its own: one that is kept would be used without being checked.
        agent: false,
        headers: {
          accept: request.accept ?? '*/*',
          // A part of a packed file could not be unpacked.
          'accept-encoding': request.range === undefined ? 'gzip, deflate, br' : 'identity',
          'user-agent': USER_AGENT,
          ...(request.range && { range: `bytes=${request.range}-` }),
          ...request.headers,
          ...(request.body !== undefined && { 'content-length': String(Buffer.byteLength(request.body)) }),
        },
      },
      (response) => {
        const ip = response.socket.remoteAddress ?? hostOf(url)
        if (isTrusted || isAllowed(ip)) return resolve(response)
        response.destroy()
        reject(refusedNetwork())
      },
    )
    call.once('error', reject)
    call.end(request.body)
  })
}

function unreachable(message: string, status: number, cause?: unknown): LvaError {
  return new LvaError('address-unreachable', message, {
    advice: 'Check the address and the network; or save the page in your browser and add the file.',
    params: { status },
    ...(cause === undefined ? {} : { cause }),
  })
}
