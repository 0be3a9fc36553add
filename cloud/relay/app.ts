import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { WebSocketServer } from 'ws'
import { z } from 'zod'
import { type ErrorCode, isLvaError, type Log, LvaError, toLvaError } from '../../src-core/kernel/index.ts'
import { MESSAGE_BYTES, SUBPROTOCOL } from '../../src-core/sync/index.ts'
import { type Accounts, tooMany } from './accounts.ts'
import { type Connection, type ConnectionServices, createConnection } from './connection.ts'
import { MESSAGE_OF_PAIRING, type Pairings } from './pairings.ts'
import type { RateLimits } from './rate-limits.ts'
import type { SealedBlobs } from './sealed-blobs.ts'
import { type Bearer, type Tokens, unauthorized } from './tokens.ts'

export interface AppServices extends ConnectionServices {
  accounts: Accounts
  tokens: Tokens
  blobs: SealedBlobs
  pairings: Pairings
  rates: RateLimits
  /** @throws where the database or the fan-out does not answer */
  ready(): Promise<void>
  trustProxy: boolean
  log: Log
}

export interface RelayApp {
  http: FastifyInstance
  /** No new sockets; those that are open are answered and told to come back. */
  closeSockets(): Promise<void>
}

const PIECE_BYTES = 8 * 2 ** 20
const COME_BACK_MS = 2_000
const PAIRING_TRIES = 60
const MINUTE_MS = 60_000

const id = z.string().regex(/^[0-9a-f]{32}$/)
const credentials = z.object({ email: z.string().max(320), password: z.string().max(1_024) })
const signingIn = credentials.extend({ device: z.object({ id, kind: z.string().min(1).max(40) }) })
const refreshing = z.object({ refresh: z.string().max(100) })
const blobPath = z.object({ name: id })
const pairingPath = z.object({ id: z.string().regex(/^[0-9a-f]{16}$/) })
const offset = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

/** HTTP statuses of errors that are not the relay's own fault. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-input': 400,
  unauthorized: 401,
  'device-revoked': 403,
  'not-found': 404,
  'over-quota': 413,
  'too-many-tries': 429,
  'disk-full': 507,
  'database-unreachable': 503,
  // The storage of blobs: the same piece is taken once it answers again.
  'backup-place-failed': 503,
  'backup-clock-wrong': 503,
}

/** The relay's HTTP interface and its sockets (docs/protocol.md §5, §6). */
export function createApp(services: AppServices): RelayApp {
  const { accounts, tokens, blobs, pairings, rates, metrics, log } = services
  const http = fastify({
    logger: false,
    // The proxy before us says who asked it. What stands before that in the header is said by whoever asks.
    trustProxy: services.trustProxy ? (_address, hop) => hop === 0 : false,
    bodyLimit: 64 * 1_024,
    forceCloseConnections: true,
  })
  const connections = new Set<Connection>()

  http.setErrorHandler((error, request, reply) => answerError(error, request, reply, log))
  http.setNotFoundHandler((_request, reply) => {
    void reply.code(404).send({ code: 'not-found', message: 'There is nothing here.', advice: '' })
  })
  http.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: PIECE_BYTES },
    (_request, body, done) => done(null, body),
  )
  http.addHook('onSend', async (_request, reply) => {
    void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
  })

  async function bearerOf(request: FastifyRequest): Promise<Bearer> {
    const [scheme, token] = (request.headers.authorization ?? '').split(' ')
    if (scheme !== 'Bearer' || !token) throw unauthorized()
    const bearer = await tokens.read(token)
    await accounts.seen(bearer)
    return bearer
  }

  http.get('/health', async () => ({ status: 'ok' }))
  http.get('/ready', async (_request, reply) => {
    try {
      await services.ready()
      return { status: 'ready' }
    } catch (error) {
      log.warn({ error }, 'not ready')
      return reply.code(503).send({ status: 'not ready' })
    }
  })
  http.get('/metrics', async (_request, reply) => {
    const { type, body } = await metrics.text()
    return reply.type(type).send(body)
  })

  http.post('/v1/accounts', async (request, reply) => {
    await accounts.create(read(credentials, request.body), request.ip)
    return reply.code(201).send({ created: true })
  })
  http.post('/v1/sessions', (request) => {
    const { device, ...who } = read(signingIn, request.body)
    return accounts.signIn(who, device, request.ip)
  })
  http.post('/v1/sessions/refresh', async (request) => {
    const { accountId, deviceId, ...pair } = await tokens.refresh(read(refreshing, request.body).refresh)
    await accounts.seen({ accountId, deviceId })
    return { ...pair, account: accountId }
  })
  http.delete('/v1/sessions', async (request, reply) => {
    await accounts.signOut(await bearerOf(request))
    return reply.code(204).send()
  })
  http.get('/v1/devices', async (request) => accounts.devices((await bearerOf(request)).accountId))
  http.post('/v1/devices/:name/revoke', async (request) => {
    const { accountId } = await bearerOf(request)
    return accounts.revoke(accountId, read(blobPath, request.params).name)
  })

  http.put('/v1/blobs/:name', { bodyLimit: PIECE_BYTES }, async (request, reply) => {
    const { accountId } = await bearerOf(request)
    const { name } = read(blobPath, request.params)
    const from = read(z.object({ offset }), request.query).offset
    const length = read(offset, request.headers['upload-length'])
    const piece = Buffer.isBuffer(request.body) ? request.body : new Uint8Array()
    const { offset: now, conflict } = await blobs.put(accountId, name, from, length, piece)
    return reply.code(conflict ? 409 : 200).send({ offset: now })
  })
  http.head('/v1/blobs/:name', async (request, reply) => {
    const { accountId } = await bearerOf(request)
    const state = await blobs.state(accountId, read(blobPath, request.params).name)
    if (!state) return reply.code(404).send()
    return reply.header('upload-offset', state.offset).header('upload-length', state.length).send()
  })
  http.get('/v1/blobs/:name', async (request, reply) => {
    const { accountId } = await bearerOf(request)
    const { name } = read(blobPath, request.params)
    const state = await blobs.state(accountId, name)
    if (!state || state.offset < state.length) throw new LvaError('not-found', 'This blob is not here, or not whole.')
    const [start, end] = rangeOf(request.headers.range, state.length)
    if (start >= end && state.length > 0)
      return reply.code(416).header('content-range', `bytes */${state.length}`).send()
    void reply
      .header('accept-ranges', 'bytes')
      .header('content-length', end - start)
      .type('application/octet-stream')
    if (request.headers.range) void reply.code(206).header('content-range', `bytes ${start}-${end - 1}/${state.length}`)
    const { Readable } = await import('node:stream')
    return reply.send(Readable.from(blobs.read(accountId, name, start, end)))
  })
  http.delete('/v1/blobs/:name', async (request, reply) => {
    const { accountId } = await bearerOf(request)
    await blobs.delete(accountId, read(blobPath, request.params).name)
    return reply.code(204).send()
  })

  http.post('/v1/pairings/:id', { bodyLimit: 2 * MESSAGE_OF_PAIRING }, async (request, reply) => {
    await countPairing(request)
    const message = Buffer.isBuffer(request.body) ? request.body : new Uint8Array()
    return reply.code(201).send({ count: await pairings.leave(read(pairingPath, request.params).id, message) })
  })
  http.get('/v1/pairings/:id', async (request) => {
    await countPairing(request)
    const { after } = read(z.object({ after: offset.default(0) }), request.query)
    const messages = await pairings.fetch(read(pairingPath, request.params).id, after)
    return { messages: messages.map((message) => Buffer.from(message).toString('base64')) }
  })

  async function countPairing(request: FastifyRequest): Promise<void> {
    const waitMs = await rates.count(`pairing:${request.ip}`, PAIRING_TRIES, MINUTE_MS)
    if (waitMs > 0) throw tooMany(waitMs)
  }

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MESSAGE_BYTES,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
  })
  let isClosing = false
  http.server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const { pathname } = new URL(request.url ?? '/', 'http://relay')
    if (pathname !== '/v1/socket' || isClosing) {
      stream.end(`HTTP/1.1 ${isClosing ? '503 Service Unavailable' : '404 Not Found'}\r\nConnection: close\r\n\r\n`)
      return
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      const gathered = gatheredWrites(stream)
      const connection = createConnection(
        {
          send: (message) => {
            gathered()
            socket.send(message, () => connection.drained())
          },
          close: (code, reason) => socket.close(code, reason),
          get bufferedAmount() {
            return socket.bufferedAmount
          },
          pause: () => socket.pause(),
          resume: () => socket.resume(),
        },
        services,
      )
      connections.add(connection)
      metrics.opened()
      socket.on('message', (data, isBinary) => {
        if (isBinary) connection.receive(bytesOf(data as Buffer))
        else socket.close(4400, 'malformed')
      })
      // `close` follows, and says all that matters here.
      socket.on('error', (error) => log.debug({ error }, 'a socket broke'))
      socket.on('close', () => {
        connections.delete(connection)
        metrics.closed()
        connection.closed()
      })
    })
  })

  return {
    http,
    async closeSockets() {
      isClosing = true
      await Promise.all(Array.from(connections, (connection) => connection.goAway(COME_BACK_MS)))
      sockets.close()
    },
  }
}

