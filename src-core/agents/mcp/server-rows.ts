import type { Database, Row } from '../../store/index.ts'
import type { McpConnection, McpServerRow, ToolFacts } from './types.ts'

/** The table `mcp_servers` of one vault. */
export interface ServerRows {
  /** The oldest first. */
  all(): Promise<McpServerRow[]>
  add(row: McpServerRow): Promise<void>
  put(row: McpServerRow): Promise<void>
  remove(id: string): Promise<void>
}

interface Kept extends Row {
  id: string
  name: string
  connection: McpConnection & { accepted?: ToolFacts[] }
  enabled: boolean
}

export function serverRows(database: Database, vaultId: string, now: () => number): ServerRows {
  const connectionOf = ({ connection, accepted }: McpServerRow) => JSON.stringify({ ...connection, accepted })
  return {
    async all() {
      const rows = await database.query<Kept>(
        'select id, name, connection, enabled from mcp_servers where vault_id = $1 order by created_at, id',
        [vaultId],
      )
      return rows.map(({ id, name, connection: { accepted = [], ...connection }, enabled }) => ({
        id,
        name,
        connection: connection as McpConnection,
        accepted,
        enabled,
      }))
    },
    async add(row) {
      await database.query(
        `insert into mcp_servers (vault_id, id, name, connection, enabled, created_at) values ($1, $2, $3, $4, $5, $6)`,
        [vaultId, row.id, row.name, connectionOf(row), row.enabled, new Date(now())],
      )
    },
    async put(row) {
      await database.query(
        'update mcp_servers set name = $3, connection = $4, enabled = $5 where vault_id = $1 and id = $2',
        [vaultId, row.id, row.name, connectionOf(row), row.enabled],
      )
    },
    async remove(id) {
      await database.query('delete from mcp_servers where vault_id = $1 and id = $2', [vaultId, id])
    },
  }
}
