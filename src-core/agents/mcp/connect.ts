import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { z } from 'zod'
import { type Clock, LvaError, withinTime } from '../../kernel/index.ts'
import { ended, keyRefused, notStarted, tooLarge, tooSlow } from './faults.ts'
import { originFetch } from './origin-fetch.ts'
import type { ResultPart } from './result-text.ts'
import { type StdioTransport, stdioTransport } from './stdio-transport.ts'
import { MOST_TOOLS, type ToldTool } from './tool-facts.ts'
import type { McpConnection, McpLimits, StartServer } from './types.ts'

const BYTES_PER_KB = 2 ** 10
/** Beside the answer a message holds little. */
const ENVELOPE_BYTES = 4 * BYTES_PER_KB
/** Pages of tools that are turned: more tools than are looked at need no more. */
const MOST_PAGES = 10
/** Time for a server to hear that its session is over. */
const FAREWELL_MS = 1_000
/** The SDK's own deadline, which must never be the first: ours hold. */
const NEVER_MS = 2 ** 31 - 1

export interface CallResult {
  parts: ResultPart[]
  structured: unknown
  /** The server says that the tool failed; its parts say why. */
  isError: boolean
}

/** A server that answers. */
export interface McpLine {
  /** @throws LvaError */
  tools(signal: AbortSignal): Promise<ToldTool[]>
  /** @throws LvaError timeout, cancelled, mcp-server-ended, mcp-answer-too-large, mcp-key-refused */
  call(tool: string, input: Record<string, unknown>, signal: AbortSignal): Promise<CallResult>
  /** Why the line broke, or undefined where it was closed by us; called once. */
  onEnd(listener: (failure: LvaError | undefined) => void): void
  onToolsChanged(listener: () => void): void
  close(): Promise<void>
}

export interface ConnectParts {
  /** The learner's name of the server. */
  name: string
  connection: McpConnection
  secrets: Record<string, string>
  start: StartServer
  limits: McpLimits
  appVersion: string
  clock: Clock
  /** Told the end of what a program writes to its standard error, when its line breaks. */
  onLastWords(words: string): void
}

const toldTools = z.looseObject({
  tools: z.array(
    z.looseObject({ name: z.string(), description: z.string().optional(), inputSchema: z.unknown().optional() }),
  ),
  nextCursor: z.string().optional(),
})
const toldResult = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional(),
})

/**
 * Starts or reaches a server and shakes hands. Nothing is offered to it: it can ask neither the model nor the learner for anything.
 * This brings the SDK along at its first call.
 * @throws LvaError mcp-not-started, mcp-key-refused, mcp-answer-too-large, timeout, cancelled
 */
