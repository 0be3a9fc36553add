import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { scriptedServer } from './tools.ts'

export interface ScriptedHttpServer {
  /** Of its MCP endpoint, such as `http://127.0.0.1:40123/mcp`. */
  url: string
  /** Of every request, in order. */
  readonly asked: { method: string; path: string; authorization: string | undefined }[]
  /** Sessions that were begun and not ended. */
  readonly sessions: number
  close(): Promise<void>
}

/**
 * A real MCP server over Streamable HTTP. `/mcp` is open, `/locked` wants `authorization: Bearer open`, `/moved` leads to another origin,
 * `/page` is a web page, `/hang` never answers.
 * @param says what its tool `tell` answers
 */
export async function scriptedHttpServer(
  elsewhere = 'http://127.0.0.1:9/',
  says?: () => string,
): Promise<ScriptedHttpServer> {
  const asked: ScriptedHttpServer['asked'] = []
  const sessions = new Map<string, StreamableHTTPServerTransport>()

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const known = sessions.get(String(request.headers['mcp-session-id']))
    if (known) return known.handleRequest(request, response)
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: (id) => void sessions.delete(id),
    })
    // The SDK's own types disagree under exactOptionalPropertyTypes.
    await scriptedServer(says).connect(transport as never)
    await transport.handleRequest(request, response)
  }

  const server = createServer((request, response) => {
    const { method = '', url: path = '', headers } = request
    asked.push({ method, path, authorization: headers.authorization })
    if (path === '/hang') return
    if (path === '/page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>')
    if (path === '/moved') return void response.writeHead(307, { location: elsewhere }).end()
    if (path === '/locked' && headers.authorization !== 'Bearer open') return void response.writeHead(401).end('no')
    void serve(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    asked,
    get sessions() {
      return sessions.size
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
