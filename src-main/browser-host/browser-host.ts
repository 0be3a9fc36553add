import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { type WebSocket, WebSocketServer } from 'ws'
import { type Frame, MAX_FRAME_BYTES } from '../../src-core/contract/index.ts'
import { type Clock, type Closable, type Log, LvaError, type Random } from '../../src-core/kernel/index.ts'
import type { CoreHost } from '../core-host.ts'
import { findPageFile } from '../page-files.ts'
import { pageHeaders } from '../page-headers.ts'
import { type Access, createAccess } from './access.ts'
import { REFUSAL_POLICY, refusalPage } from './refusal-page.ts'

export interface BrowserHostOptions {
  core: CoreHost
  /** 0 takes a free port. */
  port: number
  random: Random
  clock: Clock
  log: Log
  /** Folder of the built page, or a handler that makes the page while it is being worked on. */
  page: string | PageHandler
}

export type PageHandler = (request: IncomingMessage, response: ServerResponse) => void

export interface BrowserHost extends Closable {
  readonly port: number
  /** Opens the app in any browser on this machine; it carries the token, for the terminal only. */
  readonly address: string
  /** An address that opens the app once, within a minute. */
  newAddress(): string
}

/** Bytes that may wait for a slow browser before the core is asked to wait. */
const HIGH_WATER_BYTES = 8 * 1024 * 1024
const LOW_WATER_BYTES = 1024 * 1024
const DRAIN_CHECK_MS = 25
/** `1012 service restart` (RFC 6455 registry): the client comes back by itself. */
const SERVICE_RESTART = 1012

/**
 * Shows the app in a browser on this machine: the page over HTTP and the contract over a WebSocket at `/rpc`, both on 127.0.0.1 only
 * and both for the holder of the cookie that the printed address sets.
 * @throws LvaError port-taken
 */
export async function openBrowserHost(options: BrowserHostOptions): Promise<BrowserHost> {
  const { core, log } = options
  const server = createServer()
  const port = await listen(server, options.port)
  const access = createAccess(port, options.random, options.clock)
  const headers = pageHeaders([`ws://127.0.0.1:${port}`])
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_FRAME_BYTES, perMessageDeflate: false })

  server.on('request', (request, response) => {
    answer(request, response).catch((error) => {
      log.warn({ error }, 'a page request failed')
      response.destroy()
    })
  })

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = requestUrl(request, port)
    const refusal = refuse(access, request, url)
    if (typeof options.page === 'string' || refusal)
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (refusal) return sendRefusal(response, refusal)
    if (url.pathname === '/open') {
      // Not a redirect: a strict cookie is left out of a redirect whose first link stood on another page, such as a mail.
      response.writeHead(200, {
        'content-type': 'text/html; charset=utf-8',
        'set-cookie': access.setCookie,
        'cache-control': 'no-store',
      })
      response.end(
        '<!doctype html><meta http-equiv="refresh" content="0; url=/"><link rel="icon" href="data:,"><title>Learning Voice Agent</title>',
      )
    } else if (url.pathname === '/rpc') {
      response.writeHead(426, { 'content-type': 'text/plain', upgrade: 'websocket' }).end('WebSocket only')
    } else if (typeof options.page === 'string') {
      await sendFile(options.page, url.pathname, request, response)
    } else {
      options.page(request, response)
    }
  }

  server.on('upgrade', (request, socket, head) => {
    // A browser that goes away while the core is still starting; there is nobody left to answer.
    socket.on('error', () => socket.destroy())
    const url = requestUrl(request, port)
    if (url.pathname !== '/rpc') return socket.end('HTTP/1.1 404 Not Found\r\n\r\n')
    const refusal = refuse(access, request, url) ?? (access.hasOurOrigin(request) ? undefined : 403)
    if (refusal) return socket.end(`HTTP/1.1 ${refusal} ${refusal === 401 ? 'Unauthorized' : 'Forbidden'}\r\n\r\n`)
    // `ready` fails when the core cannot run; the client then tries again later or learns of it from the terminal.
    core.ready().then(
      () => sockets.handleUpgrade(request, socket, head, (client) => relay(core, client)),
      () => socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n'),
    )
  })

  return {
    port,
    address: `http://127.0.0.1:${port}/open?token=${access.token}`,
    newAddress: () => `http://127.0.0.1:${port}/open?ticket=${access.newTicket()}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await closed
    },
  }
}

async function listen(server: Server, port: number): Promise<number> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    throw new LvaError('port-taken', `Port ${port} is in use by another program.`, {
      advice: 'Close that program, or choose another port with LVA_HOST_PORT (0 takes a free one).',
      params: { port },
      cause: error,
    })
  }
  return (server.address() as AddressInfo).port
}

/** An address that cannot be parsed is treated as one that does not exist. */
function requestUrl(request: IncomingMessage, port: number): URL {
  return (
    URL.parse(request.url ?? '/', `http://127.0.0.1:${port}`) ?? new URL(`http://127.0.0.1:${port}/not-an-address.txt`)
  )
}

/** 403 for a stranger's name or page, 401 for who has not opened the printed address. */
function refuse(access: Access, request: IncomingMessage, url: URL): 401 | 403 | undefined {
  if (!access.hasOurHost(request)) return 403
  if (url.pathname === '/open' && access.mayOpen(url)) return undefined
  return access.hasCookie(request) ? undefined : 401
}

function sendRefusal(response: ServerResponse, status: 401 | 403): void {
  const page =
    status === 401
      ? refusalPage('This page is closed.', 'Open the address that the terminal printed when the program started.')
      : refusalPage('This address is not allowed.', 'Open the address that the terminal printed, with 127.0.0.1 in it.')
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': REFUSAL_POLICY,
  })
  response.end(page)
}

async function sendFile(
  folder: string,
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end()
    return
  }
  const file = await findPageFile(folder, pathname)
  if (!file) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('Not found')
    return
  }
  response.writeHead(200, { 'content-type': file.type, 'content-length': file.bytes, 'cache-control': file.cache })
  if (request.method === 'HEAD') response.end()
  else await pipeline(createReadStream(file.path), response)
}

/** Passes frames between one browser page and the core. */
function relay(core: CoreHost, client: WebSocket): void {
  let draining: ReturnType<typeof setInterval> | undefined
  const line = core.connect({
    onFrame(frame) {
      client.send(frame)
      if (draining || client.bufferedAmount < HIGH_WATER_BYTES) return
      line.pause()
      draining = setInterval(() => {
        if (client.bufferedAmount > LOW_WATER_BYTES) return
        clearInterval(draining)
        draining = undefined
        line.resume()
      }, DRAIN_CHECK_MS)
    },
    onClose: () => client.close(SERVICE_RESTART),
  })
  client.on('message', (data: Buffer, isBinary: boolean) => {
    const frame: Frame = isBinary ? new Uint8Array(data) : data.toString('utf8')
    line.send(frame)
  })
  // `close` follows every error (such as a frame beyond the limit) and is the one that acts.
  client.on('error', () => undefined)
  client.on('close', () => {
    clearInterval(draining)
    line.close()
  })
}
