import { createMcpServers, type McpServers, type ResearchDesk, serverRows } from '../../src-core/agents/index.ts'
import type { NewId } from '../../src-core/kernel/index.ts'
import type { Store } from '../../src-core/store/index.ts'
import { createStartServer } from '../mcp/start-server.ts'
import { appVersion } from '../version.ts'
import type { CoreOptions } from './core.ts'
import type { KeptSecrets } from './kept-secrets.ts'

interface McpRest {
  store: Store
  vaultId: string
  secrets: KeptSecrets
  research: Pick<ResearchDesk, 'disallow'>
  newId: NewId
}

/** MCP servers over the table, the keychain and real programs. */
export function composeMcp(
  { clock, log, surroundings }: CoreOptions,
  { store, vaultId, secrets, research, newId }: McpRest,
): McpServers {
  const keptAs = (serverId: string) => `mcp:${serverId}`
  return createMcpServers({
    rows: serverRows(store.database, vaultId, () => clock.now()),
    secrets: {
      async get(serverId) {
        const kept = (await secrets.get())[keptAs(serverId)]
        return kept === undefined ? {} : (JSON.parse(kept) as Record<string, string>)
      },
      set: (serverId, values) =>
        secrets.change({ [keptAs(serverId)]: Object.keys(values).length === 0 ? null : JSON.stringify(values) }),
    },
    start: createStartServer(clock),
    disallow: research.disallow,
    limits: surroundings.config.agents.mcp,
    appVersion: appVersion(),
    clock,
    newId,
    log,
  })
}
