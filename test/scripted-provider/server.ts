import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { writeWav } from '../../src-core/models/local/wav.ts'
import { anthropicWire } from './anthropic-wire.ts'
import { openaiChatWire } from './openai-chat-wire.ts'
import { openaiResponsesWire } from './openai-responses-wire.ts'
import { type Call, type Reply, SCENARIOS, scenarioIn } from './scenarios.ts'
import { record, type Wire } from './wires.ts'

/** A call as the server saw it. */
export interface RecordedRequest {
  method: string
  path: string
  headers: Record<string, string>
  /** Parsed JSON, or undefined when there was none. */
  body: unknown
  /** Key from `authorization: Bearer` or `x-api-key`, or ''. */
  apiKey: string
  model: string
  scenario: string
  attempt: number
  /** `answered` once the whole response was written, `aborted` when the caller closed the connection before that. */
  state: 'open' | 'answered' | 'aborted'
}

export interface ScriptedProviderOptions {
  /** 0 takes a free port. */
  port?: number
  /** Milliseconds between two pieces of an answer; default 1. */
  delayMs?: number
  /** Milliseconds before the first piece of the scenario `slow`; default 1500. */
  slowMs?: number
  /** Names that GET /v1/models lists. */
  models?: string[]
  /** Says what to answer where no other scenario is asked for. */
  reply?: Reply
}

export interface ScriptedProvider {
  /** Such as `http://127.0.0.1:40123`, without a path. */
  readonly url: string
  readonly requests: RecordedRequest[]
  /** Resolves with the first request that fits, now or later. */
  waitFor(fits: (request: RecordedRequest) => boolean): Promise<RecordedRequest>
  /** Forgets requests and attempts. */
  reset(): void
  close(): Promise<void>
}

const WIRES: Record<string, Wire> = {
  '/messages': anthropicWire,
  '/chat/completions': openaiChatWire,
  '/responses': openaiResponsesWire,
}

/** How the provider of a route, such as `/v1/messages`, spells requests. */
export function wireOf(route = ''): Wire | undefined {
  return WIRES[route.replace(/^\/v1(?=\/)/, '')]
}

export const SCRIPTED_MODELS = ['scripted-ok', 'claude-haiku-5-5', 'gpt-6-luna', 'llama3.2:latest']

/**
 * Starts a server on the loopback interface that speaks Anthropic's Messages API and OpenAI's chat completions and responses APIs.
 * `GET /requests` returns what it recorded, `POST /reset` forgets it.
 */
