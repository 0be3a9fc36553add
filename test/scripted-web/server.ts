import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Fault, go } from './faults.ts'
import { WIRES } from './wires.ts'

export type WebPart = keyof typeof WIRES

export interface SeenQuestion {
  part: string
  /** Path and query below the part, as they were sent. */
  url: string
  method: string
  headers: IncomingMessage['headers']
  body: string
}

export interface ScriptedWeb {
  /** Such as `http://127.0.0.1:40123`; each part is a folder of it, Wikipedia's languages folders of theirs. */
  readonly url: string
  readonly seen: SeenQuestion[]
  /** From now on that part goes wrong so; null mends it. */
  fault(part: WebPart, wrong: Fault | null): void
  /** Resolves with the next question to a part, or the first that came already. */
  asked(part: WebPart): Promise<SeenQuestion>
  reset(): void
  close(): Promise<void>
}

/** Starts a server on the loopback interface that plays every source of research, and whatever can be wrong with one. */
export async function startScriptedWeb(options: { port?: number } = {}): Promise<ScriptedWeb> {
  const seen: SeenQuestion[] = []
  const faults = new Map<string, Fault>()
  const waiting: { part: string; take: (question: SeenQuestion) => void }[] = []

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams, search } = new URL(request.url ?? '/', 'http://localhost')
    const [, part = '', path = '/'] = /^\/([^/]*)(\/.*)?$/.exec(pathname) ?? []
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const question = {
      part,
      url: `${path}${search}`,
      method: request.method ?? 'GET',
      headers: request.headers,
      body: Buffer.concat(pieces).toString(),
    }
    seen.push(question)
    for (const one of waiting.filter((waiter) => waiter.part === part)) {
      waiting.splice(waiting.indexOf(one), 1)
      one.take(question)
    }
    const wrong = faults.get(part)
    if (wrong !== undefined) return go(wrong, request.url ?? '/', response)
    const wire = Object.hasOwn(WIRES, part) ? WIRES[part as WebPart] : undefined
    if (!wire) return void response.writeHead(404).end()
    const {
      status = 200,
      type = 'text/plain',
      body,
    } = wire({ path, query: searchParams, body: question.body, request, base: url })
    response.writeHead(status, { 'content-type': type }).end(body)
  }

  const server = createServer((request, response) => void handle(request, response))
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    seen,
    fault: (part, wrong) => void (wrong === null ? faults.delete(part) : faults.set(part, wrong)),
    asked: (part) => {
      const known = seen.find((question) => question.part === part)
      return known ? Promise.resolve(known) : new Promise((take) => waiting.push({ part, take }))
    },
    reset() {
      seen.length = 0
      faults.clear()
      waiting.length = 0
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
