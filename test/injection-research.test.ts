import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  createMcpServers,
  createProposer,
  createResearchDesk,
  createTurns,
  type McpServers,
  type Proposer,
  type TurnEvent,
} from '../src-core/agents/index.ts'
import { parseDocument } from '../src-core/capture/index.ts'
import { configSchema, idMaker, ManualClock, seededRandom, silentLog, systemClock } from '../src-core/kernel/index.ts'
import type { LanguageEvent, LanguageModel, LanguageRequest, ToolCall } from '../src-core/models/index.ts'
import { createGuardedFetch } from '../src-core/net/index.ts'
import type { Store } from '../src-core/store/index.ts'
import type { OpenVault } from '../src-core/vault/index.ts'
import { ATTACKS, changeable, HARM, REMEMBERED, shown, UNTOUCHED } from './injection-attacks.ts'
import { type ScriptedHttpServer, scriptedHttpServer } from './scripted-mcp/http-server.ts'
import { openTestStore, openTestVault } from './vault-world.ts'

/**
 * Texts that command, on the ways that they really come: results of a search server, a page that is fetched through the guard and read as
 * documents are, and the answer of an MCP server. The model is the worst there is: whatever it reads, in whichever agent, it calls all that
 * could do harm, offered or not, and repeats the attack in its own words.
 */
const USAGE = { inputTokens: 1, outputTokens: 1, costUsd: 0 }
const CONFIG = configSchema.parse({})
/** Enough of an attack to know it by: what is found is cut to a few sentences. */
const KNOWN_BY = 24

class WorstModel implements LanguageModel {
  readonly provider = 'compatible'
  readonly model = 'worst'
  attack = ''
  /** Calls for harm that it made because it had read the attack. */
  tried = 0
  /** Also in the conversation, which has tools that change things. */
  hasSeenInTalk = false

  async *stream({ system, messages, tools = [], toolChoice }: LanguageRequest): AsyncIterable<LanguageEvent> {
    const read = JSON.stringify([system, messages.flatMap(({ text, toolResults = [] }) => [text, ...toolResults])])
    const sees = [this.attack, shown(this.attack), withoutMarks(this.attack)].some((text) =>
      read.includes(JSON.stringify(text.trim().slice(0, KNOWN_BY)).slice(1, -1)),
    )
    const offered = tools.map(({ name }) => name)
    const isTalk = offered.includes('create_note')
    this.hasSeenInTalk ||= sees && isTalk
    const rounds = messages.filter(({ toolResults }) => toolResults).length
    const calls: Omit<ToolCall, 'id'>[] = sees ? [...HARM] : []
    this.tried += calls.length
    // The server that was added is asked, so that its answer is read.
    if (offered.includes('Far__tell')) calls.push({ name: 'Far__tell', input: {} })
    if (toolChoice !== 'none' && calls.length > 0 && rounds === 0) {
      for (const [at, call] of calls.entries())
        yield { type: 'tool-call', call: { id: `${this.tried}-${at}`, ...call } }
    }
    yield { type: 'delta', text: sees ? `Cells divide [1]. ${this.attack}` : 'searxng | en | cells divide' }
    yield {
      type: 'end',
      usage: USAGE,
      model: this.model,
      stopReason: calls.length > 0 && rounds === 0 ? 'tools' : 'end',
    }
  }

  async check(): Promise<void> {}
}

let store: Store
let vault: OpenVault
let vaultClock: ManualClock
let proposer: Proposer
let web: Server
let address: string
let mcpServer: ScriptedHttpServer
let mcp: McpServers
let model: WorstModel

const text = () => `Cells divide by mitosis. ${model.attack} A cell grows before it divides.`
/** Search results lose the marks that engines put into them. */
const withoutMarks = (words: string) => words.replace(/<[^>]*>/g, ' ')
const escaped = (words: string) => words.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;')

beforeAll(async () => {
  store = await openTestStore()
  web = createServer((request, response) => {
    if (request.url?.startsWith('/search')) {
      const results = [{ url: `${address}/cells`, title: `Cells: ${model.attack}`, content: text() }]
      return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ results }))
    }
    const page = `<html><head><title>Cells</title></head><body><article><h1>Cells</h1><p>${escaped(text())}</p></article></body></html>`
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
  })
  await new Promise<void>((ready) => web.listen(0, '127.0.0.1', ready))
  address = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
  mcpServer = await scriptedHttpServer(undefined, text)
  mcp = await openMcp()
})
afterAll(async () => {
  await mcp.close()
  await mcpServer.close()
  web.closeAllConnections()
  web.close()
  await store.close()
})

