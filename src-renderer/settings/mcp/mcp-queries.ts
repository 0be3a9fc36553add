import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Client, McpServer } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { keys } from '../../backend/queries.ts'

export function useMcpServers() {
  const client = useClient()
  return useQuery({
    queryKey: keys.mcp,
    queryFn: async ({ signal }) => (await client.mcp.list(undefined, { signal })).servers,
  })
}

/** Does something to the servers; the list is read again, whatever came of it. */
export function useMcpWork<Input>(
  work: (client: Client, input: Input) => Promise<McpServer | undefined>,
  onSuccess?: (server: McpServer | undefined) => void,
) {
  const client = useClient()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => work(client, input),
    onSuccess(server) {
      onSuccess?.(server)
    },
    onSettled: () => cache.invalidateQueries({ queryKey: keys.mcp }),
  })
}
