import type { Client, McpServer } from '../../../src-core/contract/index.ts'
import { LvaError } from '../../../src-core/kernel/index.ts'
import { type CommandContext, usageError } from '../command.ts'
import { openQuestions } from '../read-phrase.ts'
import { harmless } from '../terminal.ts'

/** MCP servers on the command line (docs/agents.md §8). */

export interface McpAddOptions {
  url?: string
  variable?: string[]
  header?: string[]
}

export interface McpTestOptions {
  accept?: boolean | string[]
}

export async function listMcp({ client: open, terminal, json }: CommandContext): Promise<void> {
  const { servers } = await (await open()).mcp.list()
  if (json) return terminal.json({ servers })
  if (servers.length === 0)
    terminal.remark('There are no MCP servers. For example: lva mcp add NAME -- npx -y some-mcp-server')
  for (const server of servers) show(server, terminal)
}

/** Values of variables and headers are asked for, or come from standard input, a line each: on a command line everybody could read them. */
export async function addMcp(
  { client: open, terminal, json }: CommandContext,
  name: string,
  words: string[],
  { url, variable = [], header = [] }: McpAddOptions,
): Promise<void> {
  if ((url === undefined) === (words.length === 0)) throw usageError('Either --url or a command after --.')
  if (url === undefined && header.length > 0) throw usageError('A command has variables, and no headers.')
  if (url !== undefined && variable.length > 0) throw usageError('An address has headers, and no variables.')
  const values = await askValues([...variable, ...header])
  const client = await open()
  const server = await client.mcp.add({
    name,
    connection:
      url === undefined
        ? { transport: 'stdio', commandLine: words.map(quoted).join(' '), variables: values }
        : { transport: 'http', url, headers: values },
  })
  if (json) return terminal.json(server)
  terminal.line(`Added ${server.name}. See its tools with: lva mcp test "${server.name}"`)
}

/** Starts a server and shows what it offers; with `--accept`, research may use those tools, and no others. */
export async function testMcp(
  { client: open, terminal, json, signal }: CommandContext,
  which: string,
  { accept }: McpTestOptions,
): Promise<number> {
  const client = await open()
  const { id } = await find(client, which)
  let server = await client.mcp.test({ id }, { signal })
  if (server.failure === null && accept !== undefined) {
    const there = server.tools.filter(({ standing }) => standing !== 'gone')
    const chosen = Array.isArray(accept) ? there.filter((tool) => accept.includes(tool.name)) : there
    const missing = Array.isArray(accept) && accept.find((name) => !there.some((tool) => tool.name === name))
    if (missing) throw usageError(`${server.name} has no tool ${missing}.`)
    server = await client.mcp.accept({ id, tools: chosen })
  }
  if (json) terminal.json(server)
  else show(server, terminal)
  return server.failure === null ? 0 : 1
}

export async function removeMcp({ client: open, terminal, json }: CommandContext, which: string): Promise<void> {
  const client = await open()
  const { id, name } = await find(client, which)
  await client.mcp.remove({ id })
  if (json) return terminal.json({ removed: id })
  terminal.line(`Removed ${name}.`)
}

async function find(client: Client, which: string): Promise<McpServer> {
  const { servers } = await client.mcp.list()
  const found = servers.find(({ id, name }) => id === which || name.toLowerCase() === which.toLowerCase())
  if (found) return found
  throw new LvaError('not-found', 'There is no such server.', { advice: 'See "lva mcp list".', params: { id: which } })
}

function show(server: McpServer, terminal: CommandContext['terminal']): void {
  const { name, connection, enabled, state, failure, lastWords, missingSecrets, tools } = server
  const where = connection.transport === 'stdio' ? connection.commandLine : connection.url
  terminal.line(`${terminal.strong(harmless(name))}  ${enabled ? state : 'off'}  ${harmless(where)}`)
  if (failure) terminal.line(`  ${failure.message} ${failure.advice}`)
  if (lastWords !== '') terminal.line(`  It said last: ${harmless(lastWords)}`)
  if (missingSecrets.length > 0) terminal.line(`  This device has no value of: ${missingSecrets.join(', ')}`)
  for (const tool of tools) terminal.line(`  ${tool.standing.padEnd(8)}  ${tool.name}  ${harmless(tool.description)}`)
}

async function askValues(names: readonly string[]): Promise<Record<string, string>> {
  if (names.length === 0) return {}
  const questions = openQuestions()
  try {
    const values: Record<string, string> = {}
    for (const name of names) values[name] = await questions.ask(`${name}: `)
    return values
  } finally {
    questions.close()
  }
}

/** One word of a command line, in the quotation marks that the core reads. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'"'"'`)}'`
}