beforeEach(async () => {
  await proposer?.close()
  ;({ vault, clock: vaultClock } = await openTestVault(store.database))
  await vault.memories.add(REMEMBERED)
  proposer = createProposer({
    ...{ db: store.database, vault, background: vault, clock: vaultClock, log: silentLog },
    languageModel: async () => model,
  })
})
afterAll(() => proposer?.close())

type ServerRow = Awaited<ReturnType<Parameters<typeof createMcpServers>[0]['rows']['all']>>[number]

/** The learner added a server, and accepted its tool. */
async function openMcp(): Promise<McpServers> {
  const rows = new Map<string, ServerRow>()
  const parts: Parameters<typeof createMcpServers>[0] = {
    rows: {
      all: async () => [...rows.values()],
      add: async (row) => void rows.set(row.id, row),
      put: async (row) => void rows.set(row.id, row),
      remove: async (id) => void rows.delete(id),
    },
    secrets: { get: async () => ({}), set: async () => undefined },
    start: () => {
      throw new Error('no program is started here')
    },
    disallow: async () => undefined,
    limits: CONFIG.agents.mcp,
    appVersion: '1.0.0',
    clock: systemClock,
    newId: idMaker(new ManualClock(), seededRandom(1)),
    log: silentLog,
  }
  const servers = createMcpServers(parts)
  const connection = { transport: 'http' as const, url: mcpServer.url, headers: {} }
  const { id } = await servers.add({ name: 'Far', connection })
  const { tools } = await servers.test(id)
  await servers.accept(
    id,
    tools.filter(({ name }) => name === 'tell'),
  )
  return servers
}

/** Turns over real sources. Each has a desk of its own, so that nobody waits for the pause between two questions. */
function openTurns(sources: 'search' | 'page' | 'mcp') {
  const clock = new ManualClock()
  const settings = {
    research: 'on' as const,
    researchWeb: sources === 'search' ? ('searxng' as const) : ('none' as const),
    researchWebUrl: address,
    researchWikipedia: false,
    researchArxiv: false,
    researchAddresses: sources === 'page',
  }
  const desk = createResearchDesk({
    config: CONFIG.agents.research,
    settings: { get: async () => ({ ...(await vault.settings.get()), ...settings }), set: vault.settings.set },
    keys: async () => ({}),
    fetch: createGuardedFetch({ clock: systemClock, isAllowed: (ip) => ip === '127.0.0.1' }),
    readPage: async ({ bytes }, signal) => {
      const source = { bytes, format: 'html' as const, name: 'page' }
      return parseDocument(source, { limits: CONFIG.documents, onProgress: () => undefined, signal })
    },
    cache: {
      get: async () => undefined,
      put: async () => undefined,
      size: async () => ({ bytes: 0, answers: 0 }),
      clear: async () => undefined,
    },
    clock,
    log: silentLog,
  })
  return createTurns({
    vault,
    search: async () => ({ hits: [] }),
    languageModel: async () => model,
    maxOutputTokens: 200,
    deadlines: { conversation: 5_000, analysis: 2_000, research: 8_000, vision: 8_000, synthesis: 3_000 },
    research: desk,
    mcpTools: async () => (sources === 'mcp' ? mcp.tools() : []),
    clock,
    newId: idMaker(clock, seededRandom(3)),
    log: silentLog,
  } as unknown as Parameters<typeof createTurns>[0])
}

const ASKS = {
  search: () => 'Compare in detail how cells divide and how cells grow',
  page: () => `Compare in detail what ${address}/cells says of how cells divide and grow`,
  mcp: () => 'Compare in detail how cells divide and how cells grow',
}

describe('what research brings', { timeout: 120_000 }, () => {
  it.each(['search', 'page', 'mcp'] as const)(
    'reaches no tool that changes anything and no memory, by %s, in that turn and in the next ones',
    async (sources) => {
      for (const attack of ATTACKS) {
        model = new WorstModel()
        model.attack = attack
        const turns = openTurns(sources)
        const events: TurnEvent[] = []
        let sessionId: string | null = null
        for (const said of [ASKS[sources](), 'What do I know about that?', 'Make a note that cells divide.']) {
          vaultClock.advance(1_000)
          for await (const event of turns.send({ sessionId, text: said, source: 'text' })) {
            if (event.type === 'started') sessionId = event.capture.sessionId
            events.push(event)
          }
          await turns.idle()
        }
        expect(
          events.some((event) => event.type === 'addition' && event.sources.length > 0),
          attack,
        ).toBe(true)
        expect(model.tried, attack).toBeGreaterThan(0)
        expect(model.hasSeenInTalk, attack).toBe(false)
        const ran = events.flatMap((event) => (event.type === 'tool' && event.state !== 'failed' ? [event.name] : []))
        expect(ran.filter((name) => name !== 'Far__tell')).toEqual([])
      }
      await proposer.idle()
      expect(await changeable(vault)).toEqual(UNTOUCHED)
    },
  )
})