export async function connect(parts: ConnectParts, signal: AbortSignal): Promise<McpLine> {
  const { name, connection, limits, clock } = parts
  const [{ Client }, sdk, { ToolListChangedNotificationSchema }] = await Promise.all([
    import('@modelcontextprotocol/sdk/client/index.js'),
    import('@modelcontextprotocol/sdk/shared/stdio.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ])
  const client: Client = new Client(
    { name: 'learning-voice-agent', version: parts.appVersion },
    // The SDK would compile the schemas of a stranger to code.
    {
      jsonSchemaValidator: {
        getValidator: () => (data) => ({ valid: true, data: data as never, errorMessage: undefined }),
      },
    },
  )
  const bytes = limits.answerKb * BYTES_PER_KB + ENVELOPE_BYTES
  let failure: LvaError | undefined
  const breakOff = (error: LvaError) => {
    failure ??= error
    void client.close()
    return error
  }

  let stdio: StdioTransport | undefined
  let farewell = async () => {}
  const open = async () => {
    if (connection.transport === 'stdio') {
      const process = parts.start({
        command: connection.command,
        arguments: connection.arguments,
        variables: parts.secrets,
      })
      stdio = stdioTransport(process, {
        bytes,
        read: sdk.deserializeMessage,
        tooLarge: () => tooLarge(name, limits.answerKb),
        notUnderstood: () => notStarted(name),
        ended: (wasStarted) => (wasStarted ? ended(name) : notStarted(name)),
      })
      return stdio
    }
    const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js')
    const url = new URL(connection.url)
    const http = new StreamableHTTPClientTransport(url, {
      fetch: originFetch(url.origin, bytes, () => breakOff(tooLarge(name, limits.answerKb))),
      requestInit: { headers: parts.secrets },
      reconnectionOptions: {
        initialReconnectionDelay: 1_000,
        maxReconnectionDelay: 1_000,
        reconnectionDelayGrowFactor: 1,
        maxRetries: 0,
      },
    })
    farewell = () => withinTime(clock, FAREWELL_MS, new AbortController().signal, () => http.terminateSession())
    return http
  }

  const explained = (error: unknown, otherwise: (error: unknown) => LvaError): LvaError => {
    const known = failure ?? stdio?.failure
    if (known) return known
    if (error instanceof LvaError) return error
    const status = (error as { code?: unknown }).code
    return status === 401 || status === 403 ? keyRefused(name) : otherwise(error)
  }
  /** @throws LvaError */
  async function ask<T>(
    ms: number,
    stop: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
    otherwise: (error: unknown) => LvaError,
  ): Promise<T> {
    const late = tooSlow(name)
    try {
      return await withinTime(clock, ms, stop, work, late)
    } catch (error) {
      if (stop.aborted) throw new LvaError('cancelled', 'Stopped.', { cause: error })
      throw error === late ? late : explained(error, otherwise)
    }
  }

  const lines = { end: [] as ((failure: LvaError | undefined) => void)[], changed: [] as (() => void)[] }
  let isClosing = false
  client.onclose = () => {
    const known = failure ?? stdio?.failure
    if (stdio) parts.onLastWords(stdio.lastWords)
    for (const listener of lines.end.splice(0)) listener(isClosing ? undefined : (known ?? ended(name)))
  }
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => {
    for (const listener of lines.changed) listener()
  })
  const close = async () => {
    isClosing = true
    await farewell().catch(() => undefined)
    await client.close()
    // The program has ended when this resolves, whoever closed its line first.
    await stdio?.close()
  }

  try {
    await ask(
      limits.startMs,
      signal,
      async (stop) => client.connect(await open(), { signal: stop, timeout: NEVER_MS }),
      (error) => notStarted(name, error),
    )
  } catch (error) {
    await close()
    const cause = stdio?.failure
    // Before it has shaken hands, a program that ends is one that could not be started.
    throw cause?.code === 'mcp-server-ended' ? notStarted(name, error) : error
  }

  return {
    tools: (stop) =>
      ask(
        limits.startMs,
        stop,
        async (inner) => {
          const told: ToldTool[] = []
          let cursor: string | undefined
          for (let page = 0; page < MOST_PAGES; page++) {
            const { tools, nextCursor } = await client.request(
              { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
              toldTools,
              { signal: inner, timeout: NEVER_MS },
            )
            told.push(...(tools as ToldTool[]))
            cursor = nextCursor
            if (cursor === undefined || told.length >= MOST_TOOLS) break
          }
          return told.slice(0, MOST_TOOLS)
        },
        (error) => notStarted(name, error),
      ),
    call: (tool, input, stop) =>
      ask(
        limits.callMs,
        stop,
        async (inner) => {
          try {
            const result = await client.request(
              { method: 'tools/call', params: { name: tool, arguments: input } },
              toldResult,
              { signal: inner, timeout: NEVER_MS },
            )
            const { content, structuredContent, isError } = result
            return { parts: content as ResultPart[], structured: structuredContent, isError: isError ?? false }
          } catch (error) {
            const said = refusal(error)
            if (said === undefined) throw error
            return { parts: [{ type: 'text', text: said }], structured: undefined, isError: true }
          }
        },
        (error) => (isSchemaFault(error) ? notStarted(name, error) : ended(name)),
      ),
    onEnd: (listener) => void lines.end.push(listener),
    onToolsChanged: (listener) => void lines.changed.push(listener),
    close,
  }
}

/** Codes of JSON-RPC that the SDK uses for itself: the line closed, a deadline. */
const OWN_CODES = new Set([-32_000, -32_001])

/** What a server says why it does not do what it was asked. Undefined where it said nothing. */
function refusal(error: unknown): string | undefined {
  const { name, code, message } = error as { name?: unknown; code?: unknown; message?: unknown }
  const isSaid = name === 'McpError' && typeof code === 'number' && !OWN_CODES.has(code) && typeof message === 'string'
  return isSaid ? message : undefined
}

function isSchemaFault(error: unknown): boolean {
  return (error as { name?: unknown }).name === 'ZodError' || (error as { name?: unknown }).name === '$ZodError'
}
