import type { McpServerView } from '../../agents/index.ts'
import { errorToWire } from '../../kernel/index.ts'
import type { McpServer } from '../shapes.ts'
import { procedures } from './procedures.ts'
import type { Services } from './services.ts'

/** Servers of the Model Context Protocol that the learner adds. */
export function mcpProcedures({ mcp: servers }: Services) {
  const { mcp } = procedures
  return {
    mcp: {
      list: mcp.list.handler(async () => ({ servers: (await servers.list()).map(shown) })),
      add: mcp.add.handler(async ({ input }) => shown(await servers.add(input))),
      edit: mcp.edit.handler(async ({ input: { id, ...change } }) => shown(await servers.edit(id, change))),
      enable: mcp.enable.handler(async ({ input }) => shown(await servers.enable(input.id, input.enabled))),
      remove: mcp.remove.handler(({ input }) => servers.remove(input.id)),
      test: mcp.test.handler(async ({ input, signal }) => shown(await servers.test(input.id, signal))),
      accept: mcp.accept.handler(async ({ input }) => shown(await servers.accept(input.id, input.tools))),
    },
  }
}

function shown(server: McpServerView): McpServer {
  return { ...server, failure: server.failure && errorToWire(server.failure) }
}
