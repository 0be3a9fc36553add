import type { McpConnectionInput, McpServer, McpTool } from '../../src-core/contract/index.ts'

const object = (...names: string[]) => ({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'string' }])),
})
const tool = (name: string, description: string, standing: McpTool['standing'], parameters = object('query')) => ({
  ...{ name, description, standing, parameters },
  sha256: standing.padEnd(64, '0'),
})

/** MCP servers, imitated: every address answers, and every command but one that begins with `broken`. */
export function imitateMcp(isEmpty: boolean, fail: (code: string) => never, wait: (ms: number) => Promise<unknown>) {
  const resting = { state: 'unknown' as const, failure: null, lastWords: '', missingSecrets: [], tools: [] }
  const servers: McpServer[] = isEmpty
    ? []
    : [
        {
          ...resting,
          id: 'm1',
          name: 'Zotero',
          connection: {
            transport: 'stdio',
            commandLine: 'npx -y zotero-mcp --library mine',
            variables: ['ZOTERO_KEY'],
          },
          enabled: true,
          state: 'running',
          tools: [
            tool(
              'search_items',
              'Searches the library for papers, books and notes by words of title, author or tag.',
              'accepted',
            ),
            tool('item_notes', 'Gives the notes and annotations of one item.', 'changed', object('itemKey')),
            tool('add_item', 'Adds an item to the library from a DOI or an ISBN.', 'new', object('identifier')),
          ],
        },
        {
          ...resting,
          id: 'm2',
          name: 'Course pages',
          connection: { transport: 'http', url: 'https://learn.example.edu/mcp', headers: ['authorization'] },
          enabled: true,
          state: 'failed',
          failure: {
            code: 'mcp-key-refused',
            message: 'The server "Course pages" refused the key that it was given.',
            advice: 'Check the headers of the server in Settings.',
            params: { server: 'Course pages' },
          },
        },
        {
          ...resting,
          id: 'm3',
          name: 'Files',
          connection: {
            transport: 'stdio',
            commandLine: 'npx -y @modelcontextprotocol/server-filesystem /home/ada/Papers',
            variables: [],
          },
          enabled: false,
        },
      ]
  let made = servers.length
  const find = (id: string) => servers.find((server) => server.id === id) ?? fail('not-found')
  const change = (id: string, more: Partial<McpServer>) => Object.assign(find(id), more)
  const read = (input: McpConnectionInput): McpServer['connection'] =>
    input.transport === 'stdio'
      ? { ...input, variables: Object.keys(input.variables) }
      : { ...input, headers: Object.keys(input.headers) }
  return {
    list: () => ({ servers: structuredClone(servers) }),
    add({ name, connection }: { name: string; connection: McpConnectionInput }) {
      made += 1
      const server: McpServer = { ...resting, id: `m${made}`, name, connection: read(connection), enabled: true }
      servers.push(server)
      return structuredClone(server)
    },
    edit: (
      id: string,
      { name, connection }: { name?: string | undefined; connection?: McpConnectionInput | undefined },
    ) =>
      structuredClone(
        change(id, { ...(name && { name }), ...(connection && { connection: read(connection), ...resting }) }),
      ),
    enable: (id: string, enabled: boolean) =>
      structuredClone(change(id, { enabled, state: enabled ? 'unknown' : 'ended' })),
    remove(id: string) {
      servers.splice(servers.indexOf(find(id)), 1)
    },
    async test(id: string) {
      const { connection, tools, name } = find(id)
      await wait(600)
      if (connection.transport === 'stdio' && connection.commandLine.startsWith('broken')) {
        const failure = { code: 'mcp-not-started' as const, message: '', advice: '', params: { server: name } }
        return structuredClone(change(id, { state: 'failed', failure, lastWords: 'Error: Cannot find module broken' }))
      }
      const told = tools.length > 0 ? tools : [tool('look_up', 'Looks up a word.', 'new', object('word'))]
      return structuredClone(change(id, { state: 'running', failure: null, lastWords: '', tools: told }))
    },
    accept(id: string, chosen: readonly { name: string }[]) {
      const tools = find(id).tools.map((one) => ({
        ...one,
        standing: chosen.some(({ name }) => name === one.name) ? ('accepted' as const) : ('new' as const),
      }))
      return structuredClone(change(id, { tools }))
    },
  }
}
