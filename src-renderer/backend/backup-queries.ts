import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { BackupSettings } from '../../src-core/contract/index.ts'
import { useClient } from './backend.tsx'
import { keys } from './queries.ts'

/** How often work that somebody else began is looked at, in milliseconds. */
const LOOK_AGAIN_MS = 1_000

export function useBackupStatus() {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.backups, 'status'],
    queryFn: ({ signal }) => client.backup.status(undefined, { signal }),
    refetchInterval: ({ state }) => (state.data?.running ? LOOK_AGAIN_MS : false),
  })
}

export function useBackupList(isSetUp: boolean) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.backups, 'list'],
    queryFn: async ({ signal }) => (await client.backup.list(undefined, { signal })).backups,
    enabled: isSetUp,
  })
}

/** What the present data holds, while there is something to compare it with. */
export function usePresentContent(isWanted: boolean) {
  const client = useClient()
  return useQuery({
    queryKey: [...keys.backups, 'present'],
    queryFn: ({ signal }) => client.backup.present(undefined, { signal }),
    enabled: isWanted,
  })
}

export function useConfigureBackups(onDone?: () => void) {
  const client = useClient()
  const cache = useQueryClient()
  return useMutation({
    mutationFn: (settings: BackupSettings) => client.backup.configure(settings),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: keys.backups })
      onDone?.()
    },
  })
}

/** A phrase that is made for backups. */
export function useBackupPhrase() {
  const client = useClient()
  return {
    begin: () => client.backup.begin(),
    confirm: (words: string[]) => client.backup.confirm({ words }),
    changes: keys.backups,
  }
}