/** What is written to a stream in one go of work leaves in one call to the system: a commit brings many frames to a socket. @returns to be called before a write */
function gatheredWrites(stream: Duplex): () => void {
  let isGathering = false
  return () => {
    if (isGathering) return
    isGathering = true
    stream.cork()
    process.nextTick(() => {
      isGathering = false
      stream.uncork()
    })
  }
}

function bytesOf(data: Buffer): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** @throws LvaError bad-input naming what does not fit, and not the values */
function read<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const places = parsed.error.issues.map(({ path, code }) => `${path.join('.') || 'value'} (${code})`).join(', ')
  throw new LvaError('bad-input', `The request does not fit: ${places}.`, { advice: 'Update the app.' })
}

/** Start and end (exclusive) of one range of bytes; the whole where none is asked for or it is not understood (RFC 9110 §14.2). */
function rangeOf(header: string | undefined, length: number): [number, number] {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '')
  if (!match || (match[1] === '' && match[2] === '')) return [0, length]
  if (match[1] === '') return [Math.max(0, length - Number(match[2])), length]
  return [Number(match[1]), match[2] === '' ? length : Math.min(length, Number(match[2]) + 1)]
}

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Log): void {
  const known = isLvaError(error) ? error : clientFault(error)
  const { code, message, advice, params } = known ?? toLvaError(error)
  const status = known ? (STATUS[known.code] ?? 500) : 500
  if (status >= 500) log.error({ error, route: request.routeOptions.url }, 'a request failed')
  if (typeof params.seconds === 'number') void reply.header('retry-after', params.seconds)
  void reply.code(status).send({ code, message, advice })
}

/** What fastify itself refuses: a body that is too long or no JSON. */
function clientFault(error: unknown): LvaError | undefined {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status === 413)
    return new LvaError('bad-input', 'The request is too long.', { advice: 'Send it in smaller pieces.' })
  return status < 500
    ? new LvaError('bad-input', 'The request cannot be read.', { advice: 'Update the app.' })
    : undefined
}
