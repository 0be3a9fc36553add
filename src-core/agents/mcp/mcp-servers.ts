import { z } from 'zod'
import { type Clock, type Log, LvaError, Mutex, type NewId } from '../../kernel/index.ts'
import type { Tool } from '../tools/tool.ts'
import { lineOf, wordsOf } from './command-line.ts'
import { connect } from './connect.ts'
import { badServer, toolChanged } from './faults.ts'
import { textOf } from './result-text.ts'
import { type ServerLife, serverLife } from './server-life.ts'
import type { ServerRows } from './server-rows.ts'
import { plain } from './tool-facts.ts'
import { toolNames } from './tool-names.ts'
import { toolText } from './tool-text.ts'
import type {
  McpConnection,
  McpConnectionInput,
  McpLimits,
  McpSecrets,
  McpServerRow,
  McpServerView,
  StartServer,
  ToolFacts,
  ToolStanding,
} from './types.ts'

export const MOST_SERVERS = 16
/** Tools of all servers that a model is offered. */
export const MOST_OFFERED = 48
const LONGEST_LAST_WORDS = 500
const QUOTE_LENGTH = 400

export interface McpServersParts {
  rows: ServerRows
  secrets: McpSecrets
  start: StartServer
  /** Takes back that a server may be asked without asking the learner first. */
  disallow(server: Pick<McpTool, 'allowedAs'>): Promise<void>
  limits: McpLimits
  appVersion: string
  clock: Clock
  newId: NewId
  log: Log
}

/** A tool of a server; what goes to it leaves this program for that server. */
export interface McpTool extends Tool {
  /** The learner's name of the server. */
  server: string
  /** As the server calls it. */
  toolName: string
  /** What stands in the list of those who may be asked without asking the learner first. */
  allowedAs: string
  /**
   * Asks the server, and gives its words, uncut.
   * @throws LvaError mcp-…, timeout, cancelled
   */
  ask(input: Record<string, unknown>, signal: AbortSignal): Promise<{ text: string; isError: boolean; at: string }>
}

/** The servers of the Model Context Protocol that the learner added on this device. */
export interface McpServers {
  list(): Promise<McpServerView[]>
  /** @throws LvaError bad-input */
  add(input: { name: string; connection: McpConnectionInput }): Promise<McpServerView>
  /** Where the server is another one now, its tools are accepted no longer, and the learner is asked before it is. @throws LvaError bad-input, not-found */
  edit(
    id: string,
    change: { name?: string | undefined; connection?: McpConnectionInput | undefined },
  ): Promise<McpServerView>
  /** One that is switched off is ended and offers nothing. */
  enable(id: string, enabled: boolean): Promise<McpServerView>
  remove(id: string): Promise<void>
  /** Starts it, also where it failed a moment ago, and asks for its tools; what came of it stands in the view. */
  test(id: string, signal?: AbortSignal): Promise<McpServerView>
  /** Those tools, as they were shown, and no others. @throws LvaError mcp-tool-changed where one has changed meanwhile */
  accept(id: string, tools: readonly { name: string; sha256: string }[]): Promise<McpServerView>
  /** What a model may ask for. Nothing is started for it. */
  tools(): Promise<McpTool[]>
  /** Ends all of them. Resolves when nothing of them runs any more. */
  close(): Promise<void>
}

