import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Client } from '../../../src-core/contract/index.ts'
import { useClient } from '../../backend/backend.tsx'
import { keys } from '../../backend/queries.ts'

export function useSyncStatus() {
  const client = useClient()
  return useQuery({
    queryKey: keys.syncStatus,
    queryFn: ({ signal }) => client.sync.status(undefined, { signal }),
  })
}

export function useAttachmentStatus() {
  const client = useClient()
  return useQuery({
    queryKey: keys.syncFiles,
    queryFn: ({ signal }) => client.attachments.status(undefined, { signal }),
  })
}

export function useSyncDevices() {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.sync, 'devices'],
    queryFn: async ({ signal }) => (await client.sync.devices(undefined, { signal })).devices,
  })
}

/** Asked for with the status: its count has changed then. */
export function useSyncConflicts() {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.syncStatus, 'conflicts'],
    queryFn: async ({ signal }) => (await client.sync.conflicts(undefined, { signal })).conflicts,
  })
}

/** Does something about sync; what stands on the screen is read again, whatever came of it. */
export function useSyncWork<Input = void>(work: (client: Client, input: Input) => Promise<unknown>) {
  const client = useClient()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => work(client, input),
    onSettled: () => cache.invalidateQueries({ queryKey: keys.sync }),
  })
}