export async function startScriptedProvider(options: ScriptedProviderOptions = {}): Promise<ScriptedProvider> {
  const { delayMs = 1, slowMs = 1_500, models = SCRIPTED_MODELS, reply } = options
  const requests: RecordedRequest[] = []
  const attempts = new Map<string, number>()
  const sockets = new Set<Socket>()
  const waiting = new Set<() => void>()
  const closing = new AbortController()
  const changed = () => {
    for (const look of [...waiting]) look()
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET' } = request
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    if (method === 'GET' && path === '/requests') return sendJson(response, 200, requests)
    if (method === 'POST' && path === '/reset') {
      requests.length = 0
      attempts.clear()
      return sendJson(response, 200, {})
    }
    const body = await readJson(request)
    const inPath = /^(?:\/v1)?\/models\/(.+)$/.exec(path)?.[1]
    const model = inPath === undefined ? String(record(body).model ?? '') : decodeURIComponent(inPath)
    const apiKey = keyOf(request)
    const wanted = scenarioIn(model) ?? scenarioIn(apiKey) ?? { name: 'ok', times: Number.POSITIVE_INFINITY }
    const tally = `${path} ${wanted.name} ${model} ${apiKey}`
    const attempt = (attempts.get(tally) ?? 0) + 1
    attempts.set(tally, attempt)
    const recorded: RecordedRequest = {
      method,
      path,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      body,
      apiKey,
      model,
      scenario: wanted.name,
      attempt,
      state: 'open',
    }
    requests.push(recorded)
    changed()
    const gone = new AbortController()
    response.on('close', () => {
      recorded.state = response.writableFinished ? 'answered' : 'aborted'
      gone.abort()
      changed()
    })
    closing.signal.addEventListener('abort', () => gone.abort(), { once: true })

    const route = path.replace(/^\/v1(?=\/)/, '')
    const wire =
      wireOf(path) ??
      (route.startsWith('/models') || route === SPEECH || route === HEARING ? wireOfCaller(request) : undefined)
    if (!wire) return sendJson(response, 404, { error: { message: `no route ${path}`, type: 'not_found', code: null } })
    const scenario = SCENARIOS[attempt > wanted.times ? 'ok' : wanted.name] as (call: Call) => Promise<void>
    const isQuestion = route in WIRES
    const call: Call = {
      response,
      wire,
      body,
      model,
      isQuestion,
      apiKey,
      attempt,
      delayMs,
      slowMs,
      gone: gone.signal,
      reply,
    }
    const failing = attempt <= wanted.times && !STREAMING_SCENARIOS.has(wanted.name)
    if (route === SPEECH && !failing) return sendSound(response)
    if (route === HEARING && !failing) return sendJson(response, 200, { text: ' Plants turn light into sugar. ' })
    if (route === '/models' && !failing) return sendJson(response, 200, modelList(models))
    if (route.startsWith('/models/') && !failing) {
      if (!models.includes(model) && !model.startsWith('scripted-')) return SCENARIOS['unknown-model']?.(call)
      return sendJson(response, 200, modelCard(model))
    }
    await scenario(call)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      console.error('scripted provider:', error)
      response.destroy()
    })
  })
  server.keepAliveTimeout = 1_000
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    waitFor: (fits) =>
      new Promise((resolve) => {
        const look = () => {
          const found = requests.find(fits)
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    reset: () => {
      requests.length = 0
      attempts.clear()
    },
    close: () =>
      new Promise((resolve, reject) => {
        closing.abort()
        server.close((error) => (error ? reject(error) : resolve()))
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Scenarios that only mean something for an answer: the models routes answer normally under them. */
const STREAMING_SCENARIOS = new Set([
  'ok',
  'length',
  'refusal',
  'huge',
  'unicode',
  'thinking',
  'no-usage',
  'tools',
  'obeying',
  'tools-parallel',
  'tools-one-number',
  'tools-malformed',
  'tools-no-ids',
  'tools-unknown',
  'tools-unasked',
  'tools-loop',
  'tools-huge',
  'tools-cut',
  'tools-refused',
  'cut',
  'cut-quietly',
  'cut-early',
  'stall',
  'never-closing',
  'stream-error',
  'stream-error-early',
  'malformed',
  'malformed-early',
])

function wireOfCaller(request: IncomingMessage): Wire {
  return 'anthropic-version' in request.headers ? anthropicWire : openaiResponsesWire
}

function keyOf(request: IncomingMessage): string {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
  const header = request.headers['x-api-key']
  return bearer ?? (typeof header === 'string' ? header : '')
}

function modelCard(id: string) {
  return { id, object: 'model', type: 'model', display_name: id, owned_by: 'script', created: 0, lifecycle: 'active' }
}

/** Both providers' list shapes in one object. */
function modelList(names: readonly string[]) {
  return { object: 'list', data: names.map(modelCard), has_more: false, first_id: names[0], last_id: names.at(-1) }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString('utf8')
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}

const SPEECH = '/audio/speech'
const HEARING = '/audio/transcriptions'

/** A second of a tone, as a WAV file without a length, as the real service sends it. */
function sendSound(response: ServerResponse): void {
  const samples = Float32Array.from(
    { length: 24_000 },
    (_, index) => 0.2 * Math.sin((2 * Math.PI * 220 * index) / 24_000),
  )
  response.writeHead(200, { 'content-type': 'audio/wav' }).end(writeWav({ samples, sampleRate: 24_000 }))
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