export function createMcpServers(parts: McpServersParts): McpServers {
  const { rows, secrets, limits, clock, newId, log } = parts
  const lives = new Map<string, { life: ServerLife; lastWords: string }>()
  const changes = new Mutex()
  let isClosed = false

  function lifeOf({ id, name, connection }: McpServerRow): ServerLife {
    if (isClosed) throw new LvaError('cancelled', 'The program is closing.')
    const known = lives.get(id)
    if (known) return known.life
    const life = serverLife({
      name,
      idleMs: limits.idleMs,
      clock,
      connect: async (signal) => {
        const values = await secrets.get(id)
        return connect(
          {
            ...{ name, connection, limits, clock, start: parts.start, appVersion: parts.appVersion },
            secrets: values,
            onLastWords: (words) => {
              const kept = lives.get(id)
              if (kept) kept.lastWords = shownWords(words, Object.values(values))
            },
          },
          signal,
        )
      },
      onChange: () => log.debug({ mcpServer: id, state: lives.get(id)?.life.state }, 'an MCP server changed its state'),
    })
    lives.set(id, { life, lastWords: '' })
    return life
  }

  async function endLife(id: string): Promise<void> {
    const known = lives.get(id)
    lives.delete(id)
    await known?.life.end()
  }

  async function find(id: string): Promise<McpServerRow> {
    const row = (await rows.all()).find((one) => one.id === id)
    if (!row) throw new LvaError('not-found', 'There is no such server.', { params: { id } })
    return row
  }

  async function view(row: McpServerRow): Promise<McpServerView> {
    const { id, name, connection, enabled, accepted } = row
    const known = lives.get(id)
    const kept = await secrets.get(id)
    return {
      ...{ id, name, enabled },
      connection:
        connection.transport === 'stdio'
          ? {
              transport: 'stdio',
              commandLine: lineOf([connection.command, ...connection.arguments]),
              variables: connection.variables,
            }
          : connection,
      state: known?.life.state ?? 'unknown',
      failure: known?.life.failure ?? null,
      lastWords: known?.life.failure ? known.lastWords : '',
      missingSecrets: secretNames(connection).filter((secret) => kept[secret] === undefined),
      tools: standings(accepted, known?.life.tools),
    }
  }

  /** @throws LvaError bad-input */
  async function checkName(name: string, ownId?: string): Promise<string> {
    const shown = plain(name, 40)
    if (shown === '') throw badServer('A server needs a name.', 'name')
    const others = (await rows.all()).filter(({ id }) => id !== ownId)
    if (others.some((other) => other.name.toLowerCase() === shown.toLowerCase())) {
      throw badServer('There is a server of this name.', 'name', 'Give it another name.')
    }
    if (ownId === undefined && others.length >= MOST_SERVERS) {
      throw badServer(
        `There are ${MOST_SERVERS} servers, which is the most.`,
        'name',
        'Remove one that you no longer use.',
      )
    }
    return shown
  }

  function toolOf(row: McpServerRow, facts: ToolFacts, name: string): McpTool {
    const ask: McpTool['ask'] = (input, signal) => call(row.id, facts, input, signal)
    return {
      name,
      server: row.name,
      toolName: facts.name,
      allowedAs: allowedAs(row.id),
      description: toolText(row.name, facts),
      input: z.record(z.string(), z.unknown()),
      parameters: facts.parameters,
      effect: 'leaves',
      ask,
      async run(input, { signal, nextNumber: number }) {
        const about = `${row.name}: ${facts.name}`
        const { text, isError, at } = await ask(input as Record<string, unknown>, signal)
        if (isError) return { text: `The tool failed and said:\n${text}`, isForeign: true, about }
        const source = { number, kind: 'mcp' as const, title: about, url: null, quote: plain(text, QUOTE_LENGTH), at }
        return { text: `[${number}] ${text}`, isForeign: true, about, sources: [source] }
      },
    }
  }

  async function call(id: string, facts: ToolFacts, input: Record<string, unknown>, signal: AbortSignal) {
    const row = await find(id)
    // What was accepted may have been taken back since the turn began.
    if (!row.enabled || !row.accepted.some(({ sha256 }) => sha256 === facts.sha256)) throw toolChanged(row.name)
    const life = lifeOf(row)
    const { line, tools } = await life.ready(signal)
    if (!tools.some(({ name, sha256 }) => name === facts.name && sha256 === facts.sha256)) throw toolChanged(row.name)
    const { parts: said, structured, isError } = await line.call(facts.name, input, signal)
    life.used()
    return { text: textOf(row.name, said, structured), isError, at: new Date(clock.now()).toISOString() }
  }

  return {
    list: async () => Promise.all((await rows.all()).map(view)),
    add: ({ name, connection }) =>
      changes.run(async () => {
        const read = readConnection(connection, {})
        const row = {
          id: newId(),
          name: await checkName(name),
          connection: read.connection,
          accepted: [],
          enabled: true,
        }
        await secrets.set(row.id, read.secrets)
        await rows.add(row)
        return view(row)
      }),
    edit: (id, { name, connection }) =>
      changes.run(async () => {
        const row = await find(id)
        const changed = { ...row, name: name === undefined ? row.name : await checkName(name, id) }
        if (connection) {
          const read = readConnection(connection, await secrets.get(id))
          if (whatItIs(read.connection) !== whatItIs(row.connection)) {
            changed.accepted = []
            await parts.disallow({ allowedAs: allowedAs(id) })
          }
          changed.connection = read.connection
          await secrets.set(id, read.secrets)
        }
        await rows.put(changed)
        await endLife(id)
        return view(changed)
      }),
    enable: (id, enabled) =>
      changes.run(async () => {
        const row = { ...(await find(id)), enabled }
        await rows.put(row)
        if (!enabled) await endLife(id)
        return view(row)
      }),
    remove: (id) =>
      changes.run(async () => {
        await find(id)
        await parts.disallow({ allowedAs: allowedAs(id) })
        await rows.remove(id)
        await endLife(id)
        await secrets.set(id, {})
      }),
    async test(id, signal = new AbortController().signal) {
      const row = await find(id)
      try {
        await lifeOf(row).ready(signal, true)
      } catch (error) {
        // Why it failed stands in the view.
        if (signal.aborted) throw error
      }
      return view(await find(id))
    },
    accept: (id, tools) =>
      changes.run(async () => {
        const row = await find(id)
        const shown = standings(row.accepted, lives.get(id)?.life.tools)
        const accepted = tools.map(({ name, sha256 }) => {
          const found = shown.find((tool) => tool.name === name && tool.sha256 === sha256)
          if (!found) throw toolChanged(row.name)
          const { standing: _, ...facts } = found
          return facts
        })
        const changed = { ...row, accepted }
        await rows.put(changed)
        return view(changed)
      }),
    async tools() {
      const offered = (await rows.all())
        .filter(({ enabled }) => enabled)
        .flatMap((row) => row.accepted.map((facts) => ({ row, facts })))
        .slice(0, MOST_OFFERED)
      const names = toolNames(offered.map(({ row, facts }) => ({ server: row.name, tool: facts.name })))
      return offered.map(({ row, facts }, at) => toolOf(row, facts, names[at] as string))
    },
    async close() {
      isClosed = true
      await Promise.all([...lives.keys()].map(endLife))
    },
  }
}

/** How tools stand: what was accepted against what the server has, as far as it was asked. */
function standings(accepted: readonly ToolFacts[], told: readonly ToolFacts[] | undefined): McpServerView['tools'] {
  if (!told) return accepted.map((facts) => ({ ...facts, standing: 'accepted' as const }))
  const standingOf = ({ name, sha256 }: ToolFacts): ToolStanding => {
    const before = accepted.find((one) => one.name === name)
    if (!before) return 'new'
    return before.sha256 === sha256 ? 'accepted' : 'changed'
  }
  const gone = accepted.filter(({ name }) => !told.some((tool) => tool.name === name))
  return [
    ...told.map((facts) => ({ ...facts, standing: standingOf(facts) })),
    ...gone.map((facts) => ({ ...facts, standing: 'gone' as const })),
  ]
}

const allowedAs = (id: string) => `mcp:${id}`

const secretNames = (connection: McpConnection) =>
  connection.transport === 'stdio' ? connection.variables : connection.headers

/** What decides which program or server answers; another key does not make it another one. */
const whatItIs = (connection: McpConnection) =>
  JSON.stringify(
    connection.transport === 'stdio' ? [connection.command, ...connection.arguments] : new URL(connection.url).href,
  )

/**
 * @param kept values of secrets so far; null in the input takes them over
 * @throws LvaError bad-input
 */
function readConnection(
  input: McpConnectionInput,
  kept: Record<string, string>,
): { connection: McpConnection; secrets: Record<string, string> } {
  const given = input.transport === 'stdio' ? input.variables : input.headers
  const pattern = input.transport === 'stdio' ? /^[A-Za-z_][A-Za-z0-9_]*$/ : /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/
  const values: Record<string, string> = {}
  for (const [name, value] of Object.entries(given)) {
    if (!pattern.test(name)) throw badServer(`"${plain(name, 40)}" is no name that can be used here.`, 'secrets')
    const taken = value ?? kept[name]
    if (taken === undefined) throw badServer(`"${name}" needs a value.`, 'secrets')
    if (/[\r\n\0]/.test(taken)) throw badServer(`The value of "${name}" holds a line break.`, 'secrets')
    values[name] = taken
  }
  const names = Object.keys(values)
  if (input.transport === 'stdio') {
    const words = wordsOf(input.commandLine)
    if (!words) throw badServer('A quotation mark of the command is not closed.', 'commandLine')
    const [command, ...rest] = words
    if (!command) throw badServer('A server needs a command.', 'commandLine', 'For example: npx -y some-mcp-server')
    return { connection: { transport: 'stdio', command, arguments: rest, variables: names }, secrets: values }
  }
  const url = URL.canParse(input.url) ? new URL(input.url) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw badServer('This is no http or https address.', 'url')
  if (url.username !== '' || url.password !== '') {
    throw badServer('An address with a name and password would be shown.', 'url', 'Put the key into a header.')
  }
  return { connection: { transport: 'http', url: url.href, headers: names }, secrets: values }
}

/** @param values secrets that the program was given, which it may have repeated */
function shownWords(words: string, values: readonly string[]): string {
  const hidden = values
    .filter((value) => value.length > 3)
    .reduce((text, value) => text.replaceAll(value, '[hidden]'), words)
  return plain(hidden.slice(-LONGEST_LAST_WORDS), LONGEST_LAST_WORDS)
}
